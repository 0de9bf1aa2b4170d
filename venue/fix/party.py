"""Who a FIX session is to the venue."""

from collections.abc import Mapping

from msgspec import Struct

from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType
from venue.fix.versions import Version


class Party(Struct, frozen=True):
    """A session's name in the core, whom it trades for, what it may do, and the FIX it speaks.

    The rest is what its requests mean where they do not say it themselves: `interval_ms` is the
    least time between two market data messages of a subscription for a symbol; without a
    `self_match_prevention_id` they may match each other. Its orders are for one of `accounts`, by
    default for `account`, or if that is None for any. `desks` are its other identities, by
    SenderSubID(50) and OnBehalfOfCompID(115), None if it has no others.
    """

    session: str
    firm: str
    version: Version
    order_entry: bool
    market_data: bool
    operator: bool = False
    drop_copy: bool = False
    clearing: bool = False
    interval_ms: int = 0
    trigger_price_type: TriggerPriceType = TriggerPriceType.LAST_TRADE
    post_only: PostOnly = PostOnly.REFUSE
    self_match_prevention_id: str = ""
    self_match_prevention_instruction: SelfMatchPreventionInstruction = (
        SelfMatchPreventionInstruction.CANCEL_RESTING
    )
    account: str = ""
    accounts: frozenset[str] | None = None
    desks: "Mapping[tuple[str, str], Party] | None" = None
