"""What the configuration, the schedules and the operators ask of the venue: no client can.

Prices are ticks and quantities lots of the instrument named.
"""

from venue.core.command import Command
from venue.core.fees import FeeSchedule
from venue.core.instrument import InstrumentSpec
from venue.core.limits import Limits, Scope
from venue.core.types import CostMethod, TradingPhase


class DefineInstrument(Command, tag="i", frozen=True):
    """List an instrument, or change the terms of a listed one.

    `configured` tells that a configuration says so: it is not said again unless it has changed, so
    that an operator's later word outlives a restart.
    """

    spec: InstrumentSpec
    configured: bool = False


class DelistInstrument(Command, tag="u", frozen=True):
    """Cancel every order of an instrument and take no more; `DefineInstrument` lists it again."""

    symbol: str


class EnterPhase(Command, tag="p", frozen=True):
    """Every instrument of `market` is in another phase of `SCHEDULED`, those that are halted when
    they are resumed. None: the market has no schedule any more, and is continuous.

    `late`: the market should have closed long ago, so what ends with its day is not in the auction
    of a call that was not ended then. `by_hand`: an operator says so, and no schedule for now.
    """

    market: str
    phase: TradingPhase | None
    late: bool = False
    by_hand: bool = False


class HaltInstrument(Command, tag="h", frozen=True):
    """Nothing of an instrument trades, whatever its market does, until `ResumeInstrument`."""

    symbol: str


class ResumeInstrument(Command, tag="e", frozen=True):
    """End a halt, with an auction after a call of `auction_seconds` unless that is 0."""

    symbol: str
    auction_seconds: int


class DefineSeed(Command, tag="s", frozen=True):
    """What the random ends of auctions are derived from: a number of 63 bits."""

    seed: int


class DefineTradingDay(Command, tag="y", frozen=True):
    """Trading days end `ends` nanoseconds after midnight UTC; a day has the date of its end."""

    ends: int


class DefineRetention(Command, tag="m", frozen=True):
    """Remember `cl_ord_ids` ClOrdIDs of a session, and longer only those of live orders."""

    cl_ord_ids: int


class DefineStatistics(Command, tag="w", frozen=True):
    """Have the volatility of every instrument over windows of so many seconds, each a multiple of
    60, and over no others.
    """

    windows: tuple[int, ...]


class DefineFees(Command, tag="f", frozen=True):
    """What trades cost from now on."""

    schedule: FeeSchedule


class DefineAccounting(Command, tag="a", frozen=True):
    """How the cost of positions is counted from now on: what was realised stays so. Trades before
    the last `trades` are not remembered, so they can be neither busted nor corrected nor reported.
    """

    cost_method: CostMethod
    trades: int


class DefineLimits(Command, tag="l", frozen=True):
    """Orders in `scope` obey `limits` from now on; None takes all limits of the scope away.

    `configured` tells, as in `DefineInstrument`, that a configuration says so.
    """

    scope: Scope
    limits: Limits | None
    configured: bool = False


class EngageKillSwitch(Command, tag="k", frozen=True):
    """Cancel every order of a firm, or of one account of it, and take no more until released."""

    firm: str
    account: str = ""


class ReleaseKillSwitch(Command, tag="j", frozen=True):
    """Take orders again from whom a kill switch has stopped."""

    firm: str
    account: str = ""


class CancelByVenue(Command, tag="v", frozen=True):
    """Cancel one order, or where `order_id` is 0 every order of a firm, for the operator."""

    order_id: int
    firm: str = ""


class BustTrade(Command, tag="b", frozen=True):
    """Undo a trade as if it had not been (FIX 4.4, J.1.a to J.1.d)."""

    trade_id: int


class CorrectTrade(Command, tag="o", frozen=True):
    """Let a trade have had another quantity, in lots, and price, in ticks."""

    trade_id: int
    qty: int
    price: int


class EndTradingDay(Command, tag="z", frozen=True):
    """End the trading day now; the next one ends when it would have."""


class AllowSession(Command, tag="n", frozen=True):
    """Whether a CompID may log on."""

    comp_id: str
    allowed: bool


class RecordOperation(Command, tag="O", frozen=True):
    """What an operator asked for, and what became of it: for the audit, the venue does nothing.

    What is done follows as commands of the same batch. `request` are the fields that were sent, by
    name; of `operator` the session.
    """

    operator: str
    req_id: str
    action: str
    request: dict[str, str]
    accepted: bool
    text: str
