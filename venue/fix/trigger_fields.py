"""What makes an order wait: StopPx(99), and TriggerType(1100) with its companions.

All functions raise `OrderFaultError`.
"""

from venue.core.types import TRIGGERED, OrdType, TriggerPriceType
from venue.fix.details import DIRECTION
from venue.fix.message import Fields
from venue.fix.order_fault import (
    UNSUPPORTED,
    OrderFaultError,
    contradiction,
    missing,
    said,
    steps,
    told,
    unsupported,
)
from venue.fix.order_fields import TRIGGER_TAGS, OrderTerms, tick
from venue.fix.party import Party

LIMIT_IF_TOUCHED = OrdType.LIMIT_IF_TOUCHED


def parse_trigger(
    fields: Fields, terms: OrderTerms, party: Party
) -> tuple[int | None, TriggerPriceType]:
    """The trigger price of a new order in ticks, None where it has none, and what it watches."""
    if terms.ord_type is LIMIT_IF_TOUCHED and "1100" not in fields:
        has = next(tag for tag in TRIGGER_TAGS if tag in fields)
        raise OrderFaultError(UNSUPPORTED, f"{told(fields, has)} needs TriggerType(1100) 4")
    stop_px = parse_stop_px(fields, terms)
    if terms.ord_type not in TRIGGERED:
        return None, TriggerPriceType.LAST_TRADE
    if stop_px is None:
        raise missing(fields, *_tags(terms))
    return stop_px, TriggerPriceType.LAST_TRADE if "1107" in fields else party.trigger_price_type


def parse_stop_px(fields: Fields, terms: OrderTerms) -> int | None:
    """The trigger price in ticks: StopPx(99), or TriggerPrice(1102) of limit-if-touched."""
    ord_type = terms.ord_type
    touched_tag = next((tag for tag in TRIGGER_TAGS if tag in fields), "")
    if touched_tag and ord_type is not LIMIT_IF_TOUCHED:
        raise contradiction(fields, touched_tag, "40")
    if said(fields, "99") and (ord_type not in TRIGGERED or ord_type is LIMIT_IF_TOUCHED):
        raise contradiction(fields, "99", touched_tag or "40")
    if ord_type is LIMIT_IF_TOUCHED:
        for tag, allowed in (("1100", "4"), ("1101", "1"), ("1107", "2")):
            if fields.get(tag, allowed) != allowed:
                raise unsupported(fields, tag, allowed)
        direction = DIRECTION[terms.side]
        if fields.get("1109", direction) != direction:
            raise contradiction(fields, "1109", "54", f"whose trigger has {direction}")
    tag, _ = _tags(terms)
    if ord_type not in TRIGGERED or tag not in fields:
        return None
    return steps(fields, tag, terms.instrument.price.steps, tick(terms.instrument))


def _tags(terms: OrderTerms) -> tuple[str, str]:
    """The tags of the trigger price, and of what makes it necessary."""
    return ("1102", "1100") if terms.ord_type is LIMIT_IF_TOUCHED else ("99", "40")
