"""What an operator asks for, to commands of the core: checked completely before there is one."""

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from venue.configuration.instruments import InstrumentConfig
from venue.core.commands import (
    DefineInstrument,
    DelistInstrument,
    HaltInstrument,
    ResumeInstrument,
)
from venue.core.instrument import MAIN_MARKET, InstrumentSpec
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.fix.operator import TERMS, OperatorAction, OperatorRequest
from venue.fix.order_fault import MAX_ID
from venue.schema import mismatches

MOST_AUCTION_SECONDS = 86_400
NONE = "none"
"""Takes away a term that an instrument need not have."""

OperatorCommand = DefineInstrument | DelistInstrument | HaltInstrument | ResumeInstrument
Decision = tuple[OperatorCommand, str]
"""What is to be done, and how that is told afterwards."""
NUMBERS = frozenset(
    {
        *("tick", "lot", "reference_price", "min_qty", "max_qty"),
        *("collar_percent", "dynamic_collar_percent", "static_collar_percent"),
    }
)
"""Terms that are FIX decimals, without exponent."""
_is_number = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+").fullmatch


class OperatorFaultError(Exception):
    """A request that cannot be carried out; its text names field, value and what may be."""


class OperatorDesk:
    """Decides what operators ask for, by what `venue` is."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._actions: Mapping[str, Callable[[OperatorRequest], Decision]] = {
            OperatorAction.DEFINE: self._define,
            OperatorAction.DELIST: self._delist,
            OperatorAction.HALT: self._halt,
            OperatorAction.RESUME: self._resume,
        }

    def decide(self, request: OperatorRequest) -> Decision:
        """The command to carry out. Raise `OperatorFaultError` where there is none."""
        action = self._actions.get(request.action)
        if action is None:
            expected = f"one of {', '.join(self._actions)}"
            raise _fault("OperatorAction(9202)", request.action, expected)
        self._check_needless(request)
        return action(request)

    def _check_needless(self, request: OperatorRequest) -> None:
        if request.action != OperatorAction.DEFINE:
            for name, value in request.terms.items():
                raise _fault(_named(name), value, f"absent with {request.action}")
        if request.auction_seconds and request.action != OperatorAction.RESUME:
            value = request.auction_seconds
            raise _fault("AuctionSeconds(9204)", value, f"absent with {request.action}")

    def _define(self, request: OperatorRequest) -> Decision:
        known = self._venue.instruments.get(request.symbol)
        terms = {} if known is None else _texts(known.spec)
        terms |= {"symbol": request.symbol} | request.terms
        for name in ("dynamic_collar_percent", "static_collar_percent"):
            if terms.get(name) == NONE:
                del terms[name]
        for name in sorted(NUMBERS & terms.keys()):
            if not _is_number(terms[name]):
                raise _fault(_named(name), terms[name], "a decimal number above 0")
        for at, expected, _ in mismatches(InstrumentConfig, terms):
            raise _fault(_named(str(at[0])), terms.get(str(at[0])), expected)
        config = msgspec.convert(terms, InstrumentConfig, strict=False)
        if known is not None:
            for name in ("tick", "lot"):
                old = getattr(known.spec, name)
                if old != getattr(config, name):
                    raise _fault(_named(name), terms[name], f"{old:f}, which cannot change")
        for at, expected in config.faults():
            raise _fault(_named(str(at[0])), terms.get(str(at[0])), expected)
        spec = InstrumentSpec(**msgspec.structs.asdict(config))
        if spec.market not in self._markets():
            markets = ", ".join(sorted(self._markets()))
            raise _fault(_named("market"), spec.market, f"one of {markets}")
        listed = self._venue.listed(request.symbol)
        told = "is changed" if listed else "is listed"
        return DefineInstrument(spec), f"{spec.symbol} {told}"

    def _delist(self, request: OperatorRequest) -> Decision:
        self._check_listed(request)
        return DelistInstrument(request.symbol), f"{request.symbol} is delisted"

    def _halt(self, request: OperatorRequest) -> Decision:
        self._check_listed(request)
        if self._is_halted(request.symbol):
            raise _fault("Symbol(55)", request.symbol, "one that is not halted")
        return HaltInstrument(request.symbol), f"{request.symbol} is halted"

    def _resume(self, request: OperatorRequest) -> Decision:
        self._check_listed(request)
        if not self._is_halted(request.symbol):
            raise _fault("Symbol(55)", request.symbol, "one that is halted")
        seconds = request.auction_seconds or "0"
        if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 5):
            seconds = str(MOST_AUCTION_SECONDS + 1)
        if int(seconds) > MOST_AUCTION_SECONDS:
            expected = f"0 to {MOST_AUCTION_SECONDS} seconds"
            raise _fault("AuctionSeconds(9204)", request.auction_seconds, expected)
        told = f"{request.symbol} is resumed"
        scheduled = self._venue.markets[request.symbol].scheduled
        if scheduled is not TradingPhase.CONTINUOUS:
            told += f" in phase {scheduled.text}"
        elif int(seconds):
            told += f" with an auction of {int(seconds)} seconds"
        return ResumeInstrument(request.symbol, int(seconds)), told

    def _check_listed(self, request: OperatorRequest) -> None:
        if not self._venue.listed(request.symbol):
            raise _fault("Symbol(55)", request.symbol, "a listed instrument")

    def _is_halted(self, symbol: str) -> bool:
        return self._venue.phase(symbol) is TradingPhase.HALT

    def _markets(self) -> set[str]:
        instruments = self._venue.instruments.values()
        used = {instrument.spec.market for instrument in instruments}
        return {MAIN_MARKET, *used, *self._venue.market_phases}


def _named(name: str) -> str:
    """A term by name and tag of its field."""
    if name == "symbol":
        return "Symbol(55)"
    tag, field = TERMS[name]
    return f"{field}({tag})"


def _fault(field: str, value: str | None, expected: str) -> OperatorFaultError:
    found = "is missing" if not value else f"is {value[:MAX_ID]}"
    return OperatorFaultError(f"{field} {found}, expected {expected}")


def _texts(spec: InstrumentSpec) -> dict[str, str]:
    """What an instrument's terms are, as a request would give them."""
    return dict(_given(spec))


def _given(spec: InstrumentSpec) -> Iterator[tuple[str, str]]:
    for name in TERMS:
        value = getattr(spec, name)
        if value is not None and value != "":
            yield name, f"{value:f}" if not isinstance(value, str | int) else str(value)
