"""`NumberForwarding`: where the calls to an external number go.

Says what the forwarding is to be; the provider (`hosts.dynamic`) does it. The vendor's document is the
group "external numbers" of https://restapi.plusofon.ru, version of 2025-05-21.
"""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from pulumi_plusofon.hosts.dynamic import NumberForwardingProvider
from pulumi_plusofon.schema.fields import Choice, NumberType
from pulumi_plusofon.schema.targets import FallbackType, ForwardingType

from . import arguments
from .external_number import ExternalNumber
from .inputs import former_token, note_digits


class NumberForwarding(Resource, module="plusofon", name="NumberForwarding"):
    """Where the calls to an external number go.

    | step | API calls |
    |---|---|
    | create, update | one shared listing, which shows whose account it is, `POST …/external/follow` |
    | create with `plusofon:adopt` `record` | one shared listing |
    | read | one listing for the whole refresh |
    | delete | one shared listing, `POST …/external/follow` of type `empty` |

    The API reads no forwarding back, so the state holds what was last set, and a refresh can see only that
    the number is gone.

    The resource's `id` is `"<number_type>/<number_id>"`. Another number replaces the resource.
    """

    number_type: pulumi.Output[str]
    """The external number's type, `ate` or `sipuri`."""
    number_id: pulumi.Output[int]
    """The external number's id."""
    type: pulumi.Output[str]
    """What the calls are forwarded to."""
    sip_id: pulumi.Output[int | None]
    destination_number: pulumi.Output[str | None]
    group_id: pulumi.Output[int | None]
    scenario_id: pulumi.Output[int | None]
    call_queue_id: pulumi.Output[int | None]
    destination_uri: pulumi.Output[str | None]
    host: pulumi.Output[str | None]
    type_default: pulumi.Output[str | None]
    cli_type: pulumi.Output[str | None]
    cli_type_default: pulumi.Output[str | None]
    set_again: pulumi.Output[str | None]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Keep the type's token for every subclass: policies and states know a resource by it."""
        super().__init_subclass__(module="plusofon", name="NumberForwarding", **kwargs)

    def __init__(
        self,
        resource_name: str,
        *,
        number: ExternalNumber | None = None,
        number_type: pulumi.Input[NumberType] | None = None,
        number_id: pulumi.Input[int | str] | None = None,
        type: pulumi.Input[ForwardingType],  # noqa: A002 - the API's own name
        sip_id: pulumi.Input[int] | None = None,
        destination_number: pulumi.Input[str | int] | None = None,
        group_id: pulumi.Input[int] | None = None,
        scenario_id: pulumi.Input[int] | None = None,
        call_queue_id: pulumi.Input[int] | None = None,
        destination_uri: pulumi.Input[str] | None = None,
        host: pulumi.Input[str] | None = None,
        type_default: pulumi.Input[FallbackType] | None = None,
        cli_type: pulumi.Input[Choice] | None = None,
        cli_type_default: pulumi.Input[Choice] | None = None,
        set_again: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a forwarding.

        The number is either `number`, an `ExternalNumber`, whose account the forwarding shares, or
        `number_type` and `number_id`. `type` says where the calls go, and brings its own field with it:
        `sip` a SIP account (`sip_id`), `number` a phone number (`destination_number`), `group`
        (`group_id`), `scenario` (`scenario_id`), `call_queue` (`call_queue_id`), `sip_uri` a SIP address
        (`destination_uri`), `bitrix`, `amo` and `retail` a CRM (`host`), `empty` nowhere. A CRM may have
        a fallback for calls that it gives no route, `type_default` with that type's own field, and
        `cli_type_default`. `cli_type`, required except for `empty`, is `"Y"` to show the caller's number
        or `"N"` to show the forwarding one. `set_again` is any text, such as a date: a change of it sets
        the forwarding anew, because a change by hand cannot be seen.

        Raises `InputError` with one line per problem, before anything is sent.
        """
        given = {
            "number_type": number_type,
            "number_id": number_id,
            "type": type,
            "sip_id": sip_id,
            "destination_number": destination_number,
            "group_id": group_id,
            "scenario_id": scenario_id,
            "call_queue_id": call_queue_id,
            "destination_uri": destination_uri,
            "host": host,
            "type_default": type_default,
            "cli_type": cli_type,
            "cli_type_default": cli_type_default,
            "set_again": set_again,
        }
        props, opts, declaration = arguments.forwarding(resource_name, number, given, opts, ExternalNumber)
        opts = pulumi.ResourceOptions.merge(former_token(self, NumberForwarding), opts)
        super().__init__(NumberForwardingProvider(), resource_name, props, opts)
        declaration.settle(self, opts)
        note_digits(self.destination_number)
