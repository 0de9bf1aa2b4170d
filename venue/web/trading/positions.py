"""Positions of the desk's firm: asked for anew whenever somebody asks, followed while watched."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

import structlog

from venue.client import PositionReport, RequestForPositionsAck
from venue.client.asking import utc_now
from venue.client.inquiries import END, SNAPSHOT, UPDATES, positions_fields
from venue.web.link import Link
from venue.web.problems import Problem, refused
from venue.web.requests import PATIENCE, Requests
from venue.web.shapes import Position
from venue.web.shared import Shared
from venue.web.trading.watchers import Watchers
from venue.web.trading.words import text_of

log = structlog.get_logger()

SECONDS = 10.0
LOOK_SECONDS = 5.0
"""The venue tells of fills and not of another last price, so watchers have it looked up."""
MOST_LOOKED_AT = 200
"""With more positions than that nothing is looked up."""


class Positions:
    """Positions by account and symbol."""

    def __init__(self, link: Link, requests: Requests, watchers: Watchers) -> None:
        self._link = link
        self._requests = requests
        self._watchers = watchers
        self._known: dict[tuple[str | None, str], Position] = {}
        self._following: str | None = None
        self._looking: asyncio.Task[None] | None = None
        self._asking = Shared(self._ask)

    async def all(self) -> list[Position]:
        """Return all positions as they are now, by symbol and account."""
        positions = await self._asking.answer()
        return sorted(positions, key=lambda each: (each.symbol, each.account or ""))

    def follow(self) -> None:
        """Tell watchers of changes while there are any; also after another Logon."""
        if self._following is None and self._link.is_up and self._watchers.has("positions"):
            following = self._link.client().next_id()
            with suppress(Problem):  # then the connection is lost, and the next Logon is near
                self._link.send("AN", positions_fields(following, UPDATES, utc_now()))
                self._following = following
        if self._looking is None and self._watchers.has("positions"):
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def logged_out(self) -> None:
        """The subscription is gone with its connection."""
        self._following = None

    def apply(self, event: PositionReport | RequestForPositionsAck) -> None:
        """Take note of a position, or of how many there are."""
        request = self._requests.find(event.pos_req_id)
        if isinstance(event, PositionReport):
            position = _position(event)
            key = (position.account, position.symbol)
            if self._known.get(key) != position:
                self._known[key] = position
                self._watchers.position(position)
            if request is not None:
                request.touch()
                request.found.append(position)
                if len(request.found) == event.total_num_pos_reports:
                    request.answer(request.found)
        elif request is not None:
            if event.is_refused:
                code, text = event.pos_req_result, event.text
                request.fail(refused(f"{request.what}: {text}", code=code, text=text))
            elif event.total_num_pos_reports == 0:
                request.answer([])

    async def _ask(self) -> list[Position]:
        req_id = self._link.client().next_id()
        fields = positions_fields(req_id, SNAPSHOT, utc_now())
        found: list[Position] = await self._requests.ask(
            "the positions", [("AN", fields)], req_id, seconds=SECONDS, patience=PATIENCE
        )
        return found

    async def _look(self) -> None:
        try:
            while self._watchers.has("positions"):
                await asyncio.sleep(LOOK_SECONDS)
                if self._link.is_up and 0 < len(self._known) <= MOST_LOOKED_AT:
                    try:
                        await self._asking.answer()
                    except Problem as problem:
                        log.warning("positions", session=self._link.comp_id, text=problem.detail)
        finally:
            self._looking = None
            following, self._following = self._following, None
            if following is not None:
                with suppress(Problem):
                    self._link.send("AN", positions_fields(following, END, utc_now()))


def _position(event: PositionReport) -> Position:
    return Position(
        account=event.account,
        symbol=event.symbol,
        currency=event.currency,
        quantity=f"{event.qty:f}",
        average_price=text_of(event.average_price),
        mark_price=f"{event.settl_price:f}",
        realised=text_of(event.realised),
        unrealised=text_of(event.unrealised),
        day_pnl=text_of(event.day_pnl),
        fees={currency: f"{fee:f}" for currency, fee in event.fees.items()},
    )


def total_fees(positions: Iterable[Position]) -> dict[str, str]:
    """Add up the fees of positions, by currency."""
    totals: dict[str, Decimal] = {}
    for position in positions:
        for currency, fee in position.fees.items():
            totals[currency] = totals.get(currency, Decimal(0)) + Decimal(fee)
    return {currency: f"{total:f}" for currency, total in sorted(totals.items())}
