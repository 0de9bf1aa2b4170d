"""Who of a session's identities sends a message, and how an answer names whom it is for.

A session with desks tells them by SenderSubID(50) and OnBehalfOfCompID(115); what goes to a desk
has TargetSubID(57) and DeliverToCompID(128).
"""

from collections.abc import Iterable
from typing import NamedTuple

from venue.core.types import OrdRejReason
from venue.fix.message import SOH, Fields, parse_fields
from venue.fix.order_fault import MAX_ID, OrderFaultError
from venue.fix.party import Party
from venue.fix.refusal import BusinessReject, BusinessRejectReason, business_reject

SENDER_SUB_ID, ON_BEHALF_OF_COMP_ID = "50", "115"
_MOST_NAMED = 8
"""Names that a text lists; of more it tells the number."""


class DeskKey(NamedTuple):
    """What a desk's messages have in their header, empty where they need nothing."""

    sender_sub_id: str
    on_behalf_of: str

    @property
    def header(self) -> str:
        """The fields that name the desk in a message to it."""
        sub_id = f"57={self.sender_sub_id}{SOH}" if self.sender_sub_id else ""
        return sub_id + (f"128={self.on_behalf_of}{SOH}" if self.on_behalf_of else "")


SESSION_ITSELF = DeskKey("", "")


def key_of(fields: Fields, party: Party) -> DeskKey:
    """Who a message says it is from. SenderSubID means something only where a desk has one."""
    desks = party.desks or {}
    given = fields.get(SENDER_SUB_ID, "") if any(key[0] for key in desks) else ""
    return DeskKey(given, fields.get(ON_BEHALF_OF_COMP_ID, ""))


def acting_party(fields: Fields, party: Party) -> Party | BusinessReject:
    """Whom a message is from: `party`, or a desk of it; or why it cannot be."""
    key = key_of(fields, party)
    desk = party if key == SESSION_ITSELF else (party.desks or {}).get(key)
    if desk is not None:
        return desk
    given = (("SenderSubID", "50", key.sender_sub_id), ("OnBehalfOfCompID", "115", key[1]))
    text = " and ".join(f"{name}({tag}) {value[:MAX_ID]}" for name, tag, value in given if value)
    known = " or ".join(filter(None, (_told(party.desks or {}), "none of them")))
    text = f"{text} is no desk of this session: {known}"
    return business_reject(fields, BusinessRejectReason.NOT_AUTHORIZED, text)


def checked_account(account: str, party: Party) -> str:
    """The account of an order that names `account`, or none. Raise `OrderFaultError`."""
    if party.accounts is None:
        return account
    if not account:
        return party.account
    if account not in party.accounts:
        known = _listed(sorted(party.accounts), "accounts")
        text = f"Account(1) {account[:MAX_ID]} is not one of {known}"
        raise OrderFaultError(OrdRejReason.UNKNOWN_ACCOUNT, text)
    return account


def addressed(text: str, header: str) -> str:
    """A message with fields more in its header."""
    at = text.index(SOH, text.index(f"{SOH}35=") + 1) + 1
    return f"{text[:at]}{header}{text[at:]}"


def return_header(request: str, party: Party) -> str:
    """What names, in an answer to a request, whoever sent it, known or not."""
    if party.desks is None:
        return ""
    return key_of(parse_fields(request), party).header


def _told(desks: Iterable[tuple[str, str]]) -> str:
    shown = []
    for sub_id, client in desks:
        named = [f"50={sub_id}"] * bool(sub_id) + [f"115={client}"] * bool(client)
        shown.append(" with ".join(named))
    return _listed(shown, "desks") if shown else ""


def _listed(names: list[str], what: str) -> str:
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"its {len(names)} {what}"
