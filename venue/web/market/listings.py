"""Instruments and their phases, as the venue tells them from each logon on."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

import structlog

from venue.client import Event
from venue.client.reference import Listing, SecurityList, SecurityStatus
from venue.web.link import Link
from venue.web.problems import Problem, no_answer, unknown, venue_down
from venue.web.shapes import Instrument

log = structlog.get_logger()

Watcher = Callable[[bool, list[Instrument]], None]
"""Called with whether these are all instruments, and the instruments that have changed."""

ANSWER_SECONDS = 5.0
MOST_PHASES = 900
"""Instruments whose phase is subscribed to; the venue gives a session 1,000 such subscriptions. The
phase of others is told as of the logon.
"""
UNKNOWN, DELISTED = "unknown", "delisted"
NO_PHASE = (UNKNOWN, False, None)


class Listings:
    """What may be traded. Everything is asked for again when the session comes back."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._listed: dict[str, Listing] = {}
        self._phases: dict[str, tuple[str, bool, str | None]] = {}
        self._asked: dict[str, str] = {}
        self._watched: set[str] = set()
        self._request = ""
        self._is_listed = False
        self._complete = asyncio.Event()
        self._watchers: list[Watcher] = []

    @property
    def is_complete(self) -> bool:
        """Whether all instruments and their phases are known."""
        return self._complete.is_set()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Hear of every change; return how to end that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def logged_on(self) -> None:
        """Ask for everything."""
        self._listed.clear()
        self._phases.clear()
        self._asked.clear()
        self._watched.clear()
        self._is_listed = False
        self._complete.clear()
        self._request = ""
        self._link.when_allowed(self._ask_for_all)

    def _ask_for_all(self) -> None:
        self._request = self._link.client().request_instruments(updates=True)

    def logged_out(self) -> None:
        self._complete.clear()

    def take(self, event: Event) -> None:
        """Learn from an event of the session."""
        if isinstance(event, SecurityList):
            self._list(event)
        elif isinstance(event, SecurityStatus) and event.security_status_req_id in self._asked:
            self._phase(event)

    def known(self, symbol: str) -> bool | None:
        """Whether there is such an instrument; None while that is not known."""
        return symbol in self._listed if self._is_listed else None

    def phase(self, symbol: str) -> str:
        """The venue's word for the phase of an instrument."""
        return self._phases.get(symbol, NO_PHASE)[0]

    def now(self) -> list[Instrument]:
        """All instruments as far as they are known, by symbol."""
        return [self._instrument(self._listed[symbol]) for symbol in sorted(self._listed)]

    async def all(self) -> list[Instrument]:
        await self.wait()
        return self.now()

    async def one(self, symbol: str) -> Instrument:
        await self.wait()
        if symbol not in self._listed:
            raise unknown("symbol", symbol)
        return self._instrument(self._listed[symbol])

    async def wait(self) -> None:
        """Wait until everything is known. Raise a Problem where it does not come."""
        if self.is_complete:
            return
        if not self._link.is_up:
            raise venue_down(self._link.text)
        try:
            await asyncio.wait_for(self._complete.wait(), ANSWER_SECONDS)
        except TimeoutError:
            raise no_answer("a SecurityListRequest") from None

    def _list(self, event: SecurityList) -> None:
        if event.security_req_id != self._request:
            return
        if event.is_refused:
            log.error("instruments refused", result=event.security_request_result)
            return
        changed: list[Instrument] = []
        for listing in event.listings:
            if listing.is_listed:
                self._listed[listing.symbol] = listing
                self._ask(listing.symbol)
                changed.append(self._instrument(listing))
            elif self._listed.pop(listing.symbol, None) is not None:
                self._phases[listing.symbol] = DELISTED, False, listing.text
                changed.append(self._instrument(listing))
        self._is_listed = self._is_listed or event.is_last
        self._tell(changed)

    def _ask(self, symbol: str) -> None:
        if symbol in self._watched:
            return
        self._watched.add(symbol)
        self._link.when_allowed(lambda: self._ask_now(symbol))

    def _ask_now(self, symbol: str) -> None:
        updates = len(self._asked) < MOST_PHASES
        try:
            asked = self._link.client().request_security_status(symbol, updates=updates)
        except Problem:
            self._watched.discard(symbol)
            return
        self._asked[asked] = symbol

    def _phase(self, event: SecurityStatus) -> None:
        symbol = event.symbol
        if not event.is_listed:
            del self._asked[event.security_status_req_id]
            self._watched.discard(symbol)
            return
        self._phases[symbol] = event.phase, event.is_halted, None
        listing = self._listed.get(symbol)
        if listing is not None:
            self._tell([self._instrument(listing)])

    def _tell(self, changed: list[Instrument]) -> None:
        was_complete = self.is_complete
        if not was_complete:
            if not self._is_listed or any(symbol not in self._phases for symbol in self._listed):
                return
            self._complete.set()
            changed = self.now()
        for watcher in list(self._watchers) if changed else ():
            watcher(not was_complete, changed)

    def _instrument(self, listing: Listing) -> Instrument:
        phase, is_halted, text = self._phases.get(listing.symbol, NO_PHASE)
        return Instrument(
            symbol=listing.symbol,
            market=listing.market,
            currency=listing.currency,
            tick=f"{listing.tick:f}",
            lot=f"{listing.lot:f}",
            min_quantity=_text(listing.min_qty),
            max_quantity=_text(listing.max_qty),
            reference_price=_text(listing.reference_price),
            collar_percent=_text(listing.collar_percent),
            dynamic_collar_percent=listing.words.get("dynamic_collar_percent"),
            static_collar_percent=listing.words.get("static_collar_percent"),
            phase=phase,
            is_halted=is_halted,
            text=text or listing.text,
        )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
