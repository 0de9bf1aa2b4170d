"""What a lost connection has not told, and what a restart has left nobody to remember."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec

from tests.unit.web.fake_transport import turns
from tests.unit.web.trading.fake_link import FakeLink
from tests.unit.web.trading.test_again import FILLED, FOUR
from tests.unit.web.trading.test_desk import TERMS, Venue, failed, run
from tests.unit.web.trading.test_fills import trade_text
from venue.client import LoggedOn, LoggedOut
from venue.web.problems import Problem, venue_down
from venue.web.shapes import Order
from venue.web.trading.desk import Desk


class Remembering(Venue):
    """Tells all trades to who names no order."""

    def _trades(self, fields: dict[int, str]) -> None:
        self.link.tell_trades(fields, self.trades)


class Firm:
    """A desk with a drop copy, whose sessions can be lost one by one."""

    def __init__(self) -> None:
        self.own, self.copies = FakeLink(), FakeLink("DROP1")
        self.venue = Remembering(self.own)
        Venue(self.copies)
        self.desk = Desk(self.own.link, self.copies.link)

    def log_on(self) -> None:
        self.own.hear(LoggedOn())
        self.copies.hear(LoggedOn())

    def trade(self, trade_id: str) -> None:
        """A trade of somebody else of the firm, which the venue remembers and nobody is told."""
        self.venue.trades.append(trade_text("?", trade_id, trade_id, session="WEB2"))

    async def fills(self) -> list[str]:
        return [fill.trade_id for fill in await self.desk.fills()]


def test_what_a_lost_drop_copy_has_not_told_is_asked_for() -> None:
    async def scenario() -> list[list[str]]:
        firm = Firm()
        firm.log_on()
        firm.trade("1")
        told = [await firm.fills()]
        firm.trade("2")
        firm.copies.hear(LoggedOut())
        told.append(await firm.fills())
        firm.trade("3")
        firm.copies.hear(LoggedOn())
        told.append(await firm.fills())
        firm.trade("4")  # told to nobody, so it could be known only by asking once more
        return [*told, await firm.fills()]

    assert run(scenario) == [["1"], ["2", "1"], ["3", "2", "1"], ["3", "2", "1"]]


def test_trades_are_asked_for_again_where_the_drop_copy_came_later() -> None:
    async def scenario() -> list[list[str]]:
        firm = Firm()
        firm.copies.is_up = False
        firm.own.hear(LoggedOn())
        firm.trade("1")
        told = [await firm.fills()]
        firm.trade("2")
        firm.copies.hear(LoggedOn())
        return [*told, await firm.fills()]

    assert run(scenario) == [["1"], ["2", "1"]]


def test_trades_of_before_a_loss_that_comes_while_they_are_asked_for() -> None:
    async def scenario() -> list[str]:
        firm = Firm()
        firm.log_on()
        await firm.fills()
        firm.copies.hear(LoggedOut())
        firm.copies.hear(LoggedOn())
        firm.venue.silent.add("AD")
        asked = firm.own.count("AD")
        asking = asyncio.ensure_future(firm.fills())
        while firm.own.count("AD") == asked:
            await asyncio.sleep(0)
        question = firm.own.last("AD")
        firm.copies.hear(LoggedOut())
        firm.copies.hear(LoggedOn())
        firm.venue.silent.clear()
        firm.venue._trades(question)
        firm.trade("1")
        await asking
        return await firm.fills()

    assert run(scenario) == ["1"]


def test_each_logon_of_either_session_counts() -> None:
    async def scenario() -> list[int]:
        firm = Firm()
        counted = [firm.desk.logons]
        firm.own.hear(LoggedOn())
        counted.append(firm.desk.logons)
        firm.copies.hear(LoggedOut())
        firm.copies.hear(LoggedOn())
        return [*counted, firm.desk.logons]

    assert run(scenario) == [0, 1, 2]


def test_watchers_are_told_of_orders_whose_fills_are_found() -> None:
    async def scenario() -> list[tuple[str, list[str]]]:
        link = FakeLink()
        venue = Remembering(link)
        desk = Desk(link.link)
        told: list[tuple[str, list[str]]] = []

        def watch(kind: str, changed: list[Any]) -> None:
            told.extend((kind, [fill.trade_id for fill in each.fills]) for each in changed)

        desk.watch(watch, kinds=("orders",))
        venue.live.append(FILLED | {"_39": "1", "_151": "6", "_38": "10"})
        link.hear(LoggedOn())
        await turns()
        venue.trades.append(trade_text("?", "1", "1"))
        await desk.fills()
        await turns()
        return told

    assert run(scenario) == [("orders", []), ("orders", ["1"])]


async def placed_again(terms: Any, traded_as: str = "two") -> Order:
    """An order that was filled under another id before this process began, sent once more."""
    link = FakeLink()
    venue = Venue(link, "D")
    venue.ended["one"] = FILLED | {"_44": "101"}
    venue.trades.append(trade_text("?", "1", "1", id_=traded_as))
    desk = Desk(link.link)
    link.hear(LoggedOn())
    placing = asyncio.ensure_future(desk.place(terms, "one"))
    await turns(1)
    link.report(_11="one", _37="NONE", _150="8", _39="8", _103="6", _58="used before")
    order, is_new = await placing
    assert not is_new
    return order


def test_an_ended_order_that_may_have_been_amended_is_the_same_order() -> None:
    """The venue tells of it no more than the id that it was asked for by."""

    async def scenario() -> tuple[str, str, Problem, Problem]:
        order = await placed_again(TERMS)
        other = msgspec.structs.replace(FOUR, side="sell")
        wrong_side = await failed(placed_again(other))
        return order.quantity, order.status, wrong_side, await failed(placed_again(TERMS, "one"))

    quantity, status, *problems = run(scenario)
    assert (quantity, status) == ("4", "filled")
    assert [problem.status for problem in problems] == [409, 409]
    assert "other side" in problems[0].detail
    assert "other quantity" in problems[1].detail


def test_an_order_of_which_only_a_part_was_sent_may_be_there() -> None:
    """The connection is lost between it and the question behind it."""

    async def scenario() -> Problem:
        link = FakeLink()
        desk = Desk(link.link)

        def lose(msg_type: str, fields: dict[int, str]) -> None:
            if msg_type == "H":
                raise venue_down("lost")

        link.answers = lose
        return await failed(desk.place(TERMS, "one"))

    problem = run(scenario)
    assert (problem.status, problem.code) == (504, "no_answer")


def test_quantity_of_a_known_order_is_compared() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Venue(link).live.append({"_11": "one", "_37": "1", "_39": "0"})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await desk.orders()
        other = msgspec.structs.replace(TERMS, quantity=Decimal(11))
        return await failed(desk.place(other, "one"))

    problem = run(scenario)
    assert (problem.status, "other quantity" in problem.detail) == (409, True)
