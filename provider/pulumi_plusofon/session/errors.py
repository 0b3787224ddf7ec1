"""Errors of the account as a whole, beyond one request.

The texts are for the person; they name the number and never a password. The advice stands apart.

PlusofonError
└── AccountError
    ├── AlreadyConnectedError    the number is there, and the resource does not adopt it
    ├── ContradictedError        the list shows other than what is to be taken over
    ├── NotInAccountError        the number is to be recorded, and the account does not have it
    ├── NoSecretError            the password is not known here, and the request needs it
    ├── DeclaredTwiceError       two resources of this run want the same thing
    ├── AmbiguousNumberError     the list has the number more than once
    ├── UnreadableEntryError     the list has what may be the number, or the target, and cannot be read
    ├── NotListedError           connected or not, the list did not show its id
    ├── UnverifiedError          success was answered, and the list does not show it
    ├── NotRegisteredError       set as declared, but its login did not register in time
    ├── NoSuchTargetError        no group, queue, scenario or SIP account of this name, or several
    ├── OtherNumberError         a program's id is another number's
    ├── GoneError                the id in the state is no longer this number's
    ├── NoIdError                the API's list gives no id, and this needs one
    └── WrongAccountError        the token belongs to another account than the settings, or the state, say
"""

from pulumi_plusofon.runtime import PlusofonError


class AccountError(PlusofonError):
    """The account's state forbids the operation.

    `reason` says what happened, and to which number; `advice` what to type next in a run of Pulumi, "" where
    the reason says it. A command that is no such run shows the reason alone.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason, advice)
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.reason}: {self.advice}" if self.advice else self.reason


class AlreadyConnectedError(AccountError):
    """The number is connected already, and the resource does not adopt it. Nothing was sent."""


class ContradictedError(AccountError):
    """The account's list shows other than what the program declares of a number that it takes over."""


class NotInAccountError(AccountError):
    """The number is to be recorded as it is, and the account does not have it."""


class NoSecretError(AccountError):
    """The number is declared with `keep_secret`, and the request needs its password."""


class DeclaredTwiceError(AccountError):
    """Two resources of one run declare the same number or forwarding."""


class AmbiguousNumberError(AccountError):
    """The list has the number more than once, so there is no telling which one is meant."""


class UnreadableEntryError(AccountError):
    """The list has an entry that is or may be what is looked for, and that cannot be read: not gone."""


class NotListedError(AccountError):
    """A PUT was, or may have been, done, and the list does not show the number; it is not in the state."""


class UnverifiedError(AccountError):
    """The API answered success to a change or a deletion, and the account's list shows otherwise."""


class NotRegisteredError(AccountError):
    """The number is set as declared, but its login did not register in time."""


class NoSuchTargetError(AccountError):
    """A target is named that the account does not have, or has twice. The text has the candidates."""


class OtherNumberError(AccountError):
    """A program reads a number by an id that the account's list gives to another one, or to none."""


class NoIdError(AccountError):
    """The API's list gives this number no id, and the operation cannot be named without one."""


class GoneError(AccountError):
    """The id in the state is no longer this number's: removed or changed behind Pulumi's back."""


class WrongAccountError(AccountError):
    """The list is another account's than the one of the settings: another environment's token, or URL."""
