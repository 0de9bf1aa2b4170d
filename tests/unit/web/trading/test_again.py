"""What is asked for twice, at once, too fast, or by an id that is not one's own to give."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial

import msgspec
import pytest

from tests.unit.web.fake_transport import turns
from tests.unit.web.trading.fake_link import FakeLink
from tests.unit.web.trading.test_desk import TERMS, Venue, failed, new_order, run
from tests.unit.web.trading.test_fills import trade_text
from venue.client import LoggedOn
from venue.config import ThrottleConfig
from venue.web import requests
from venue.web.pace import Pace
from venue.web.problems import Problem
from venue.web.shapes import Order
from venue.web.trading.desk import Desk
from venue.web.trading.terms import OrderChanges

FILLED = {"_37": "1", "_11": "one", "_39": "2", "_14": "4", "_151": "0", "_38": "4"}
FOUR = msgspec.structs.replace(TERMS, quantity=Decimal(4))


async def placed_without_its_answer(ref_seq_num: int) -> tuple[Order, int]:
    """An order whose question behind it is refused, and how often it was sent."""
    link = FakeLink()
    venue = Venue(link, "H")
    desk = Desk(link.link)
    placing = asyncio.ensure_future(desk.place(TERMS, "one"))
    await turns()
    venue.silent.clear()
    venue.live.append(new_order("one", "1"))
    link.say("j", {45: ref_seq_num, 372: "H", 379: "one", 380: "8", 58: "too fast"})
    return (await placing)[0], link.count("D")


def test_refusal_of_the_question_says_nothing_of_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The order is the last that the throttle lets pass, the question behind it the first not."""
    monkeypatch.setattr(requests, "AGAIN_SECONDS", 0.01)

    order, sent = run(partial(placed_without_its_answer, ref_seq_num=3))
    assert (order.status, sent) == ("new", 1)


def test_question_that_is_named_by_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "AGAIN_SECONDS", 0.01)

    order, _ = run(partial(placed_without_its_answer, ref_seq_num=99))
    assert order.status == "new"


def traded_before(id_: str = "one") -> tuple[FakeLink, Venue, Desk]:
    """A venue with an order that was filled before this process began."""
    link = FakeLink()
    venue = Venue(link, "D")
    venue.ended[id_] = FILLED
    venue.trades.append(trade_text("?", "1", "1", id_=id_))
    return link, venue, Desk(link.link)


def test_repeated_order_is_told_as_it_is_now() -> None:
    """Its fill is on its way, before what the venue answers next."""

    async def scenario() -> tuple[Order, bool]:
        link = FakeLink()
        venue, desk = Venue(link), Desk(link.link)
        venue.live.append(new_order("one", "1"))
        await desk.place(TERMS, "one")
        answers = link.answers
        assert answers is not None

        def late(msg_type: str, values: dict[int, str]) -> None:
            link.answers = answers
            filled = {"_150": "F", "_39": "2", "_14": "10", "_151": "0", "_31": "100", "_32": "10"}
            link.report(_11="one", _37="1", _17="E2", _880="1", **filled)
            answers(msg_type, values)

        link.answers = late
        venue.silent.add("D")
        venue.live.clear()
        venue.ended["one"] = FILLED | {"_14": "10", "_38": "10"}
        placing = asyncio.ensure_future(desk.place(TERMS, "one"))
        while link.count("D") < 2 and not placing.done():
            await asyncio.sleep(0)
        link.report(_11="one", _37="1", _150="8", _39="8", _103="6", _58="used before")
        return await placing

    order, is_new = run(scenario)
    assert (order.status, order.filled_quantity, is_new) == ("filled", "10", False)


def test_repeated_order_has_its_fills() -> None:
    async def scenario() -> tuple[Order, bool]:
        link, _, desk = traded_before()
        link.hear(LoggedOn())
        await desk.orders()
        placing = asyncio.ensure_future(desk.place(FOUR, "one"))
        await turns(1)
        link.report(_11="one", _37="1", _150="8", _39="8", _103="6", _58="used before")
        return await placing

    order, is_new = run(scenario)
    assert (order.status, [fill.trade_id for fill in order.fills], is_new) == (
        *("filled", ["1"]),
        False,
    )


def test_orders_of_a_list_have_their_fills() -> None:
    async def scenario() -> tuple[list[Order], int]:
        link = FakeLink()
        venue = Venue(link)
        venue.live.append(FILLED | {"_39": "1", "_151": "6", "_38": "10"})
        venue.trades.append(trade_text("?", "1", "1", id_="one"))
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await desk.orders()
        return await desk.orders(), link.count("AD")

    (order,), asked = run(scenario)
    assert ([fill.trade_id for fill in order.fills], asked) == (["1"], 1)


def test_fills_that_the_venue_does_not_remember_are_asked_for_once() -> None:
    async def scenario() -> tuple[list[Order], int]:
        link = FakeLink()
        Venue(link).live.append(FILLED | {"_39": "1", "_151": "6", "_38": "10"})
        desk = Desk(link.link)
        link.hear(LoggedOn())
        for _ in range(3):
            orders = await desk.orders()
        return orders, link.count("AD")

    (order,), asked = run(scenario)
    assert (order.fills, asked) == ([], 1)


@pytest.mark.parametrize(
    ("quantity", "code", "venue_code"), [(10, "refused", "99"), (11, "id_in_use", None)]
)
def test_refused_order_that_comes_again(quantity: int, code: str, venue_code: str | None) -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Venue(link, "D")
        desk = Desk(link.link)
        for said in (
            {"_103": "99", "_58": "over the limit"},
            {"_103": "6", "_58": "used before"},
        ):
            number = 10 if said["_103"] == "99" else quantity
            terms = msgspec.structs.replace(TERMS, quantity=Decimal(number))
            placing = asyncio.ensure_future(failed(desk.place(terms, "one")))
            await turns(1)
            link.report(_11="one", _37="1", _150="8", _39="8", _151="0", **said)
            problem = await placing
        return problem

    problem = run(scenario)
    assert (problem.code, problem.more.get("venue_code")) == (code, venue_code)


def test_amendments_of_an_order_come_one_after_the_other() -> None:
    async def scenario() -> list[str]:
        link = FakeLink()
        Venue(link, "G", "H").live.append(new_order("one", "1"))
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        prices = [OrderChanges(price=Decimal(price)) for price in (98, 99)]
        amending = [asyncio.ensure_future(desk.amend("one", each)) for each in prices]
        await turns()
        assert link.count("G") == 1
        changed = []
        for _ in prices:
            sent, asked = link.last("G"), link.last("H")
            changed.append(sent[41])
            price = sent[44]
            link.report(_150="5", _11=sent[11], _41=sent[41], _44=price)
            link.report(_150="I", _11=sent[41], _790=asked[790], _44=price)
            await turns()
        first, second = [await each for each in amending]
        assert (first.order_id, second.price) == ("1", "99")
        return [*changed, second.client_order_ids[1]]

    original, present, second_id = run(scenario)
    assert (original, present) == ("one", second_id)


@pytest.mark.parametrize("what", ["place", "amend", "cancel"])
def test_ids_that_the_web_gives_cannot_be_chosen(what: str) -> None:
    async def scenario() -> Problem:
        link = FakeLink()
        Venue(link).live.append(new_order("one", "1"))
        desk = Desk(link.link)
        link.hear(LoggedOn())
        await turns()
        if what == "place":
            return await failed(desk.place(TERMS, "id-77"))
        if what == "amend":
            return await failed(desk.amend("one", OrderChanges(price=Decimal(9)), "id-77"))
        return await failed(desk.cancel("one", "id-77"))

    problem = run(scenario)
    assert (problem.status, problem.code) == (422, "invalid")


def test_order_with_an_id_of_the_web_is_found_again() -> None:
    async def scenario() -> tuple[Order, tuple[Order, bool]]:
        link = FakeLink()
        venue = Venue(link, "D", "H")
        desk = Desk(link.link)
        placing = asyncio.ensure_future(desk.place(TERMS, None))
        await turns()
        id_, asked = link.last("D")[11], link.last("H")
        venue.silent.clear()
        link.report(_11=id_)
        link.report(_11=id_, _150="I", _790=asked[790])
        order, _ = await placing
        return order, await desk.place(TERMS, order.client_order_id)

    order, (again, is_new) = run(scenario)
    assert (replace(again), is_new) == (order, False)


def test_id_of_a_request_under_way() -> None:
    async def scenario() -> Problem:
        asked = requests.Requests(FakeLink().link)
        first = asyncio.ensure_future(asked.ask("one", [("D", [])], "id"))
        await turns()
        problem = await failed(asked.ask("another", [("F", [])], "id"))
        request = asked.find("id")
        assert request is not None and request.what == "one"
        request.answer("first")
        assert await first == "first"
        return problem

    assert run(scenario).code == "id_in_use"


def throttled(link: FakeLink, messages: int, seconds: int) -> list[float]:
    """Let a link keep below a throttle; return its clock."""
    clock = [0.0]
    link.pace = Pace(ThrottleConfig(messages=messages, seconds=seconds), clock=lambda: clock[0])
    return clock


def test_orders_stay_below_the_throttle() -> None:
    async def scenario() -> tuple[int, list[Problem], int]:
        link = FakeLink()
        clock = throttled(link, 20, 1)
        venue = Venue(link, "D")
        desk = Desk(link.link)
        placing = []
        for n in range(30):
            venue.live.append(new_order(f"o{n}", str(n + 1)))
            placing.append(asyncio.ensure_future(desk.place(TERMS, f"o{n}")))
        answers = await asyncio.gather(*placing, return_exceptions=True)
        sent = len(link.sent)
        clock[0] = 0.5  # 6 more
        more = [failed_or_sent(desk, f"p{n}") for n in range(30)]
        await asyncio.gather(*more)
        return sent, [each for each in answers if isinstance(each, Problem)], len(link.sent) - sent

    async def failed_or_sent(desk: Desk, id_: str) -> None:
        with suppress(Problem):
            await desk.place(TERMS, id_)

    sent, problems, more = run(scenario)
    assert 8 <= sent <= 10 and 5 <= more <= 7
    assert {(each.status, each.headers["Retry-After"]) for each in problems} == {(429, "1")}


def test_questions_wait_for_their_turn() -> None:
    link = FakeLink()
    clock = throttled(link, 20, 1)
    assert link.pace is not None
    assert link.reserve(5, 0) == pytest.approx(0)
    assert link.reserve(3, 5) == pytest.approx(0.5)
    assert link.reserve(3, 5) == pytest.approx(1)
    with pytest.raises(Problem):
        link.reserve(2, 0)
    with pytest.raises(Problem):
        link.reserve(5, 1)
    assert link.reserve(10, 0, is_question=False) == pytest.approx(0)  # as if nobody had asked
    with pytest.raises(Problem):
        link.reserve(2, 0, is_question=False)
    link.pace.heard()
    clock[0] = 1.05
    link.pace.heard()
    clock[0] = 1.0 + 2 / 6
    assert link.reserve(2, 0) == pytest.approx(0, abs=1e-9)


def test_throttle_of_less_than_an_order() -> None:
    link = FakeLink()
    clock = throttled(link, 1, 1)
    assert link.pace is not None
    assert link.reserve(2, 0, is_question=False) == 0
    with pytest.raises(Problem):
        link.reserve(2, 0)
    link.pace.heard()
    clock[0] = 3.0
    assert link.reserve(2, 0) == 0
