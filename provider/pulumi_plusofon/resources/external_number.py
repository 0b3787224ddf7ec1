"""`ExternalNumber`: a phone number of another operator, connected to the account.

Says what the number is to be; the provider (`hosts.dynamic`) does it. The vendor's document is the
group "external numbers" of https://restapi.plusofon.ru, version of 2025-05-21.
"""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from pulumi_plusofon.hosts.dynamic import ExternalNumberProvider
from pulumi_plusofon.schema.fields import NumberType

from . import arguments
from .inputs import former_token, note_digits, with_plus


class ExternalNumber(Resource, module="plusofon", name="ExternalNumber"):
    """A phone number of another operator whose incoming calls arrive in the account.

    | step | API calls |
    |---|---|
    | create | `GET …/external`, `PUT …/external/{type}`, `GET …/external` (listings are shared) |
    | create with `adopt` | `GET`, `PATCH …/external/{type}/{id}`, `GET` |
    | update | `PATCH …/external/{type}/{id}`, all fields, and a shared listing before and after |
    | read | one listing for the whole refresh |
    | delete | `DELETE …/external/{type}/{id}`, and a shared listing before and after |
    | wait | `GET …/external/status` |

    The resource's `id` is the API's id as text ("101"), or `number:<digits>` where the API's list
    gives none. Another `type` or `number` replaces the resource, the old one deleted first, unless
    `opts` says otherwise.
    """

    type: pulumi.Output[str]
    """`ate` (registration at the operator's SIP server) or `sipuri` (calls to a dedicated address)."""
    number: pulumi.Output[str]
    """The phone number's E.164 digits."""
    host: pulumi.Output[str]
    """The operator's SIP server; of several, one comma-separated text."""
    port: pulumi.Output[int | None]
    """The SIP server's port; `ate` only."""
    login: pulumi.Output[str | None]
    """The SIP login; `ate` only."""
    secret: pulumi.Output[str | None]
    """The SIP password, always a secret; `ate` only. The API never returns it: this is what was set."""
    keep_secret: pulumi.Output[bool | None]
    """True where the password is not known here and stays as it is."""
    adopt: pulumi.Output[bool | None]
    """Whether a number that is connected already is taken over."""
    wait_for_registration: pulumi.Output[float | None]
    """Seconds for which a create or update waits for the login to register."""
    number_id: pulumi.Output[int | None]
    """The API's id, None where its list gives none."""
    source: pulumi.Output[str | None]
    """The SIP account (`ate`) or SIP servers (`sipuri`), as listed; a secret if one of them is unknown."""
    inbound_uri: pulumi.Output[str | None]
    """The address that the operator must send calls to; `sipuri` only."""
    customer_id: pulumi.Output[int | None]
    """The id of the account itself."""

    @property
    def e164(self) -> pulumi.Output[str]:
        """The number with its plus, to be given on, also to another stack: every argument takes it again."""
        return self.number.apply(with_plus)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type's token for every subclass: policies and states know a resource by it."""
        super().__init_subclass__(module="plusofon", name="ExternalNumber", **kwargs)

    def __init__(
        self,
        resource_name: str,
        *,
        type: pulumi.Input[NumberType],  # noqa: A002 - the API's own name
        number: pulumi.Input[str | int],
        host: pulumi.Input[str | Sequence[pulumi.Input[str]]],
        port: pulumi.Input[int] | None = None,
        login: pulumi.Input[str | int] | None = None,
        secret: pulumi.Input[str] | None = None,
        keep_secret: pulumi.Input[bool] = False,
        adopt: pulumi.Input[bool] = False,
        wait_for_registration: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare an external number.

        `type` is `"ate"` or `"sipuri"`. `number` is in international form, with its plus as people write
        it (`"+7 (910) 444-55-66"`, `"+44 (0)20 7946 0103"`); without one, as text or integer, it is the
        E.164 digits alone, and what could also be a national form is refused. `host` is the operator's
        SIP server, for `sipuri` also several: a list, or one comma-separated text. `port` (default 5060),
        `login` and `secret` are for `ate` only, the last two required there. `keep_secret=True`, in place
        of `secret`, says that the password is not known here and stays as it is: such a number can be
        recorded, read, forwarded and deleted, but not connected or changed.
        `adopt` takes over a number of the same type that the account has already, with one PATCH to
        these inputs, instead of failing. `wait_for_registration` waits so many seconds (at most
        3600) after a create or update until the login is registered (`ate` only): a create that
        times out warns and waits again in the next `up`; an update that times out fails.

        Raises `InputError` with one line per problem, before anything is sent.
        """
        given = {
            "type": type,
            "number": number,
            "host": host,
            "port": port,
            "login": login,
            "secret": secret,
            "adopt": adopt,
            "wait_for_registration": wait_for_registration,
            "keep_secret": keep_secret,
        }
        props, opts, declaration = arguments.external_number(resource_name, given, opts)
        opts = pulumi.ResourceOptions.merge(former_token(self, ExternalNumber), opts)
        super().__init__(ExternalNumberProvider(), resource_name, props, opts)
        declaration.settle(self, opts)
        note_digits(self.number)
