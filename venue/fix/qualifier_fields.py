"""What an order says beyond its plain terms, and which of it contradicts the rest.

`None` as a result means that nothing was said. All functions raise `OrderFaultError`.
"""

from venue.core.qualifiers import NO_CHANGES, PLAIN, Changes, Qualifiers
from venue.core.types import TRIGGERED, OrdType, SelfMatchPreventionInstruction, TimeInForce
from venue.fix.expiry_fields import (
    AT_AUCTION,
    GTD,
    NOT_RESTING,
    check_time_in_force,
    expire_date,
    expire_time,
)
from venue.fix.message import Fields
from venue.fix.order_fault import (
    INCORRECT_QUANTITY,
    UNSUPPORTED,
    OrderFaultError,
    contradiction,
    said,
    steps,
    told,
    unsupported,
)
from venue.fix.order_fields import TRIGGER_TAGS, OrderTerms, lot
from venue.fix.party import Party
from venue.fix.trigger_fields import LIMIT_IF_TOUCHED, parse_stop_px, parse_trigger

MARKET_LIKE = frozenset({OrdType.MARKET, OrdType.STOP, OrdType.MARKET_IF_TOUCHED})
"""They never rest, so they can show nothing."""
INSTRUCTIONS = {code.value: code for code in SelfMatchPreventionInstruction}
_TAGS = {"18", "99", "110", "111", "126", "432", "1083", "1084", "1088", "1138"} | {
    *("2362", "2964", "9362", "9964"),
    *TRIGGER_TAGS,
}


def parse_qualifiers(fields: Fields, terms: OrderTerms, party: Party) -> Qualifiers | None:
    """The qualifiers of a new order, the session's defaults included."""
    if _is_plain(fields, terms):
        return default_qualifiers(party)
    check_time_in_force(fields, terms, replaces=False)
    stop_px, watched = parse_trigger(fields, terms, party)
    display_qty, refresh_qty = _display(fields, terms)
    if refresh_qty and not display_qty:
        raise OrderFaultError(UNSUPPORTED, f"{told(fields, '1088')} needs DisplayQty(1138)")
    post_only, all_or_none, cancel_on_halt = _exec_inst(fields, terms)
    if all_or_none and terms.time_in_force is not TimeInForce.FOK:
        raise contradiction(fields, "18", "59", "all or none needs 4")
    self_match_prevention_id, instruction = _self_match_prevention(fields, party)
    qualifiers = Qualifiers(
        stop_px,
        watched,
        expire_date(fields),
        expire_time(fields),
        display_qty or 0,
        (refresh_qty or display_qty or 0) if display_qty else 0,
        _min_qty(fields, terms) or 0,
        party.post_only if post_only else None,
        bool(all_or_none),
        self_match_prevention_id,
        instruction,
        bool(cancel_on_halt),
    )
    return None if qualifiers == PLAIN else qualifiers


def parse_changes(fields: Fields, terms: OrderTerms) -> Changes | None:
    """What a replace request says of the qualifiers; only what it says itself is checked."""
    if _is_plain(fields, terms):
        return None
    check_time_in_force(fields, terms, replaces=True)
    stop_px = parse_stop_px(fields, terms)
    display_qty, refresh_qty = _display(fields, terms)
    if refresh_qty and display_qty == 0:
        raise OrderFaultError(UNSUPPORTED, f"{told(fields, '1088')} needs DisplayQty(1138)")
    post_only, all_or_none, cancel_on_halt = _exec_inst(fields, terms)
    changes = Changes(
        stop_px,
        display_qty,
        refresh_qty,
        expire_date(fields),
        expire_time(fields),
        _min_qty(fields, terms),
        post_only,
        all_or_none,
        *_said_of_self_match_prevention(fields),
        cancel_on_halt,
    )
    return None if changes == NO_CHANGES else changes


def default_qualifiers(party: Party) -> Qualifiers | None:
    """The qualifiers of an order that says nothing of them."""
    if not party.self_match_prevention_id:
        return None
    return Qualifiers(
        self_match_prevention_id=party.self_match_prevention_id,
        self_match_prevention_instruction=party.self_match_prevention_instruction,
    )


def _is_plain(fields: Fields, terms: OrderTerms) -> bool:
    """Tell whether there is nothing to look at, and nothing missing."""
    return (
        _TAGS.isdisjoint(fields)
        and terms.ord_type not in TRIGGERED
        and terms.time_in_force is not GTD
        and terms.time_in_force not in AT_AUCTION
    )


def _display(fields: Fields, terms: OrderTerms) -> tuple[int | None, int | None]:
    """DisplayQty(1138) or MaxFloor(111), and RefreshQty(1088), in lots."""
    if "111" in fields and "1138" in fields:
        raise contradiction(fields, "111", "1138")
    for tag, allowed in (("1083", ("2",)), ("1084", ("1", "2"))):
        if tag in fields and fields[tag] not in allowed:
            raise unsupported(fields, tag, " or ".join(allowed))
    tag = "111" if "111" in fields else "1138"
    display_qty = _qty(fields, tag, terms)
    if display_qty and terms.time_in_force in NOT_RESTING:
        raise contradiction(fields, tag, "59", "which never rests")
    if display_qty and terms.ord_type in MARKET_LIKE:
        raise contradiction(fields, tag, "40", "which never rests")
    return display_qty, _qty(fields, "1088", terms)


def _min_qty(fields: Fields, terms: OrderTerms) -> int | None:
    """MinQty(110) in lots."""
    min_qty = _qty(fields, "110", terms)
    if min_qty and "6" in fields.get("18", "").split():
        raise contradiction(fields, "110", "18", "which trades nothing at once")
    return min_qty


def _qty(fields: Fields, tag: str, terms: OrderTerms) -> int | None:
    """A part of OrderQty(38) in lots."""
    if tag not in fields:
        return None
    instrument = terms.instrument
    qty = steps(fields, tag, instrument.qty.steps, lot(instrument), least=0)
    if qty > terms.order_qty:
        text = f"{told(fields, tag)} is more than {told(fields, '38')}"
        raise OrderFaultError(INCORRECT_QUANTITY, text)
    return qty


def _exec_inst(fields: Fields, terms: OrderTerms) -> tuple[bool | None, bool | None, bool | None]:
    """Whether ExecInst(18) says post-only (6), all or none (G) and cancel on trading halt (K).

    Reinstate after a halt (J) is what happens to an order that does not say K.
    """
    if not said(fields, "18"):
        return None, None, None
    codes = fields["18"].split(" ")
    if not {"6", "G", "J", "K"}.issuperset(codes):
        raise unsupported(fields, "18", "6, G, J or K")
    if "J" in codes and "K" in codes:
        raise OrderFaultError(UNSUPPORTED, f"{told(fields, '18')}: J contradicts K")
    if "6" in codes:
        if terms.time_in_force in NOT_RESTING:
            raise contradiction(fields, "18", "59", "which never rests")
        if terms.ord_type is LIMIT_IF_TOUCHED:
            raise contradiction(fields, "18", "1100" if "1100" in fields else "40")
        if terms.ord_type is not OrdType.LIMIT:
            raise contradiction(fields, "18", "40")
    return "6" in codes, "G" in codes, "K" in codes


def _said_of_self_match_prevention(
    fields: Fields,
) -> tuple[str | None, SelfMatchPreventionInstruction | None]:
    """Id and instruction as sent; the venue's own tags 9362 and 9964 stand for 2362 and 2964."""
    for tag, own in (("2362", "9362"), ("2964", "9964")):
        if tag in fields and fields.get(own, fields[tag]) != fields[tag]:
            raise contradiction(fields, own, tag)
    prevention_id = fields.get("2362", fields.get("9362"))
    tag = "9964" if "9964" in fields else "2964"
    if tag not in fields:
        return prevention_id, None
    instruction = INSTRUCTIONS.get(fields[tag])
    if instruction is None:
        raise unsupported(fields, tag, f"one of {', '.join(INSTRUCTIONS)}")
    return prevention_id, instruction


def _self_match_prevention(
    fields: Fields, party: Party
) -> tuple[str, SelfMatchPreventionInstruction]:
    """Id and instruction of a new order, by default the session's."""
    prevention_id, instruction = _said_of_self_match_prevention(fields)
    prevention_id = prevention_id or party.self_match_prevention_id
    if instruction is None:
        default = SelfMatchPreventionInstruction.CANCEL_RESTING
        return prevention_id, party.self_match_prevention_instruction if prevention_id else default
    if not prevention_id:
        tag, needs = ("9964", "9362") if "9964" in fields else ("2964", "2362")
        text = f"{told(fields, tag)} needs SelfMatchPreventionID({needs})"
        raise OrderFaultError(UNSUPPORTED, text)
    return prevention_id, instruction
