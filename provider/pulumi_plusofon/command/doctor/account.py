"""The checks of the account: address, token, whose it is, its list, its clock, its balance.

Looks at the answers of the API; nothing here sends a request of its own or shows a secret.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import ApiError, AuthenticationError, NotFoundError, facts
from pulumi_plusofon.runtime.text import counted, plain
from pulumi_plusofon.session import AccountError
from pulumi_plusofon.session.identity import Identity

from .findings import Check, CheckResult
from .subject import NO_LIST, UNANSWERED, UnknownError

if TYPE_CHECKING:
    from .subject import AccountAnswers, Subject

# Seconds that the two clocks may differ: the header has whole seconds, and the answer takes some itself.
_CLOCK_TOLERANCE: Final = 60
_WRONG_ACCOUNT: Final = "set plusofon:customerId to the account that is meant, or set that account's token"


def _address(subject: Subject) -> CheckResult:
    account = subject.account
    url = account.settings.base_url
    try:
        account.listed()
    except (NotFoundError, *UNANSWERED) as error:
        text = str(error)
        return CheckResult("problem", text if url in text else f"{url}: {text}", account.advice(error))
    except ApiError:
        # A refusal is an answer; what it says is the matter of the checks below.
        return CheckResult("good", f"{url} answers")
    return CheckResult("good", f"{url} answers")


def _token(subject: Subject) -> CheckResult:
    account = subject.account
    try:
        account.listed()
    except AuthenticationError as error:
        return CheckResult("problem", str(error), account.advice(error))
    except ApiError:
        raise UnknownError(NO_LIST) from None
    return CheckResult(
        "good",
        "accepted; the API does not say whether it is the cabinet's access key or the session token of a"
        " login, which expires",
    )


def _user(subject: Subject) -> CheckResult:
    user = subject.account.fact(facts.user)
    known = [f"user {user.id}" if user.id else "a user without an id", user.role and f"role {user.role}"]
    return CheckResult("good", ", ".join(filter(None, known)))


def _customer(subject: Subject) -> CheckResult:
    customer = subject.account.fact(facts.customer)
    tariff = f", tariff {customer.tariff}" if customer.tariff else ""
    return CheckResult("good", f"account {customer.id}{tariff}")


def _customer_ids(subject: Subject) -> CheckResult:
    listed = _ids(subject.account)
    said = subject.account.fact(facts.customer).id
    if not listed:
        return CheckResult("good", f"customer-info has {said}; the list shows none")
    if listed == {said}:
        return CheckResult("good", f"{said}, in the list and in customer-info")
    return CheckResult(
        "notice",
        f"the list has {_joined(listed)}, customer-info has {said}",
        "where plusofon:customerId is set, set it to the id of the list, and report the difference: the"
        " vendor's text does not say that the two are the same",
    )


def _guard(subject: Subject) -> CheckResult:
    account = subject.account
    wanted, listed = account.settings.customer_id, _ids(account)
    if wanted is None:
        own = _joined(listed) or _said_id(account) or "the id of the account"
        return CheckResult(
            "notice",
            "plusofon:customerId names no account, so a token of any account is accepted",
            f"set plusofon:customerId (or PLUSOFON_CUSTOMER_ID) to {own}",
        )
    identity = Identity(account.numbers, lambda: _said_id(account))
    try:
        identity.require_customer(wanted, set(listed))
    except AccountError as error:
        return CheckResult("problem", error.reason, _WRONG_ACCOUNT)
    return CheckResult("good", f"the token is account {wanted}'s, as plusofon:customerId requires")


def _entries(subject: Subject) -> CheckResult:
    account = subject.account
    try:
        numbers = account.listed()
    except (AuthenticationError, NotFoundError, *UNANSWERED):
        raise UnknownError(NO_LIST) from None
    except ApiError as error:
        return CheckResult("problem", str(error), account.advice(error))
    troubled = [number for number in numbers if number.trouble]
    if not troubled:
        return CheckResult("good", f"{counted(len(numbers), 'number')} in the account")
    shown = ", ".join(f"{plain(entry.number)} ({entry.trouble})" for entry in troubled[:3])
    more = f" and {len(troubled) - 3} more" if troubled[3:] else ""
    return CheckResult(
        "notice",
        f"{counted(len(numbers), 'number')} in the account, of which {len(troubled)} cannot be read:"
        f" {shown}{more}",
        "they are left alone; look at them in the cabinet",
    )


def _number_ids(subject: Subject) -> CheckResult:
    numbers = [number for number in subject.account.numbers() if number.managed]
    without = [number for number in numbers if number.id is None]
    if not numbers:
        raise UnknownError("the list has no number that would show it")
    if not without:
        return CheckResult("good", f"the list has the id of {counted(len(numbers), 'number')}")
    return CheckResult(
        "notice",
        f"the list has no id of {len(without)} of {counted(len(numbers), 'number')}",
        "a number without an id can be connected and read, and neither changed, forwarded nor disconnected:"
        " do that in the cabinet, or ask the vendor",
    )


def _latency(subject: Subject) -> CheckResult:
    answered, _ = subject.account.answered()
    timeout = subject.account.settings.timeout
    text = f"{answered.seconds * 1000:.0f} ms for one answer, with the connection"
    if answered.seconds <= timeout / 2:
        return CheckResult("good", text)
    return CheckResult(
        "notice", f"{text}; the timeout is {timeout:g} s", "raise plusofon:timeout, or look at the network"
    )


def _clock(subject: Subject) -> CheckResult:
    answered, moment = subject.account.answered()
    try:
        theirs = parsedate_to_datetime(answered.date or "")
        ahead = round((moment - theirs).total_seconds())
    except (TypeError, ValueError):
        raise UnknownError("the answer has no date that can be read") from None
    if abs(ahead) <= _CLOCK_TOLERANCE:
        return CheckResult("good", f"at most {abs(ahead) + 1} s from the server's")
    return CheckResult(
        "notice",
        f"this machine's clock is {abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'} the server's",
        "set it by a time server: the ages of registrations and the times of a Retry-After are counted by it",
    )


def _balance(subject: Subject) -> CheckResult:
    balance = subject.account.fact(facts.balance)
    if balance > 0:
        return CheckResult("good", f"{balance:.2f}")
    return CheckResult("notice", f"{balance:.2f}", "top it up in the cabinet: forwarded calls may be refused")


def _directions(subject: Subject) -> CheckResult:
    codes = subject.account.fact(facts.directions)
    if codes:
        countries = "country" if len(codes) == 1 else "countries"
        return CheckResult("good", f"{len(codes)} {countries}: {', '.join(codes)}")
    return CheckResult(
        "notice", "no country may be called", "ask the vendor, if calls are to be forwarded to phone numbers"
    )


CHECKS: Final = (
    Check("address", _address),
    Check("token", _token),
    Check("user", _user),
    Check("account", _customer),
    Check("customer id", _customer_ids),
    Check("account guard", _guard),
    Check("numbers", _entries),
    Check("ids", _number_ids),
    Check("latency", _latency),
    Check("clock", _clock),
    Check("balance", _balance),
    Check("directions", _directions),
)


def _ids(account: AccountAnswers) -> set[int]:
    return {number.customer_id for number in account.numbers() if number.customer_id is not None}


def _said_id(account: AccountAnswers) -> int | None:
    try:
        return account.fact(facts.customer).id
    except (UnknownError, ApiError):
        return None


def _joined(ids: set[int]) -> str:
    return " and ".join(map(str, sorted(ids)))
