"""Check the constructors' arguments, and hand the engine properties and options.

Shared by every class that stands for a resource, whatever host it is for. Raises `InputError` with one line
per problem; sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi

from pulumi_plusofon import lifecycle
from pulumi_plusofon.schema.fields import Problem
from pulumi_plusofon.schema.kinds import CUSTOMER, EXTERNAL_NUMBER, NUMBER_FORWARDING

from . import options, secrecy, size
from .account import account_of, same_account
from .declared import Declaration
from .inputs import is_unknown, refuse, with_unknowns, written_out
from .targets import ForwardingDeclaration

if TYPE_CHECKING:
    from collections.abc import Mapping


class Arguments(NamedTuple):
    """What a resource is registered with."""

    props: dict[str, Any]
    opts: pulumi.ResourceOptions
    declaration: Declaration


def external_number(
    resource_name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions | None
) -> Arguments:
    """The arguments of an external number from the inputs that were given."""
    inputs = {**given, "number": written_out(given["number"])}
    if inputs["keep_secret"] is False:
        # Absent unless a program sets it, as in the states of before it was there.
        inputs["keep_secret"] = None
    checked = lifecycle.EXTERNAL_NUMBER.check(with_unknowns(inputs))
    _refuse(EXTERNAL_NUMBER.name, resource_name, opts, checked.problems)
    key = lifecycle.EXTERNAL_NUMBER.key(checked.inputs)
    declaration = Declaration(key, str(key), f"{EXTERNAL_NUMBER.name} {resource_name}")
    # E43: what is not among the properties is no output.
    props = {**dict.fromkeys(EXTERNAL_NUMBER.listed), **inputs}
    if inputs["secret"] is not None:
        props["secret"] = pulumi.Output.secret(inputs["secret"])
    # E63: an unknown value may be a secret, and the account's list shows login and host again as `source`.
    is_hidden = is_unknown(inputs["login"]) or is_unknown(inputs["host"])
    hidden = ["secret", "source"] if is_hidden else ["secret"]
    # E76: `up --replace` and `state taint` do not ask the provider: without this they would create the
    # number a second time, and then delete the one that both of them are.
    ours = pulumi.ResourceOptions(delete_before_replace=True, additional_secret_outputs=hidden)
    return _arguments(props, pulumi.ResourceOptions.merge(ours, opts), declaration)


def forwarding(
    resource_name: str,
    number: pulumi.Resource | None,
    given: Mapping[str, Any],
    opts: pulumi.ResourceOptions | None,
    number_class: type[pulumi.Resource],
) -> Arguments:
    """The arguments of a forwarding: of `number`, a `number_class`, or of the number that the inputs name."""
    inputs = {**given, "destination_number": written_out(given["destination_number"]), CUSTOMER: None}
    trouble = None
    if number is not None and (inputs["number_type"] is not None or inputs["number_id"] is not None):
        trouble = "cannot be given together with number_type or number_id: they are the same"
    elif number is not None and not isinstance(number, number_class):
        trouble = "must be an ExternalNumber; use number_type and number_id otherwise"
    elif number is not None:
        of_number: Any = number
        # E46: the id is what turns unknown in a preview exactly when the number is replaced.
        inputs |= {"number_type": of_number.type, "number_id": of_number.id}
        if not same_account(number, opts):
            trouble = "belongs to another account than opts.provider; remove provider from opts"
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(provider=account_of(number)), opts)
    if isinstance(number, number_class):
        # Whose account the number is in: the forwarding must not be set in another one.
        of_number = number
        inputs[CUSTOMER] = of_number.customer_id
    checked = lifecycle.FORWARDING.check(with_unknowns(inputs))
    problems = checked.problems
    if trouble:
        others = [problem for problem in problems if problem.field not in ("number_type", "number_id")]
        problems = [Problem("number", trouble), *others]
    _refuse(NUMBER_FORWARDING.name, resource_name, opts, problems)
    # In a preview that creates the number its id is not known; the object that stands for it is.
    key: Any = number or lifecycle.FORWARDING.key(checked.inputs)
    thing = "the forwarding of one number" if number else str(key)
    declaration = ForwardingDeclaration(key, thing, f"{NUMBER_FORWARDING.name} {resource_name}", inputs)
    return _arguments(inputs, opts, declaration)


def _arguments(
    props: dict[str, Any], opts: pulumi.ResourceOptions | None, declaration: Declaration
) -> Arguments:
    return Arguments(props, pulumi.ResourceOptions.merge(declaration.options(), opts), declaration)


def _refuse(
    kind: str, resource_name: str, opts: pulumi.ResourceOptions | None, problems: list[Problem]
) -> None:
    refuse(kind, resource_name, [*options.problems(kind, opts), *problems])
    options.warn_of_ignored(opts)
    secrecy.warn_of_plain_token()
    size.warn_of_many()
