"""A desk and a venue that answers as the test likes: late, not at all, or what nobody can read."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from tests.unit.web.fake_transport import turns
from tests.unit.web.trading.fake_link import FakeLink
from venue.client import LoggedOn, LoggedOut
from venue.web import requests
from venue.web.problems import Problem
from venue.web.shapes import Order
from venue.web.trading.desk import Desk
from venue.web.trading.terms import OrderChanges, OrderTerms

T = TypeVar("T")
TERMS = OrderTerms(
    symbol="AAPL", side="buy", type="limit", quantity=Decimal(10), price=Decimal(100)
)
CANCELED = {"_150": "4", "_39": "4", "_151": "0"}


class Venue:
    """Answers what it is asked by rote; `silent` MsgTypes it does not answer."""

    def __init__(self, link: FakeLink, *silent: str) -> None:
        self.link = link
        self.silent = set(silent)
        self.live: list[dict[str, Any]] = []
        self.ended: dict[str, dict[str, Any]] = {}
        self.trades: list[str] = []
        link.answers = self.answer

    def answer(self, msg_type: str, fields: dict[int, str]) -> None:
        if msg_type not in self.silent:
            asyncio.get_running_loop().call_soon(self._answer, msg_type, fields)

    def _answer(self, msg_type: str, fields: dict[int, str]) -> None:
        if msg_type == "D":
            self.link.report(_11=fields[11])
        elif msg_type == "H":
            self._status(fields)
        elif msg_type == "AD":
            self._trades(fields)
        elif msg_type == "AF":
            of_none = {"_37": "NONE", "_11": "NONE", "_39": "8", "_103": "5"}
            *others, last = self.live or [of_none]
            for said in (*others, last | {"_912": "Y"}):
                self.link.report(_150="I", _584=fields[584], **said)

    def _trades(self, fields: dict[int, str]) -> None:
        told = [text for text in self.trades if f"\x0137={fields.get(37)}\x01" in text]
        self.link.tell_trades(fields, told)

    def _status(self, fields: dict[int, str]) -> None:
        named = fields.get(37) or fields[11]
        for said in [*self.live, *self.ended.values()]:
            if named in (said["_37"], said["_11"]):
                self.link.report(_150="I", _790=fields[790], **said | {"_11": fields[11]})
                return
        unknown = {"_37": "NONE", "_39": "8", "_103": "5", "_11": fields[11]}
        self.link.report(_150="I", _790=fields[790], **unknown)


def run(scenario: Callable[[], Awaitable[T]]) -> T:
    async def ended() -> T:
        async with asyncio.timeout(10):
            return await scenario()

    return asyncio.run(ended())


async def failed(awaitable: Awaitable[object]) -> Problem:
    with pytest.raises(Problem) as raised:
        await awaitable
    return raised.value


def new_order(id_: str, order_id: str) -> dict[str, Any]:
    return {"_11": id_, "_37": order_id, "_39": "0"}


def test_not_sent_where_the_venue_is_down() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        desk = Desk(link.link)
        link.is_up = False
        return await failed(desk.place(TERMS, "one"))

    problem = run(scenario)
    assert (problem.status, problem.code) == (503, "venue_down")


def test_connection_lost_before_the_answer() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        desk = Desk(link.link)
        placing = asyncio.ensure_future(failed(desk.place(TERMS, "one")))
        await turns()
        link.hear(LoggedOut())
        return await placing

    problem = run(scenario)
    assert (problem.status, problem.code) == (504, "no_answer")
    assert "connection was lost" in problem.detail


def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "SECONDS", 0.01)

    async def scenario() -> Problem:
        link = FakeLink()
        venue = requests.Requests(link.link)
        return await failed(venue.ask("order one", [("D", [(11, "one")])], "one", seconds=0.01))

    problem = run(scenario)
    assert (problem.status, problem.code) == (504, "no_answer")


def test_news_of_an_answer_is_waited_for() -> None:
    async def scenario() -> object:
        link = FakeLink()
        asked = requests.Requests(link.link)
        asking = asyncio.ensure_future(asked.ask("much", [("AF", [])], "all", seconds=0.6))
        for _ in range(8):
            await asyncio.sleep(0.1)
            request = asked.find("all")
            assert request is not None
            request.touch()
        request.answer("everything")
        return await asking

    assert run(scenario) == "everything"


@pytest.mark.parametrize(
    ("fields", "status", "code", "venue_code"),
    [
        ({45: 2, 372: "D", 380: "6", 379: "one", 58: "no role"}, 422, "refused", "6"),
        ({45: 9, 372: "D", 380: "6", 379: "one", 58: "no role"}, 422, "refused", "6"),
        ({45: 2, 372: "D", 380: "8", 58: "too fast"}, 429, "throttled", None),
        ({45: 2, 372: "D", 380: "4", 58: "no journal"}, 503, "venue_down", None),
    ],
)
def test_business_reject(
    fields: dict[int, Any], status: int, code: str, venue_code: str | None
) -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        desk = Desk(link.link)
        placing = asyncio.ensure_future(failed(desk.place(TERMS, "one")))
        await turns()
        link.say("j", fields)
        return await placing

    problem = run(scenario)
    assert (problem.status, problem.code) == (status, code)
    assert problem.more.get("venue_code") == venue_code
    assert fields[58] in problem.detail


def test_reject_ends_the_request_it_is_about() -> None:
    async def scenario() -> tuple[Problem, bool]:
        link = FakeLink()
        desk = Desk(link.link)
        first = asyncio.ensure_future(desk.place(TERMS, "one"))
        second = asyncio.ensure_future(failed(desk.place(TERMS, "two")))
        await turns()
        link.say("3", {45: 4, 371: 44, 372: "D", 373: "5", 58: "Value is incorrect"})
        problem = await second
        is_waiting = not first.done()
        first.cancel()
        return problem, is_waiting

    problem, is_waiting = run(scenario)
    assert (problem.status, problem.code, problem.more["venue_code"]) == (422, "refused", "5")
    assert is_waiting


@pytest.mark.parametrize("refusal", ["3", "j"])
def test_answer_that_our_own_side_refused(refusal: str) -> None:
    """Whose it was shows where a later answer comes: the earlier one is lost."""

    async def scenario() -> Problem:
        link = FakeLink()
        venue = Venue(link, "D", "H")
        desk = Desk(link.link)
        placing = asyncio.ensure_future(failed(desk.place(TERMS, "one")))
        await turns()
        venue.silent.clear()
        link.refuse(refusal)
        return await placing

    problem = run(scenario)
    assert (problem.status, problem.code) == (502, "unreadable_answer")


def test_unreadable_message_that_was_no_answer() -> None:
    async def scenario() -> Order:
        link = FakeLink()
        Venue(link, "D", "H")
        desk = Desk(link.link)
        placing = asyncio.ensure_future(desk.place(TERMS, "one"))
        await turns()
        asked, probe = link.last("H"), None
        link.refuse("3")
        probe = link.last("H")
        assert probe[790] != asked[790]
        link.report(_11="one")
        link.report(_150="I", _790=asked[790], _11="one")
        link.report(_150="I", _790=probe[790], _11=probe[11], _37="NONE", _39="8", _103="5")
        return (await placing)[0]

    assert run(scenario).status == "new"


def test_caller_that_has_gone() -> None:
    async def scenario() -> tuple[int, Order]:
        link = FakeLink()
        venue = Venue(link, "H", "D")
        desk = Desk(link.link)
        placing = asyncio.ensure_future(desk.place(TERMS, "one"))
        await turns()
        placing.cancel()
        await turns()
        under_way = len(desk._requests)
        venue.silent.clear()
        link.report(_11="one")
        order, _ = await desk.place(TERMS, "one")
        return under_way, order

    under_way, order = run(scenario)
    assert (under_way, order.status) == (0, "new")


def test_too_much_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST", 2)

    async def scenario() -> Problem:
        link = FakeLink()
        desk = Desk(link.link)
        waiting = [asyncio.ensure_future(desk.place(TERMS, f"o{n}")) for n in range(3)]
        await turns()
        problem = await failed(desk.place(TERMS, "one-more"))
        for each in waiting:
            each.cancel()
        return problem

    problem = run(scenario)
    assert (problem.status, problem.code) == (503, "busy")


def test_orders_of_before_and_what_became_of_them() -> None:
    """After another Logon: one lives, one has ended, one is forgotten, one is new."""

    async def scenario() -> tuple[list[Order], list[Order], int]:
        link = FakeLink()
        venue = Venue(link)
        desk = Desk(link.link)
        heard: list[Order] = []
        for order_id, id_ in enumerate(("lives", "ends", "forgotten"), 1):
            venue.live.append(new_order(id_, str(order_id)))
        link.hear(LoggedOn())
        assert len(await desk.orders(status="working")) == 3
        desk.watch(lambda _, orders: heard.extend(orders), kinds=("orders",))
        link.hear(LoggedOut())
        venue.ended["ends"] = new_order("ends", "2") | {"_39": "2", "_151": "0", "_14": "10"}
        venue.live = [new_order("lives", "1"), new_order("new", "9")]
        link.hear(LoggedOn())
        orders = await desk.orders()
        await turns()
        return orders, heard, link.count("AF")

    orders, heard, asked = run(scenario)
    told = {order.client_order_id: order.status for order in orders}
    assert told == {"lives": "new", "ends": "filled", "forgotten": "unknown", "new": "new"}
    changed = {order.client_order_id: order.status for order in heard}
    assert changed == {"ends": "filled", "forgotten": "unknown", "new": "new"}
    assert asked == 2


def test_list_waits_for_the_whole_answer() -> None:
    async def scenario() -> list[str]:
        link = FakeLink()
        Venue(link, "AF")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        listing = asyncio.ensure_future(desk.orders())
        req_id = link.last("AF")[584]
        link.report(_150="I", _584=req_id, _911="2", _912="N", **new_order("one", "1"))
        await turns()
        assert not listing.done()
        link.report(_150="I", _584=req_id, _911="2", _912="Y", **new_order("two", "2"))
        return [order.client_order_id for order in await listing]

    assert run(scenario) == ["two", "one"]


def test_list_while_the_connection_is_lost() -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Venue(link, "AF")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        listing = asyncio.ensure_future(failed(desk.orders()))
        await turns()
        link.hear(LoggedOut())
        return await listing

    problem = run(scenario)
    assert (problem.status, problem.code) == (503, "venue_down")


def test_order_that_came_while_the_list_was_asked_for() -> None:
    """It is in no list that was asked for before it, and alive all the same."""

    async def scenario() -> list[str]:
        link = FakeLink()
        Venue(link, "AF")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        link.report(_11="fresh", _37="7")
        req_id = link.last("AF")[584]
        link.report(_150="I", _584=req_id, _37="NONE", _11="NONE", _39="8", _103="5", _912="Y")
        return [order.status for order in await desk.orders()]

    assert run(scenario) == ["new"]


def test_many_orders() -> None:
    async def scenario() -> int:
        link = FakeLink()
        venue = Venue(link)
        venue.live = [new_order(f"o{n}", str(n)) for n in range(1, 10_001)]
        desk = Desk(link.link)
        link.hear(LoggedOn())
        return len(await desk.orders(status="working", limit=20_000))

    assert run(scenario) == 10_000


def test_amendment_behind_which_nothing_is_said() -> None:
    """An amendment is asked for by the id of the order that it changes: its own is none yet."""

    async def scenario() -> tuple[dict[int, str], dict[int, str], Order]:
        link = FakeLink()
        Venue(link, "G", "H").live.append(new_order("one", "1"))
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        amending = asyncio.ensure_future(desk.amend("one", OrderChanges(price=Decimal(99)), "two"))
        await turns()
        sent, asked = link.last("G"), link.last("H")
        link.report(_150="5", _11="two", _41="one", _44="99")
        link.report(_150="I", _11="one", _790=asked[790], _44="99")
        return sent, asked, await amending

    sent, asked, order = run(scenario)
    assert (sent[37], sent[41], sent[11], sent[44]) == ("1", "one", "two", "99")
    assert (asked[37], asked[11]) == ("1", "one")
    assert (order.client_order_ids, order.price) == (["one", "two"], "99")


def test_drop_copies_of_own_orders_are_no_orders_of_others() -> None:
    async def scenario() -> list[Order]:
        link, copies = FakeLink(), FakeLink("DROP1")
        Venue(link)
        desk = Desk(link.link, copies.link)
        link.hear(LoggedOn())
        copies.report(_37="1", _11="mine", _115="WEB1", _797="Y")
        copies.report(_37="2", _11="theirs", _115="TRADER1", _797="Y")
        return await desk.orders()

    assert [(order.session, order.is_own) for order in run(scenario)] == [("TRADER1", False)]


def test_who_shares_a_session_sees_no_more_for_what_others_ask() -> None:
    """An OrderStatusRequest by OrderID tells of orders of the whole firm."""

    async def scenario() -> tuple[list[Order], list[str]]:
        link = FakeLink()
        Venue(link)
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        link.report(_150="I", _790="of-another-desk", _37="9", _11="theirs")
        return await desk.orders(), [type_ for type_, _ in link.sent]

    orders, sent = run(scenario)
    assert orders == [] and "AF" in sent


def test_orders_of_others_are_asked_for_over_the_drop_copy() -> None:
    """All at once after each Logon, and one by one only what is live no more."""

    async def scenario() -> tuple[list[Order], int, list[Order], int]:
        link, copies = FakeLink(), FakeLink("DROP1")
        Venue(link)
        desk = Desk(link.link, copies.link)
        link.hear(LoggedOn())
        copies.hear(LoggedOn())
        await turns()
        asked = copies.last("AF")[584]
        for n in range(1, 4):
            live = {"_37": f"{n}", "_11": f"o{n}", "_115": "TRADER1", "_797": "Y"}
            last = "Y" if n == 3 else "N"
            copies.report(_150="I", _584=asked, _912=last, **live)
        orders, before = await desk.orders(), link.count("H")
        for each in (link, copies):
            each.hear(LoggedOut())
            each.hear(LoggedOn())
        await turns()
        live = {"_37": "2", "_11": "o2", "_115": "TRADER1", "_797": "Y"}
        copies.report(_150="I", _584=copies.last("AF")[584], _912="Y", **live)
        await turns()
        known = await desk.orders(status="working")
        return orders, before, known, link.count("H")

    orders, before, known, after = run(scenario)
    assert [order.client_order_id for order in orders] == ["o3", "o2", "o1"]
    assert not any(order.is_own for order in orders)
    assert [order.client_order_id for order in known] == ["o2"]
    assert after - before == 3  # what became of two, and whether all of now is there


@pytest.mark.parametrize("is_known", [True, False])
def test_id_of_an_order_that_the_venue_has_forgotten(is_known: bool) -> None:
    """It is free, whether that is known before or found out now."""

    async def scenario() -> tuple[Order, bool]:
        link = FakeLink()
        venue = Venue(link)
        desk = Desk(link.link)
        venue.live.append(new_order("one", "1"))
        link.hear(LoggedOn())
        await desk.orders()
        link.hear(LoggedOut())
        venue.live.clear()
        link.hear(LoggedOn())
        if is_known:
            assert (await desk.order("one")).status == "unknown"
        venue.silent.add("D")
        placing = asyncio.ensure_future(desk.place(TERMS, "one"))
        while not link.count("D"):
            assert not placing.done(), placing
            await turns(1)
        venue.live.append(new_order("one", "2"))
        link.report(_11="one", _37="2")
        return await placing

    order, is_new = run(scenario)
    assert (order.order_id, order.status, is_new) == ("2", "new", True)


def test_list_that_was_refused_for_the_moment_is_asked_for_again() -> None:
    async def scenario() -> int:
        link = FakeLink()
        venue = Venue(link, "AF")
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        venue.live.append(new_order("one", "1"))
        venue.silent.clear()
        link.say("j", {45: 2, 372: "AF", 379: link.last("AF")[584], 380: "8", 58: "too fast"})
        return len(await desk.orders())

    assert run(scenario) == 1
