"""What requests for positions (AN) and for trades (AD) have in common."""

from venue.fix.message import Fields, Pairs
from venue.fix.order_fault import MAX_ID
from venue.fix.party import Party
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    SessionReject,
    SessionRejectReason,
    business_reject,
)

NO_RIGHTS = "this session has none of the roles order_entry, drop_copy, clearing"

Ids = dict[str, str]
"""Tag to name, of fields that are kept or echoed."""


def may_ask(party: Party) -> bool:
    """Whether a session is told of positions and trades: all with clearing, else its firm's."""
    return party.order_entry or party.drop_copy or party.clearing


def fault_of_ids(
    fields: Fields, pairs: Pairs, ids: Ids, id_tag: str
) -> BusinessReject | SessionReject | None:
    """What is wrong with the length of ids, of which `id_tag` is required."""
    if not fields.get(id_tag):
        missing = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
        return business_reject(fields, missing, f"{ids[id_tag]}({id_tag}) is required")
    for tag, value in pairs:
        if tag in ids and len(value) > MAX_ID:
            text = f"{ids[tag]}({tag}) has {len(value)} characters, at most {MAX_ID} are allowed"
            reason = SessionRejectReason.VALUE_IS_INCORRECT
            return SessionReject(fields["34"], fields["35"], tag, reason, text)
    return None


def parties(pairs: Pairs) -> list[tuple[str, str]]:
    """Each PartyID(448) with its PartyRole(452), empty where that is missing."""
    found: list[tuple[str, str]] = []
    for tag, value in pairs:
        if tag == "448":
            found.append((value, ""))
        elif tag == "452" and found:
            found[-1] = found[-1][0], value
    return found
