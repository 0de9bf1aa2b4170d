"""A web without a venue: desks and a market that say what a test has told them to say."""

import asyncio
import json
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from venue.configuration.sessions import Role
from venue.web.accounts.users import Principal
from venue.web.api import install
from venue.web.api.performance import Performance
from venue.web.problems import Problem, unknown
from venue.web.shapes import (
    Bbo,
    Book,
    Fill,
    Firm,
    FirmLimits,
    FixMessage,
    Instrument,
    Level,
    LinkStatus,
    OperatorAnswer,
    Order,
    Position,
    Session,
    Trade,
)

NOW = "2026-11-21T12:00:00.000Z"
FILL = Fill(
    trade_id="T1",
    execution_id="E2",
    order_id="O1",
    client_order_id="a",
    symbol="AAPL",
    side="buy",
    quantity="3",
    price="100.5",
    liquidity="taker",
    fee="0.01",
    fee_currency="USD",
    time=NOW,
)
ORDER = Order(
    order_id="O1",
    client_order_id="a",
    client_order_ids=["a"],
    symbol="AAPL",
    side="buy",
    type="limit",
    time_in_force="day",
    quantity="10",
    price="100.5",
    trigger_price=None,
    display_quantity=None,
    min_quantity=None,
    post_only=False,
    expires=None,
    status="new",
    is_working=True,
    is_waiting=False,
    is_triggered=False,
    filled_quantity="0",
    remaining_quantity="10",
    average_price=None,
    text=None,
    created_at=NOW,
    updated_at=NOW,
    session="WEB1",
)


class FakeDesk:
    """Answers with `answers`, or raises it; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.placed: tuple[Order, bool] | Exception = (ORDER, True)
        self.told_positions: list[Position] = []

    async def place(self, terms: Any, client_order_id: str | None) -> tuple[Order, bool]:
        self.asked.append(("place", terms, client_order_id))
        if isinstance(self.placed, Exception):
            raise self.placed
        return self.placed

    async def amend(self, client_order_id: str, changes: Any, new_id: str | None) -> Order:
        self.asked.append(("amend", client_order_id, changes, new_id))
        return ORDER

    async def cancel(self, client_order_id: str, new_id: str | None = None) -> Order:
        self.asked.append(("cancel", client_order_id))
        return replace(ORDER, status="canceled", is_working=False)

    async def mass_cancel(self, symbol: str | None, side: str | None) -> list[Order]:
        self.asked.append(("mass_cancel", symbol, side))
        return [ORDER]

    async def order(self, client_order_id: str) -> Order:
        if client_order_id not in ORDER.client_order_ids:
            raise unknown("order", client_order_id)
        return ORDER

    async def orders(self, **filters: Any) -> list[Order]:
        self.asked.append(("orders", filters))
        return [ORDER]

    async def fills(self, **filters: Any) -> list[Fill]:
        self.asked.append(("fills", filters))
        return [FILL]

    async def positions(self) -> list[Position]:
        return self.told_positions

    async def fees(self) -> dict[str, str]:
        return {"USD": "0.01"}


class FakeOperator:
    """Does whatever it is asked for, unless there is a `refusal`."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.refusal: str | None = None

    async def act(self, action: str, symbol: str | None = None, **terms: Any) -> OperatorAnswer:
        self.asked.append((action, symbol, terms))
        return OperatorAnswer(
            action=action, accepted=self.refusal is None, text=self.refusal or "done"
        )

    async def sessions(self) -> list[Session]:
        known = {"version": "FIX.4.4", "firm": "ALPHA", "roles": ["order_entry"]}
        return [Session(comp_id="TRADER1", **known, state="up", next_in=3, next_out=4)]  # type: ignore[arg-type]

    async def firms(self) -> list[Firm]:
        return [Firm(name="ALPHA", is_killed=False, killed_accounts=["A"])]

    async def limits(self, firm: str | None) -> list[FirmLimits]:
        self.asked.append(("limits", firm, {}))
        return [FirmLimits(firm=firm, account=None, symbol="AAPL", limits={"max_order_qty": "5"})]


class FakeMarket:
    figures = staticmethod(lambda: {"messages": 1})

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def _known(self, symbol: str) -> str:
        if symbol not in ("AAPL", "EUR/USD"):
            raise unknown("symbol", symbol)
        return symbol

    async def instruments(self) -> list[Instrument]:
        return [await self.instrument("AAPL")]

    async def instrument(self, symbol: str) -> Instrument:
        return Instrument(
            symbol=self._known(symbol),
            market="MAIN",
            currency="USD",
            tick="0.01",
            lot="1",
            min_quantity="1",
            max_quantity=None,
            phase="continuous",
            is_halted=False,
        )

    async def book(self, symbol: str, levels: int) -> Book:
        self.asked.append(("book", symbol, levels))
        bids = [Level(price="100.5", quantity="10", orders=1)]
        return Book(
            symbol=self._known(symbol), sequence=1, bids=bids, asks=[], auction=None, time=NOW
        )

    async def bbo(self, symbol: str) -> Bbo:
        bid = Level(price="100.5", quantity="10", orders=1)
        known = self._known(symbol)
        return Bbo(symbol=known, sequence=1, bid=bid, ask=None, spread=None, mid=None, time=NOW)

    async def trades(self, symbol: str, limit: int, before: str | None) -> list[Trade]:
        self.asked.append(("trades", symbol, limit, before))
        return []

    async def candles(self, symbol: str, seconds: int, limit: int) -> list[Any]:
        self.asked.append(("candles", symbol, seconds, limit))
        return []

    async def statistics(self, symbol: str) -> Any:
        raise ZeroDivisionError("a defect with secrets in it")


@cache
def _application() -> FastAPI:
    """It takes a while to be made, and remembers nothing."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.web = SimpleNamespace(
        accounts=SimpleNamespace(cookie_name="venue_8000"),
        performance=Performance(),
        hub=None,
        starting=[],
        stopping=[],
    )
    install(app, app.state.web)
    return app


class Server:
    """The application; `who` asks, unless a test says otherwise."""

    def __init__(self) -> None:
        self.desk, self.other_desk = FakeDesk(), FakeDesk()
        self.operator = FakeOperator()
        self.market = FakeMarket()
        self.alpha = SimpleNamespace(
            name="alpha", desk=self.desk, operator=None, sessions=["WEB1"], rights=lambda _: []
        )
        self.beta = SimpleNamespace(
            name="beta", desk=self.other_desk, operator=None, sessions=["WEB2"]
        )
        self.boss = SimpleNamespace(
            name="boss", desk=None, operator=self.operator, sessions=["WEBOP"]
        )
        self.who: Any = Principal(self.alpha, "token", "token:alpha")  # type: ignore[arg-type]
        users = {each.name: each for each in (self.alpha, self.beta, self.boss)}
        links = [
            LinkStatus(comp_id=comp_id, state="up", since=NOW)
            for comp_id in ("WEBMD", "WEB1", "WEB2", "WEBOP")
        ]
        message = FixMessage(
            number=1, time=NOW, session="WEB1", direction="in", msg_type="8", raw="8=FIXT.1.1|"
        )
        self.app = _application()
        self.web = self.app.state.web
        self.web.__dict__.update(
            accounts=SimpleNamespace(
                cookie_name="venue_8000", users=users, without_password=["alpha", "beta"]
            ),
            links=SimpleNamespace(
                is_venue_up=True,
                statuses=lambda: links,
                of=lambda comp_id: SimpleNamespace(
                    comp_id=comp_id, state="up", text=None, next_numbers=(7, 9)
                ),
            ),
            messages=SimpleNamespace(
                recent=lambda sessions, limit: [message] if "WEB1" in sessions else []
            ),
            market=self.market,
            config=SimpleNamespace(
                sessions=[
                    SimpleNamespace(comp_id="WEB1", firm="ALPHA", roles=[Role.ORDER_ENTRY]),
                    SimpleNamespace(comp_id="WEB2", firm="BETA", roles=[Role.ORDER_ENTRY]),
                ]
            ),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["venue.principal"] = self.who
        await self.app(scope, receive, send)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """Send a request; a body that is not bytes is sent as JSON."""
        headers = {"Content-Type": "application/json"} | more.pop("headers", {})
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self)
            async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
                return await client.request(method, path, content=content, headers=headers, **more)

        return asyncio.run(asked())

    def refuses(
        self, method: str, path: str, body: Any = None, *, status: int, code: str, **more: Any
    ) -> dict[str, Any]:
        """Assert that a request is answered with a problem of these, and return it."""
        response = self.ask(method, path, body, **more)
        problem: dict[str, Any] = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert (response.status_code, problem["code"]) == (status, code), problem
        assert problem["status"] == status and problem["type"] == f"/problems/{code}"
        assert problem["title"] and problem["detail"]
        return problem


def problem(status: int, code: str) -> Problem:
    return Problem(status, code, "as a part of the web would say it")
