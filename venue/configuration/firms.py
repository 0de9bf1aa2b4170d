"""Who trades here, and for which accounts."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from venue.configuration.values import Fault, Name, below

Account = Annotated[
    str,
    Meta(
        pattern=r"\A[!-~]{1,64}\Z",
        description="1 to 64 printable ASCII characters without spaces",
    ),
]


class FirmConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm; without `accounts` its orders may name any, or none."""

    name: Name
    accounts: tuple[Account, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        yield from account_faults(self.accounts)


class DeskConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of several identities of a session: who sends this SenderSubID(50), or this
    OnBehalfOfCompID(115), or both. `firm` of None is the session's.
    """

    sender_sub_id: Name | None = None
    on_behalf_of: Name | None = None
    firm: Name | None = None
    accounts: tuple[Account, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.sender_sub_id or "", self.on_behalf_of or ""

    def faults(self) -> Iterator[Fault]:
        if self.key == ("", ""):
            yield (), "sender_sub_id, on_behalf_of or both"
        yield from account_faults(self.accounts)


def account_faults(accounts: Sequence[str] | None) -> Iterator[Fault]:
    """Find a list without an account, and what stands in one twice."""
    if accounts is None:
        return
    if not accounts:
        yield ("accounts",), "at least one account, or no such key: any account"
    for index, account in enumerate(accounts):
        if account in accounts[:index]:
            yield ("accounts", index), "each account once"


def membership_faults(
    firm: str | None, accounts: Sequence[str] | None, firms: dict[str, FirmConfig]
) -> Iterator[Fault]:
    """Find what a session, or a desk of it, says of its firm and is not so."""
    if not firms or firm is None:
        return
    if firm not in firms:
        yield ("firm",), f"one of the firms {', '.join(firms)}"
        return
    known = firms[firm].accounts
    if known is None:
        return
    for index, account in enumerate(accounts or ()):
        if account not in known:
            yield ("accounts", index), f"an account of {firm}: {', '.join(known)}"


def desk_faults(
    desks: Sequence[DeskConfig], firm: str, firms: dict[str, FirmConfig]
) -> Iterator[Fault]:
    """Find what the desks of a session of `firm` say and is not so."""
    keys = [desk.key for desk in desks]
    for at, desk in enumerate(desks):
        faults = membership_faults(desk.firm or firm, desk.accounts, firms)
        yield from below(("desks", at), faults)
        if desk.key in keys[:at]:
            yield ("desks", at), f"each pair of names once (desks[{keys.index(desk.key)}] has it)"
