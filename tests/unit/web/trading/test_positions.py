"""Positions that are asked for and followed."""

import asyncio
from typing import Any

from tests.unit.web.trading.fake_link import FakeLink
from venue.client import LoggedOn, LoggedOut
from venue.client.parse import parse_event
from venue.client.wire import join_fields
from venue.web.problems import Problem
from venue.web.shapes import Position
from venue.web.trading.desk import Desk
from venue.web.trading.positions import total_fees

AMOUNTS = (
    "753=5|707=CASH|708=-500|707=TVAR|708=1.5|707=FMTM|708=-2.5|707=IMTM|708=-1|707=CRES|708=-0.3"
)


def position_text(req_id: str, symbol: str, quantity: str, total: int | None) -> str:
    first = f"8=FIXT.1.1|9=0|35=AP|34=1|710={req_id}|715=20260102|1=A-1|55={symbol}|15=USD"
    count = "325=Y" if total is None else f"325=N|727={total}"
    group = f"702=2|703=NET|704={quantity}|705=0|703=SOD|704=0|705=0"
    rest = f"730=99|734=98|{group}|{AMOUNTS}|58=average_price=100 fees_USD=0.3"
    fields = (field.partition("=") for field in f"{first}|{count}|{rest}".split("|"))
    return join_fields((int(tag), value) for tag, _, value in fields)


class Books:
    """A venue with positions; with `refuses` it gives no account of them."""

    def __init__(self, link: FakeLink, **quantities: str) -> None:
        self.link = link
        self.quantities = quantities
        self.refuses = False
        self.following: str | None = None
        link.answers = self.answer

    def answer(self, msg_type: str, fields: dict[int, str]) -> None:
        asyncio.get_running_loop().call_soon(self._answer, msg_type, fields)

    def _answer(self, msg_type: str, fields: dict[int, str]) -> None:
        if msg_type != "AN" or fields[263] == "2":
            return
        if fields[263] == "1":
            self.following = fields[710]
        ack = {710: fields[710], 721: "1", 727: len(self.quantities), 728: "0", 729: "0"}
        if self.refuses:
            self.link.say("AO", ack | {727: 0, 728: "3", 729: "2", 58: "no role"})
            return
        self.link.say("AO", ack)
        for symbol, quantity in self.quantities.items():
            self._tell(fields[710], symbol, quantity, len(self.quantities))

    def change(self, symbol: str, quantity: str) -> None:
        self.quantities[symbol] = quantity
        assert self.following is not None
        self._tell(self.following, symbol, quantity, None)

    def _tell(self, req_id: str, symbol: str, quantity: str, total: int | None) -> None:
        self.link.hear(parse_event(position_text(req_id, symbol, quantity, total)))


def run(scenario: Any) -> Any:
    async def ended() -> Any:
        async with asyncio.timeout(10):
            return await scenario()

    return asyncio.run(ended())


def test_position() -> None:
    async def scenario() -> list[Position]:
        link = FakeLink()
        Books(link, MSFT="1", AAPL="5")
        return await Desk(link.link).positions()

    first, second = run(scenario)
    assert first == Position(
        account="A-1",
        symbol="AAPL",
        currency="USD",
        quantity="5",
        average_price="100",
        mark_price="99",
        realised="1.5",
        unrealised="-2.5",
        day_pnl="-1",
        fees={"USD": "0.3"},
    )
    assert second.symbol == "MSFT"
    assert total_fees([first, second]) == {"USD": "0.6"}


def test_no_positions() -> None:
    async def scenario() -> tuple[list[Position], dict[str, str]]:
        link = FakeLink()
        Books(link)
        desk = Desk(link.link)
        return await desk.positions(), await desk.fees()

    assert run(scenario) == ([], {})


def test_refusal() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Books(link).refuses = True
        try:
            await Desk(link.link).positions()
        except Problem as problem:
            return problem
        raise AssertionError("not refused")

    problem = run(scenario)
    assert (problem.status, problem.more["venue_code"]) == (422, "3")


def test_many_ask_at_once() -> None:
    async def scenario() -> int:
        link = FakeLink()
        Books(link, AAPL="5")
        desk = Desk(link.link)
        answers = await asyncio.gather(*(desk.positions() for _ in range(50)))
        assert all(answer == answers[0] for answer in answers)
        return link.count("AN")

    assert run(scenario) == 2


def test_followed_while_watched() -> None:
    async def scenario() -> tuple[list[str], int]:
        link = FakeLink()
        books = Books(link, AAPL="5")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        heard: list[Position] = []
        unwatch = desk.watch(lambda _, positions: heard.extend(positions), kinds=("positions",))
        desk.watch(lambda _, orders: None, kinds=("orders",))
        while not heard:
            await asyncio.sleep(0)
        books.change("AAPL", "6")
        books.change("AAPL", "7")
        while len(heard) < 2:
            await asyncio.sleep(0)
        link.hear(LoggedOut())
        link.hear(LoggedOn())
        subscribed = [fields for type_, fields in link.sent if type_ == "AN" and fields[263] == "1"]
        unwatch()
        return [position.quantity for position in heard], len(subscribed)

    quantities, subscribed = run(scenario)
    assert quantities == ["5", "7"]
    assert subscribed == 2


def test_not_followed_for_who_watches_orders() -> None:
    async def scenario() -> int:
        link = FakeLink()
        Books(link, AAPL="5")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        desk.watch(lambda _, orders: None, kinds=("orders", "fills"))
        for _ in range(10):
            await asyncio.sleep(0)
        return link.count("AN")

    assert run(scenario) == 0
