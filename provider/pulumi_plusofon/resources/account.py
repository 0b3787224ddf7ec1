"""`Account`: an account beside the stack's own, for resources that are to live there.

It is the engine's explicit provider with a name and types: the engine runs a provider process of its own
for it, and keeps its settings in the state, the token encrypted. Which account a resource belongs to is
decided by the account's own id, in the list and in the state, and by no name. Sends nothing by itself.
"""

from typing import Any, Final

import pulumi

from pulumi_plusofon.hosts.placement import MARK
from pulumi_plusofon.runtime import NAMESPACE, ConfigurationError, PlusofonError, Settings
from pulumi_plusofon.runtime.setting_values import ANY_CUSTOMER
from pulumi_plusofon.runtime.settings import text_of

from . import stack_config
from .inputs import InputError

_PACKAGE: Final = "pulumi-python"
# The token may be an Output; whether it can be sent is checked where it is known.
_NOT_KNOWN_YET: Final = "unknown"


class Account(pulumi.ProviderResource):
    """An account beside the stack's own: give it to resources as `ResourceOptions(provider=...)`.

    A `NumberForwarding` follows its number's account by itself. A changed token, or any other setting, is
    an update of the account alone; a resource that gets another account is replaced: taken away in the
    old one, and made in the new one.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        token: pulumi.Input[str],
        customer_id: int | None = None,
        client_id: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        requests_per_second: float | None = None,
        read_only: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare an account.

        `token` is kept as a secret. `customer_id` is the account's own id: given, a token of another
        account is refused before anything is changed, and no request is needed to find out whose it is.
        `read_only` True sends nothing but GETs. Arguments that are not given are as the stack's configuration
        (`plusofon:baseUrl` and so on) or the environment has them.

        Raises `InputError` with one line per problem, before anything is sent.
        """
        given: dict[str, Any] = {
            "clientId": client_id,
            "baseUrl": base_url,
            "timeout": timeout,
            "maxRetries": max_retries,
            "requestsPerSecond": requests_per_second,
            "readOnly": None if read_only is None else str(read_only).lower(),
            "adopt": None,
        }
        keyed = {f"{NAMESPACE}:{key}": value for key, value in given.items()}
        values = {key: stack_value(key) if value is None else value for key, value in keyed.items()}
        # Never the stack's: this is another account. The provider would ask its environment next.
        if customer_id is None and text_of("customerId", lambda _key: None) is not None:
            values[f"{NAMESPACE}:customerId"] = ANY_CUSTOMER
        else:
            values[f"{NAMESPACE}:customerId"] = customer_id
        settings = {key: str(value) for key, value in values.items() if value is not None}
        known = token if isinstance(token, str) else _NOT_KNOWN_YET
        try:
            Settings.load({**settings, f"{NAMESPACE}:token": known}.get, {}, stack_config.keys())
        except ConfigurationError as error:
            lines = [f"Account {resource_name}: {line}" for line in str(error).splitlines()]
            raise InputError("\n".join(lines)) from None
        # A lookup asks while the program runs, so it needs a token that is known by then.
        self._lookup_values = {**settings, f"{NAMESPACE}:token": token} if isinstance(token, str) else None
        props = {**settings, MARK: "true", f"{NAMESPACE}:token": pulumi.Output.secret(token)}
        super().__init__(_PACKAGE, resource_name, props, opts)


def lookup_settings(account: Account | None) -> Settings:
    """The settings with which a program asks `account`, or the stack's own for None.

    Raises `ConfigurationError`, also where the account's token is not known yet.
    """
    if account is None:
        return Settings.load(stack_value, keys=stack_config.keys())
    values = account._lookup_values  # noqa: SLF001 - the class keeps it for this function
    if values is None:
        raise ConfigurationError(
            "account: its token is an Output, and a lookup needs it while the program runs: give Account the"
            " token as text, which it keeps as a secret"
        )
    return Settings.load(values.get, {})


def stack_value(key: str) -> str | None:
    """What the stack's own configuration has for `key` ("plusofon:baseUrl")."""
    return pulumi.Config(NAMESPACE).get(key.removeprefix(f"{NAMESPACE}:"))


def account_of(resource: pulumi.Resource | None) -> pulumi.ProviderResource | None:
    """The account that `resource` hands on to those that belong to it, None for the stack's own."""
    return None if resource is None else resource.get_provider(f"{_PACKAGE}:dynamic:Resource")


def account_keys(provider: pulumi.ProviderResource | None) -> list[Any]:
    """What all that opens one account has in common: its own id where that is given, its token and address.

    Two resources of `Account`, or one and the stack's own settings, may open the same account.
    """
    keys: list[Any] = [provider]
    if provider is None or isinstance(provider, Account):
        try:
            settings = lookup_settings(provider)
        except PlusofonError:
            # The provider says what is wrong with them; a token may not be known yet.
            return keys
        # What an account's provider is not given it takes from its environment, as this process's own.
        value = stack_value if provider is None else (provider._lookup_values or {}).get  # noqa: SLF001 - as above
        address = text_of("baseUrl", value) or settings.base_url
        keys.append((address.rstrip("/"), settings.token, settings.client_id))
        if settings.customer_id is not None:
            keys.append((address.rstrip("/"), settings.customer_id))
    return keys


def same_account(resource: pulumi.Resource, opts: pulumi.ResourceOptions | None) -> bool:
    """Whether `opts` leave it to `resource` which account they are for, or name the same."""
    if opts is None:
        return True
    theirs = account_of(resource)
    if opts.provider is not None:
        return opts.provider is theirs
    # A parent's account would be handed on to a resource that has none of its own to follow.
    return theirs is not None or account_of(opts.parent) is None
