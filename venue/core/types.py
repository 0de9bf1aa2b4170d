"""The vocabulary of an order, in FIX's own words and codes.

Every enumeration's value is the code of FIX 5.0SP2, the richest set; `venue.fix.versions` says
what an older version calls it. Compare members with `is`.
"""

from enum import StrEnum


class Code(StrEnum):
    """A code of FIX; hashed as the text it is, for which an enumeration would take ten times as
    long.
    """

    __hash__ = str.__hash__


class Side(Code):
    """Side(54)."""

    BUY = "1"
    SELL = "2"


class OrdType(Code):
    """OrdType(40), which has no code for LimitIfTouched: its value here is the venue's own.

    On the wire it is a limit order (2) with a trigger, TriggerType(1100)=4 and TriggerPrice(1102).
    """

    MARKET = "1"
    LIMIT = "2"
    STOP = "3"
    STOP_LIMIT = "4"
    MARKET_IF_TOUCHED = "J"
    LIMIT_IF_TOUCHED = "LIT"
    MARKET_WITH_LEFT_OVER_AS_LIMIT = "K"


TOUCHED = frozenset({OrdType.MARKET_IF_TOUCHED, OrdType.LIMIT_IF_TOUCHED})
"""Triggered where the market comes to a better price than the trigger: take profit."""
TRIGGERED = frozenset({OrdType.STOP, OrdType.STOP_LIMIT}) | TOUCHED
"""They wait for their trigger price."""
PRICED = frozenset({OrdType.LIMIT, OrdType.STOP_LIMIT, OrdType.LIMIT_IF_TOUCHED})
"""They are entered with a Price(44)."""


class TimeInForce(Code):
    """TimeInForce(59)."""

    DAY = "0"
    GTC = "1"
    AT_THE_OPENING = "2"
    IOC = "3"
    FOK = "4"
    GTD = "6"
    AT_THE_CLOSE = "7"


class OrdStatus(Code):
    """OrdStatus(39)."""

    NEW = "0"
    PARTIALLY_FILLED = "1"
    FILLED = "2"
    CANCELED = "4"
    REJECTED = "8"
    EXPIRED = "C"


LIVE = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED})


class Liquidity(Code):
    """LastLiquidityInd(851)."""

    ADDED = "1"
    REMOVED = "2"
    AUCTION = "4"


class TriggerPriceType(Code):
    """TriggerPriceType(1107): the price that a trigger watches.

    `BEST_QUOTE` is the best offer for one who buys and the best bid for one who sells.
    """

    LAST_TRADE = "2"
    BEST_QUOTE = "1"


class TradingPhase(Code):
    """What a market is in, in the words of the configuration. `venue.fix.phases` has the codes."""

    CLOSED = "closed"
    PRE_OPEN = "pre_open"
    OPENING_AUCTION = "opening_auction"
    CONTINUOUS = "continuous"
    CLOSING_AUCTION = "closing_auction"
    POST_CLOSE = "post_close"
    HALT = "halt"
    VOLATILITY_AUCTION = "volatility_auction"

    @property
    def text(self) -> str:
        return self.value.replace("_", " ")


CALLS = frozenset(
    {
        TradingPhase.PRE_OPEN,
        TradingPhase.OPENING_AUCTION,
        TradingPhase.CLOSING_AUCTION,
        TradingPhase.VOLATILITY_AUCTION,
    }
)
"""Phases that collect orders and match none: the next phase begins with an auction."""
SCHEDULED = tuple(
    phase
    for phase in TradingPhase
    if phase not in (TradingPhase.HALT, TradingPhase.VOLATILITY_AUCTION)
)
"""Phases that a whole market is in by its schedule; an instrument of it may be in another."""


class PostOnly(Code):
    """What becomes of an order with ExecInst(18)=6 that would take liquidity."""

    REFUSE = "refuse"
    REPRICE = "reprice"


class SelfMatchPreventionInstruction(Code):
    """SelfMatchPreventionInstruction(2964): which of two orders of one id ends instead of trading.

    The standard ends at 3; `DECREMENT` takes the smaller one's quantity off both.
    """

    CANCEL_AGGRESSOR = "1"
    CANCEL_RESTING = "2"
    CANCEL_BOTH = "3"
    DECREMENT = "4"


class ExecRestatementReason(Code):
    """ExecRestatementReason(378): why an order changed though nobody asked for it."""

    GT_RENEWAL = "1"
    REPRICING = "3"
    PARTIAL_DECLINE = "5"
    TRADING_HALT = "6"
    MARKET_OPTION = "8"
    CONNECTION_LOSS = "12"
    LOGOUT = "13"
    TRADE_PRICE_VIOLATION = "15"
    SELF_MATCH_AGGRESSOR = "18"
    SELF_MATCH_RESTING = "19"
    SELF_MATCH_BOTH = "20"


class CostMethod(Code):
    """Which of the lots of a position are sold first, and so what a sale has realised."""

    AVERAGE = "average"
    FIFO = "fifo"


class FeeBasis(Code):
    """What a fee's rate is for: basis points of the money traded, or money a unit."""

    BPS = "bps"
    UNIT = "unit"


class FeeRounding(Code):
    """How a fee is rounded: to the nearest with ties to even, away from zero or towards it, or
    always away from zero, towards it, up or down.
    """

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    HALF_DOWN = "half_down"
    UP = "up"
    DOWN = "down"
    CEILING = "ceiling"
    FLOOR = "floor"


class MassScope(Code):
    """MassCancelRequestType(530) and MassStatusReqType(585)."""

    SECURITY = "1"
    ALL = "7"


class OrdRejReason(Code):
    """OrdRejReason(103)."""

    UNKNOWN_SYMBOL = "1"
    EXCHANGE_CLOSED = "2"
    ORDER_EXCEEDS_LIMIT = "3"
    TOO_LATE_TO_ENTER = "4"
    UNKNOWN_ORDER = "5"
    DUPLICATE_ORDER = "6"
    UNSUPPORTED_ORDER_CHARACTERISTIC = "11"
    INCORRECT_QUANTITY = "13"
    UNKNOWN_ACCOUNT = "15"
    PRICE_EXCEEDS_BAND = "16"
    INVALID_PRICE_INCREMENT = "18"
    OTHER = "99"


class CxlRejReason(Code):
    """CxlRejReason(102)."""

    TOO_LATE = "0"
    UNKNOWN_ORDER = "1"
    DUPLICATE_CL_ORD_ID = "6"
    PRICE_EXCEEDS_BAND = "8"
    INVALID_PRICE_INCREMENT = "18"
    OTHER = "99"


class CxlRejResponseTo(Code):
    """CxlRejResponseTo(434)."""

    CANCEL = "1"
    REPLACE = "2"


class MassCancelRejectReason(Code):
    """MassCancelRejectReason(532)."""

    NOT_SUPPORTED = "0"
    UNKNOWN_SECURITY = "1"
    OTHER = "99"
