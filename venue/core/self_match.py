"""Self-match prevention: two orders of one firm and one id do not trade with each other.

SelfMatchPreventionID(2362) and SelfMatchPreventionInstruction(2964) of FIX Latest; the aggressor's
instruction decides.
"""

from venue.core.book import BookSide
from venue.core.events import Event
from venue.core.order import Order
from venue.core.reports import Ids, dropped, restated
from venue.core.types import ExecRestatementReason as Reason
from venue.core.types import OrdStatus
from venue.core.types import SelfMatchPreventionInstruction as Instruction

TEXT = "self-match prevention"


def self_match_prevention_id(order: Order) -> str | None:
    """The order's id, None where it may trade with any."""
    return (order.qualifiers and order.qualifiers.self_match_prevention_id) or None


def belongs_together(aggressor: Order, resting: Order) -> bool:
    """Tell whether these two, the first of which has an id, must not trade."""
    return resting.firm == aggressor.firm and (
        self_match_prevention_id(resting) == self_match_prevention_id(aggressor)
    )


def keep_apart(
    opposite: BookSide, aggressor: Order, resting: Order, ids: Ids, events: list[Event]
) -> None:
    """End one of the two, or both, or take the smaller one's quantity off both."""
    assert aggressor.qualifiers is not None
    instruction = aggressor.qualifiers.self_match_prevention_instruction
    if instruction is Instruction.DECREMENT:
        _decrement(opposite, aggressor, resting, ids, events)
    elif instruction is Instruction.CANCEL_RESTING:
        _cancel(opposite, resting, Reason.SELF_MATCH_RESTING, ids, events)
    elif instruction is Instruction.CANCEL_AGGRESSOR:
        _cancel(opposite, aggressor, Reason.SELF_MATCH_AGGRESSOR, ids, events)
    else:
        _cancel(opposite, resting, Reason.SELF_MATCH_BOTH, ids, events)
        _cancel(opposite, aggressor, Reason.SELF_MATCH_BOTH, ids, events)


def _decrement(
    opposite: BookSide, aggressor: Order, resting: Order, ids: Ids, events: list[Event]
) -> None:
    """The resting order is told first."""
    wanted, rested = aggressor.leaves_qty, resting.leaves_qty
    if rested > wanted:
        shown_qty, hidden_qty = resting.shown_qty, resting.hidden_qty
        resting.reduce(wanted)
        opposite.reduce(resting, shown_qty - resting.shown_qty, hidden_qty - resting.hidden_qty)
        events.append(restated(resting, ids, Reason.PARTIAL_DECLINE, TEXT))
        _cancel(opposite, aggressor, Reason.SELF_MATCH_AGGRESSOR, ids, events)
    elif rested < wanted:
        _cancel(opposite, resting, Reason.SELF_MATCH_RESTING, ids, events)
        aggressor.reduce(rested)
        events.append(restated(aggressor, ids, Reason.PARTIAL_DECLINE, TEXT))
    else:
        _cancel(opposite, resting, Reason.SELF_MATCH_BOTH, ids, events)
        _cancel(opposite, aggressor, Reason.SELF_MATCH_BOTH, ids, events)


def _cancel(
    opposite: BookSide, order: Order, reason: Reason, ids: Ids, events: list[Event]
) -> None:
    if order.level is not None:
        opposite.remove(order, order.shown_qty)
    order.end(OrdStatus.CANCELED)
    events.append(dropped(order, ids, TEXT, reason))
