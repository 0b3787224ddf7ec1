"""The root of the errors that a person reads, and the errors of settings.

PlusofonError
├── ConfigurationError            the settings are unusable; nothing was sent
├── ApiError                      a request failed: see `api.errors`
└── AccountError                  the account's state forbids it: see `session.errors`
"""

from __future__ import annotations

from typing import Any


class PlusofonError(Exception):
    """The root of everything this package raises for a person to read."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by attributes, so that an error survives the way from one process to another."""
        return _restore, (type(self), self.args, self.__dict__.copy())


class ConfigurationError(PlusofonError):
    """The settings are unusable, and nothing was sent. The text has one line per problem."""


def _restore(cls: type[PlusofonError], args: tuple[Any, ...], attributes: dict[str, Any]) -> PlusofonError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(attributes)
    return error
