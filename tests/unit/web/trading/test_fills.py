"""Fills as reports and the venue's memory of trades tell them."""

import asyncio
from typing import Any

from tests.unit.web.trading.fake_link import FakeLink, message, report
from venue.client import ExecutionReport, LoggedOn, LoggedOut, TradeCaptureReport
from venue.client.parse import parse_event
from venue.client.wire import join_fields
from venue.web.problems import Problem
from venue.web.shapes import Fill, Order
from venue.web.trading.desk import Desk
from venue.web.trading.fills import Fills, fill_of_report, fills_of_trade

TRADE = {"_150": "F", "_17": "E1", "_880": "5", "_31": "99.5", "_32": "4", "_851": "2"}
DONE = Fill(
    trade_id="5",
    execution_id="E1",
    order_id="1",
    client_order_id="one",
    symbol="AAPL",
    side="buy",
    quantity="4",
    price="99.5",
    liquidity="taker",
    fee="-0.25",
    fee_currency="USD",
    time="2026-01-02T10:00:00.000Z",
    account="A-1",
)


def reported(**said: Any) -> Fill:
    event = parse_event(message("8", report(**TRADE | said)))
    assert isinstance(event, ExecutionReport)
    fill = fill_of_report(event)
    assert fill is not None
    return fill


def trade_text(
    req_id: str,
    trade_id: str,
    order_id: str = "1",
    kind: str = "0",
    id_: str = "one",
    session: str = "WEB1",
) -> str:
    head = (
        "8=FIXT.1.1|9=0|35=AE|34=1|571=5|150=F|912=N|325=N|55=AAPL|15=USD|32=4|31=99.5|75=20260102"
    )
    time = f"60=20260102-10:00:0{len(trade_id)}.000"
    side = f"552=1|54=1|1427=E1|37={order_id}|11={id_}|1=A-1|821={session}|1444=2|12=-0.25|479=USD"
    text = f"{head}|{time}|487={kind}|568={req_id}|880={trade_id}|{side}"
    return join_fields(
        (int(tag), value) for tag, _, value in (f.partition("=") for f in text.split("|"))
    )


def remembered(*said: str) -> Fill:
    event = parse_event(trade_text("r", *said))
    assert isinstance(event, TradeCaptureReport)
    return fills_of_trade(event, "WEB1")[0]


def test_report_and_memory_agree() -> None:
    fill = reported(_12="-0.25", _479="USD", _1="A-1")
    assert fill == DONE
    assert remembered("5") == Fill(
        **{name: getattr(DONE, name) for name in DONE.__slots__ if name != "time"},
        time="2026-01-02T10:00:01.000Z",
    )


def test_what_is_no_fill() -> None:
    event = parse_event(message("8", report()))
    assert isinstance(event, ExecutionReport) and fill_of_report(event) is None


def test_newest_first_and_the_last_are_kept() -> None:
    fills = Fills(kept=3)
    added = [fills.add(reported(_880=trade_id)) for trade_id in ("10", "9", "100", "8")]
    assert added == [True, True, True, False]
    assert [fill.trade_id for fill in fills.newest()] == ["100", "10", "9"]
    assert list(fills.newest("MSFT")) == []
    assert [fill.trade_id for fill in fills.newest(None, "100")] == ["10", "9"]
    assert list(fills.newest("AAPL", "9")) == []


def test_older_than_one_side_of_a_trade() -> None:
    """Where a page ends between the sides of a trade with oneself, the next has the other."""
    fills = Fills()
    for order_id in ("9", "10"):
        fills.add(reported(_880="5", _37=order_id))
    fills.add(reported(_880="4"))
    assert [fill.order_id for fill in fills.newest(None, "5-9")] == ["10", "1"]
    assert [fill.order_id for fill in fills.newest(None, "5")] == ["1"]


def test_both_sides_of_a_trade() -> None:
    fills = Fills()
    assert fills.add(reported()) and fills.add(reported(_37="2"))
    assert not fills.add(reported())
    assert len(fills) == 2


def test_corrected_and_busted() -> None:
    fills = Fills()
    fills.add(reported(_12="0.1", _479="USD"))
    assert fills.add(reported(_150="G", _17="E2", _31="98", _12="0.2", _479="USD"))
    corrected = fills.find("5", "1")
    assert corrected is not None
    assert (corrected.status, corrected.price, corrected.fee) == ("corrected", "98", "0.2")
    assert not fills.add(reported())  # what was before, asked for late
    assert fills.add(reported(_150="H", _17="E3", _31="0", _32="0"))
    busted = fills.find("5", "1")
    assert busted is not None
    assert (busted.status, busted.price, busted.quantity, busted.fee, busted.execution_id) == (
        *("busted", "98", "0", None),
        "E3",
    )
    assert not fills.add(reported(_150="H", _17="E3", _31="0", _32="0"))


class Memory:
    """A venue that remembers trades `told`, and of orders those of `own`, by ClOrdID."""

    def __init__(self, link: FakeLink, told: list[str], own: dict[str, str]) -> None:
        self.link = link
        self.told = told
        self.own = own
        link.answers = self.answer

    def answer(self, msg_type: str, fields: dict[int, str]) -> None:
        asyncio.get_running_loop().call_soon(self._answer, msg_type, fields)

    def _answer(self, msg_type: str, fields: dict[int, str]) -> None:
        unknown = {"_37": "NONE", "_39": "8", "_103": "5", "_11": "NONE", "_150": "I"}
        if msg_type == "AF":
            self.link.report(_584=fields[584], _912="Y", **unknown)
        elif msg_type == "H" and fields[11] in self.own:
            ended = {"_39": "2", "_151": "0", "_14": "4", "_11": fields[11]}
            self.link.report(_150="I", _790=fields[790], _37=self.own[fields[11]], **ended)
        elif msg_type == "H":
            self.link.report(_790=fields[790], **unknown)
        elif msg_type == "AD":
            self.link.tell_trades(fields, self.told)


def told(memory_of: list[str], limit: int) -> tuple[list[Fill], FakeLink]:
    async def scenario() -> tuple[list[Fill], FakeLink]:
        link = FakeLink()
        Memory(link, memory_of, {})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        async with asyncio.timeout(10):
            await desk.fills(limit=limit)
            return await desk.fills(limit=limit), link

    return asyncio.run(scenario())


def test_own_ones_of_the_firm_are_found() -> None:
    """Also those of orders that the venue knows no more, of an id that others have used, too."""
    memory = [
        trade_text("?", "1", "11", id_="mine"),
        trade_text("?", "2", "12", id_="theirs", session="ELSE"),
        trade_text("?", "3", "13", id_="mine-too"),
        trade_text("?", "4", "14", id_="mine", session="WEB1/DESK"),
    ]
    fills, link = told(memory, 10)
    assert [fill.trade_id for fill in fills] == ["3", "1"]
    assert link.count("AD") == 2  # of some minutes, and of the rest of the day


def test_no_more_is_asked_for_than_is_needed() -> None:
    memory = [trade_text("?", f"{n:05}" + "0" * (n // 50), f"{n}", id_=f"o{n}") for n in range(200)]
    fills, link = told(memory, 5)
    assert [fill.order_id for fill in fills] == ["199", "198", "197", "196", "195"]
    assert link.count("AD") == 1


def test_what_was_missed_is_asked_for() -> None:
    async def scenario() -> tuple[list[str], int]:
        link = FakeLink()
        memory = Memory(link, [trade_text("?", "1", "11", id_="mine")], {"mine": "11"})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        async with asyncio.timeout(10):
            await desk.fills()
            before = link.count("AD")
            link.hear(LoggedOut())
            memory.told.append(trade_text("?", "2", "11", id_="mine"))
            link.hear(LoggedOn())
            return [fill.trade_id for fill in await desk.fills()], link.count("AD") - before

    assert asyncio.run(scenario()) == (["2", "1"], 1)


def test_fills_of_an_order_of_before() -> None:
    async def scenario() -> tuple[Order, Order]:
        link = FakeLink()
        Memory(link, [trade_text("?", "1", "11", id_="mine")], {"mine": "11"})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        async with asyncio.timeout(10):
            return await desk.order("mine"), await desk.order("mine")

    order, again = asyncio.run(scenario())
    assert [fill.trade_id for fill in order.fills] == ["1"]
    assert again == order


def test_a_fill_that_was_told_before_its_order_was_asked_for() -> None:
    async def scenario() -> Order:
        link = FakeLink()
        Memory(link, [trade_text("?", "1", "11", id_="mine")], {"mine": "11"})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        async with asyncio.timeout(10):
            assert [fill.trade_id for fill in await desk.fills()] == ["1"]
            return await desk.order("mine")

    assert [fill.trade_id for fill in asyncio.run(scenario()).fills] == ["1"]


def test_refusal() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Memory(link, [], {})
        answer = link.answers
        assert answer is not None

        def refuse(msg_type: str, fields: dict[int, str]) -> None:
            if msg_type == "AD":
                refusal = {568: fields[568], 749: "9", 750: "2", 58: "no role"}
                asyncio.get_running_loop().call_soon(link.say, "AQ", refusal)
            else:
                answer(msg_type, fields)

        link.answers = refuse
        desk = Desk(link.link)
        link.hear(LoggedOn())
        try:
            async with asyncio.timeout(10):
                await desk.fills()
        except Problem as problem:
            return problem
        raise AssertionError("not refused")

    problem = asyncio.run(scenario())
    assert (problem.status, problem.more["venue_code"], problem.more["venue_text"]) == (
        422,
        "9",
        "no role",
    )


def test_many_fills_of_one_order_leave_others_their_turn() -> None:
    async def scenario(count: int) -> tuple[int, int]:
        link = FakeLink()
        memory = [trade_text("?", f"{n:05}", "11", id_="mine") for n in range(count)]
        Memory(link, [*memory, *memory[: count // 3]], {})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.ensure_future(others())
        async with asyncio.timeout(10):
            fills = await desk.fills(limit=5_000)
        task.cancel()
        return len(fills), turns

    (few, usual), (many, turns) = asyncio.run(scenario(9)), asyncio.run(scenario(3_000))
    assert (few, many) == (9, 3_000)
    assert turns >= usual + 18
