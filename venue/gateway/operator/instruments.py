"""What an operator asks for of instruments and markets."""

from collections.abc import Callable, Iterator

import msgspec

from venue.configuration.instruments import InstrumentConfig
from venue.core.instrument import FIXED_TERMS, MAIN_MARKET, InstrumentSpec
from venue.core.types import SCHEDULED, TradingPhase
from venue.core.venue import Venue
from venue.core.venue_commands import (
    DefineInstrument,
    DelistInstrument,
    EnterPhase,
    HaltInstrument,
    ResumeInstrument,
)
from venue.fix.operator import TERMS, OperatorRequest
from venue.gateway.operator.decision import Decision, fault, is_number, named, needed, one_of
from venue.gateway.phases import PhaseSchedule
from venue.schema import mismatches

MOST_AUCTION_SECONDS = 86_400
NONE = "none"
"""Takes away a term that an instrument need not have."""
SCHEDULE = "schedule"
"""Gives a market back to what its schedule says."""
CONTINUOUS = TradingPhase.CONTINUOUS

NUMBERS = frozenset(
    {
        *("tick", "lot", "reference_price", "min_qty", "max_qty"),
        *("collar_percent", "dynamic_collar_percent", "static_collar_percent"),
    }
)
"""Terms that are FIX decimals, without exponent."""


class InstrumentDesk:
    """Decides by what `venue` is, and by what the schedules of the markets say."""

    def __init__(self, venue: Venue, phases: PhaseSchedule) -> None:
        self._venue = venue
        self._phases = phases

    def define(self, request: OperatorRequest) -> Decision:
        """List an instrument, or change one that is or was listed: what is not given stays."""
        symbol = request.given.get("symbol", "")
        known = self._venue.instruments.get(symbol)
        terms = {} if known is None else _texts(known.spec)
        terms |= {"symbol": symbol} | request.given
        for name in ("dynamic_collar_percent", "static_collar_percent"):
            if terms.get(name) == NONE:
                del terms[name]
        for name in sorted(NUMBERS & terms.keys()):
            if not is_number(terms[name]):
                raise fault(name, terms[name], "a decimal number above 0")
        for at, expected, _ in mismatches(InstrumentConfig, terms):
            raise fault(str(at[0]), terms.get(str(at[0])), expected)
        config = msgspec.convert(terms, InstrumentConfig, strict=False)
        if known is not None:
            for name in FIXED_TERMS:
                old = getattr(known.spec, name)
                if old != getattr(config, name):
                    text = old if isinstance(old, str) else f"{old:f}"
                    raise fault(name, terms[name], f"{text}, which cannot change")
        for at, expected in config.faults():
            raise fault(str(at[0]), terms.get(str(at[0])), expected)
        spec = InstrumentSpec(**msgspec.structs.asdict(config))
        if spec.market not in self._markets():
            raise fault("market", spec.market, one_of(self._markets()))
        told = "is changed" if self._venue.listed(symbol) else "is listed"
        return Decision(f"{symbol} {told}", (DefineInstrument(spec),))

    def delist(self, request: OperatorRequest) -> Decision:
        symbol = self._listed(request)
        return Decision(f"{symbol} is delisted", (DelistInstrument(symbol),))

    def halt(self, request: OperatorRequest) -> Decision:
        """Halt an instrument, or every one that is listed in a market now."""
        if self._is_about_market(request):
            market = self._market(request)
            symbols = self._of(market, lambda symbol: not self._is_halted(symbol))
            if not symbols:
                raise fault("market", market, "one with an instrument that is not halted")
            told = f"{market} is halted, {_count(len(symbols))}"
        else:
            symbols = [self._listed(request)]
            if self._is_halted(symbols[0]):
                raise fault("symbol", symbols[0], "one that is not halted")
            told = f"{symbols[0]} is halted"
        return Decision(told, tuple(HaltInstrument(symbol) for symbol in symbols))

    def resume(self, request: OperatorRequest) -> Decision:
        """End the halt of an instrument, or every one there is in a market."""
        if self._is_about_market(request):
            market = self._market(request)
            symbols = self._of(market, self._is_halted)
            if not symbols:
                raise fault("market", market, "one with an instrument that is halted")
            told, scheduled = market, self._venue.market_phases.get(market, CONTINUOUS)
        else:
            symbols = [self._listed(request)]
            if not self._is_halted(symbols[0]):
                raise fault("symbol", symbols[0], "one that is halted")
            told, scheduled = symbols[0], self._venue.markets[symbols[0]].scheduled
        seconds = _auction_seconds(request)
        told += " is resumed"
        if scheduled is not CONTINUOUS:
            told += f" in phase {scheduled.text}"
        elif seconds:
            told += f" with an auction of {seconds} seconds"
        if "market" in request.given:
            told += f", {_count(len(symbols))}"
        return Decision(told, tuple(ResumeInstrument(symbol, seconds) for symbol in symbols))

    def phase(self, request: OperatorRequest) -> Decision:
        """Lead a market into a phase by hand, until its schedule's next one begins; or back to what
        the schedule says. Without a schedule a market is continuous.
        """
        market = self._market(request)
        choice = f"one of {', '.join(SCHEDULED)}, {SCHEDULE}"
        word = needed(request, "phase", choice)
        scheduled = self._phases.phase(market, self._venue.time)
        if word == SCHEDULE:
            if market not in self._venue.phases.by_hand:
                raise fault("market", market, "one whose phase was changed by hand")
            told = "has no schedule, and is" if scheduled is None else "follows its schedule again,"
            told = f"{market} {told} in phase {(scheduled or CONTINUOUS).text}"
            return Decision(told, (EnterPhase(market, scheduled),))
        if word not in SCHEDULED:
            raise fault("phase", word, choice)
        phase = TradingPhase(word)
        if phase is self._venue.market_phases.get(market, CONTINUOUS):
            raise fault("phase", word, f"one that {market} is not in")
        command = EnterPhase(market, phase, by_hand=True)
        if scheduled is None and phase is CONTINUOUS:
            command = EnterPhase(market, None)
        return Decision(f"{market} is in phase {phase.text}", (command,))

    def _is_about_market(self, request: OperatorRequest) -> bool:
        symbol, market = request.given.get("symbol"), request.given.get("market")
        if symbol and market:
            raise fault("market", market, f"absent with {named('symbol')}")
        return bool(market)

    def _market(self, request: OperatorRequest) -> str:
        choice = one_of(self._markets())
        market = needed(request, "market", choice)
        if market not in self._markets():
            raise fault("market", market, choice)
        return market

    def _listed(self, request: OperatorRequest) -> str:
        symbol = needed(request, "symbol", "a listed instrument")
        if not self._venue.listed(symbol):
            raise fault("symbol", symbol, "a listed instrument")
        return symbol

    def _of(self, market: str, wanted: Callable[[str], bool]) -> list[str]:
        """The instruments of a market that are listed, and as `wanted`."""
        return [
            symbol
            for symbol, each in self._venue.markets.items()
            if each.listed and each.instrument.spec.market == market and wanted(symbol)
        ]

    def _is_halted(self, symbol: str) -> bool:
        return self._venue.phase(symbol) is TradingPhase.HALT

    def _markets(self) -> set[str]:
        instruments = self._venue.instruments.values()
        used = {instrument.spec.market for instrument in instruments}
        return {MAIN_MARKET, *used, *self._venue.market_phases}


def _auction_seconds(request: OperatorRequest) -> int:
    seconds = request.given.get("auction_seconds", "0")
    right = seconds.isascii() and seconds.isdecimal() and len(seconds) <= 5
    if not right or int(seconds) > MOST_AUCTION_SECONDS:
        raise fault("auction_seconds", seconds, f"0 to {MOST_AUCTION_SECONDS} seconds")
    return int(seconds)


def _count(instruments: int) -> str:
    return f"{instruments} instrument{'s' if instruments > 1 else ''}"


def _texts(spec: InstrumentSpec) -> dict[str, str]:
    """What an instrument's terms are, as a request would give them."""
    return dict(_given(spec))


def _given(spec: InstrumentSpec) -> Iterator[tuple[str, str]]:
    for name in TERMS:
        value = getattr(spec, name)
        if value is not None and value != "":
            yield name, f"{value:f}" if not isinstance(value, str | int) else str(value)
