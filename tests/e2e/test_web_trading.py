"""What the web's desks tell of orders, against a venue: placed, filled, lost and found again."""

import asyncio
import datetime
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import VenueProcess
from tests.e2e.web_process import free_port
from venue.client import BusinessReject, Event, LoggedOut
from venue.config import ThrottleConfig
from venue.web.link import Link, LinkSettings
from venue.web.messages import MessageLog
from venue.web.operator import OperatorDesk
from venue.web.problems import Problem
from venue.web.shapes import Order
from venue.web.trading.desk import Desk
from venue.web.trading.terms import OrderChanges, OrderTerms

T = TypeVar("T")
COPIES = '{"comp_id": "COPIES", "firm": "ALPHA", "roles": ["drop_copy"]}'
OPTIONS = ("--set", "sessions.WEB2.cancel_on_disconnect=true")


def terms(side: str = "buy", quantity: str = "10", price: str | None = "100", **more: Any) -> Any:
    """An order for AAPL, a limit order unless `more` says what else."""
    number = None if price is None else Decimal(price)
    wanted = {"type": "limit", "symbol": "AAPL"} | more
    return OrderTerms(side=side, quantity=Decimal(quantity), price=number, **wanted)  # type: ignore[arg-type]


class Floor:
    """A venue on a port that it keeps, and desks that are logged on to it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.start_venue()
        self.messages = MessageLog()
        self.runner = asyncio.Runner()
        self.alpha_link, self.beta_link = self.link("WEB1"), self.link("WEB2")
        self.copies_link = self.link("DROP1")
        self.operator_link = self.link("WEBOP", quickfix={"UseDataDictionary": "N"})
        self.links = [self.alpha_link, self.beta_link, self.copies_link, self.operator_link]
        self.alpha = Desk(self.alpha_link, drop_copy=self.copies_link)
        self.beta = Desk(self.beta_link)
        self.operator = OperatorDesk(self.operator_link)
        for link in self.links:
            self.run(link.start())
        self.run(self.until(lambda: all(link.is_up for link in self.links)))

    def link(self, comp_id: str, **more: Any) -> Link:
        where = {"host": "127.0.0.1", "port": self.port}
        return Link(LinkSettings(comp_id=comp_id, **where, **more), self.messages)

    def run(self, awaitable: Awaitable[T]) -> T:
        async def ended() -> T:
            async with asyncio.timeout(6 * DEADLINE):
                return await awaitable

        return self.runner.run(ended())

    async def until(self, is_so: Callable[[], object]) -> None:
        """Let the loop run until something is so."""
        while not is_so():
            await asyncio.sleep(0.01)

    def start_venue(self, *options: str, data: str = "venue") -> None:
        where = ("--set", f"venue.port={self.port}", "--port", str(self.port))
        sync = ("--set", "journal.sync=interval")  # what was answered is written
        self.venue = VenueProcess(self.directory / data, *where, *sync, *OPTIONS, *options)

    def lose_venue(self) -> None:
        """Let it die, and the desks notice."""
        self.venue.kill()
        self.run(self.until(lambda: not any(link.is_up for link in self.links)))

    def find_venue(self, *options: str, data: str = "venue") -> None:
        self.start_venue(*options, data=data)
        self.run(self.until(lambda: all(link.is_up for link in self.links)))

    def close(self) -> None:
        for link in self.links:
            self.run(link.stop())
        self.runner.close()
        self.venue.stop()


@pytest.fixture(scope="module")
def shared_floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    floor = Floor(tmp_path_factory.mktemp("floor"))
    yield floor
    floor.close()


@pytest.fixture
def floor(shared_floor: Floor) -> Iterator[Floor]:
    """The module's floor, whose desks have no orders."""
    yield shared_floor
    shared_floor.venue.is_sound()
    shared_floor.run(shared_floor.alpha.mass_cancel())
    shared_floor.run(shared_floor.beta.mass_cancel())


def problem(floor: Floor, awaitable: Awaitable[object]) -> Problem:
    with pytest.raises(Problem) as raised:
        floor.run(awaitable)
    return raised.value


def place(floor: Floor, desk: Desk, id_: str | None = None, **said: Any) -> Order:
    order, is_new = floor.run(desk.place(terms(**said), id_))
    assert is_new
    return order


def test_answer_has_fills_of_the_same_moment(floor: Floor) -> None:
    resting = [place(floor, floor.alpha, quantity="3", price=price) for price in ("101", "100.5")]
    order = place(floor, floor.beta, side="sell", quantity="10", price="100")
    assert (order.status, order.filled_quantity, order.remaining_quantity) == (
        *("partially_filled", "6"),
        "4",
    )
    assert [(fill.quantity, fill.price, fill.liquidity) for fill in order.fills] == [
        ("3", "101", "taker"),
        ("3", "100.5", "taker"),
    ]
    assert order.average_price == "100.75"
    mine = [floor.run(floor.alpha.order(each.client_order_id)) for each in resting]
    assert [each.status for each in mine] == ["filled", "filled"]
    assert [each.fills[0].trade_id for each in mine] == [fill.trade_id for fill in order.fills]
    assert [each.fills[0].liquidity for each in mine] == ["maker", "maker"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"type": "limit"}, {"status": "new", "price": "100"}),
        (
            {"type": "market", "price": None},
            {"status": "canceled", "price": None, "time_in_force": "day"},
        ),
        ({"time_in_force": "ioc"}, {"status": "canceled", "time_in_force": "ioc"}),
        ({"time_in_force": "fok", "all_or_none": True}, {"status": "canceled"}),
        ({"time_in_force": "gtc"}, {"status": "new", "time_in_force": "gtc"}),
        (
            {"type": "stop_market", "price": None, "trigger_price": Decimal(110)},
            {"is_waiting": True, "trigger_price": "110", "type": "stop_market"},
        ),
        (
            {"type": "stop_limit", "trigger_price": Decimal(110), "price": "111"},
            {"is_waiting": True, "trigger_price": "110", "price": "111", "type": "stop_limit"},
        ),
        (
            {"type": "take_profit", "price": None, "trigger_price": Decimal(90)},
            {"is_waiting": True, "type": "take_profit", "trigger_price": "90"},
        ),
        (
            {"type": "take_profit_limit", "price": "91", "trigger_price": Decimal(90)},
            {"is_waiting": True, "type": "take_profit_limit", "trigger_price": "90", "price": "91"},
        ),
        ({"display_quantity": Decimal(2)}, {"display_quantity": "2"}),
        ({"post_only": True}, {"post_only": True, "status": "new"}),
        ({"min_quantity": Decimal(5)}, {"status": "canceled", "min_quantity": "5"}),
        (
            {"expires": datetime.date(2100, 1, 1)},
            {"time_in_force": "gtd", "expires": "2100-01-01"},
        ),
        (
            {"expires": datetime.datetime(2100, 1, 1, 12, tzinfo=datetime.UTC)},
            {"time_in_force": "gtd", "status": "new"},
        ),
        ({"account": "A-7"}, {"status": "new"}),
        (
            {"self_match_prevention_id": "S", "self_match_prevention": "cancel_both"},
            {"status": "new"},
        ),
    ],
)
def test_kinds_of_orders(floor: Floor, said: dict[str, Any], told: dict[str, Any]) -> None:
    place(floor, floor.beta, price="99", quantity="1")  # the last trade, for the collar
    place(floor, floor.beta, price="99", quantity="1", side="sell")
    order = place(floor, floor.alpha, **said)
    assert {name: getattr(order, name) for name in told} == told
    again, is_new = floor.run(floor.alpha.place(terms(**said), order.client_order_id))
    assert (again, is_new) == (order, False)


def test_same_id_is_the_same_order(floor: Floor) -> None:
    order = place(floor, floor.alpha, "twice")
    assert floor.run(floor.alpha.place(terms(), "twice")) == (order, False)
    other = problem(floor, floor.alpha.place(terms(quantity="11"), "twice"))
    assert (other.status, other.code) == (409, "id_in_use")


def test_same_id_at_the_same_time_is_one_order(floor: Floor) -> None:
    async def both() -> list[tuple[Order, bool]]:
        return list(
            await asyncio.gather(*(floor.alpha.place(terms(), "at-once") for _ in range(5)))
        )

    answers = floor.run(both())
    assert sorted(is_new for _, is_new in answers) == [False] * 4 + [True]
    assert len({order.order_id for order, _ in answers}) == 1


def test_id_of_a_refused_order(floor: Floor) -> None:
    refusal = problem(floor, floor.alpha.place(terms(price="100.001"), "off-tick"))
    assert (refusal.status, refusal.code, refusal.more["venue_code"]) == (422, "refused", "18")
    assert "100.001" in refusal.more["venue_text"]
    used = problem(floor, floor.alpha.place(terms(), "off-tick"))
    assert (used.status, used.code) == (409, "id_in_use")


def test_what_fix_cannot_say_is_not_sent(floor: Floor) -> None:
    said = {"symbol": "AA\x01PL", "price": "1e99", "account": ""}
    refusal = problem(floor, floor.alpha.place(terms(**said), None))
    assert (refusal.status, refusal.code) == (422, "invalid")
    assert [each["field"] for each in refusal.more["errors"]] == ["symbol", "account", "price"]
    strange = problem(floor, floor.alpha.place(terms(), "an id"))
    assert (strange.status, strange.code) == (422, "invalid")


def test_an_amended_order_keeps_its_name(floor: Floor) -> None:
    """Also where nobody here has heard of it."""
    place(floor, floor.alpha, "mine")
    order = floor.run(floor.alpha.amend("mine", OrderChanges(price=Decimal(99))))
    order = floor.run(floor.alpha.amend("mine", OrderChanges(price=Decimal(98))))
    first, second, third = order.client_order_ids
    assert (order.client_order_id, first, order.price) == ("mine", "mine", "98")
    assert second.startswith("mine~") and third.startswith("mine~")
    floor.run(floor.alpha_link.stop())
    floor.links.remove(floor.alpha_link)
    floor.alpha_link = floor.link("WEB1")
    floor.links.append(floor.alpha_link)
    floor.alpha = Desk(floor.alpha_link, drop_copy=floor.copies_link)
    floor.run(floor.alpha_link.start())
    floor.run(floor.until(lambda: floor.alpha_link.is_up))
    (found,) = floor.run(floor.alpha.orders(status="working"))
    assert (found.client_order_id, found.price) == ("mine", "98")
    assert floor.run(floor.alpha.order("mine")).order_id == order.order_id
    assert floor.run(floor.alpha.cancel("mine")).status == "canceled"


def test_amend(floor: Floor) -> None:
    place(floor, floor.alpha, "first")
    changes = OrderChanges(quantity=Decimal(20), price=Decimal("101.5"))
    order = floor.run(floor.alpha.amend("first", changes, "second"))
    assert (order.quantity, order.price) == ("20", "101.5")
    assert (order.client_order_id, order.client_order_ids) == ("second", ["first", "second"])
    assert floor.run(floor.alpha.amend("first", changes, "second")) == order
    refusal = problem(floor, floor.alpha.amend("second", OrderChanges(price=Decimal("1.001"))))
    assert (refusal.status, refusal.code, refusal.more["venue_code"]) == (422, "refused", "18")
    assert floor.run(floor.alpha.order("first")) == order
    place(floor, floor.alpha, "third")
    taken = problem(floor, floor.alpha.amend("first", changes, "third"))
    assert (taken.status, taken.code) == (409, "id_in_use")


def test_amend_may_trade_at_once(floor: Floor) -> None:
    place(floor, floor.beta, side="sell", price="102")
    place(floor, floor.alpha, "low", price="100")
    order = floor.run(floor.alpha.amend("low", OrderChanges(price=Decimal(102))))
    assert (order.status, order.fills[0].price) == ("filled", "102")


def test_cancel(floor: Floor) -> None:
    place(floor, floor.alpha, "short-lived")
    order = floor.run(floor.alpha.cancel("short-lived"))
    assert (order.status, order.is_working, order.client_order_ids) == (
        *("canceled", False),
        ["short-lived"],
    )
    late = problem(floor, floor.alpha.cancel("short-lived"))
    assert (late.status, late.code, late.more["venue_code"]) == (422, "refused", "0")
    nobody = problem(floor, floor.alpha.cancel("never-there"))
    assert (nobody.status, nobody.code) == (404, "unknown_order")


def test_mass_cancel(floor: Floor) -> None:
    for price in ("99", "98", "97"):
        place(floor, floor.alpha, price=price)
    place(floor, floor.alpha, side="sell", price="103")
    kept = place(floor, floor.alpha, symbol="EURUSD", quantity="1000", price="1")
    assert floor.run(floor.alpha.mass_cancel("AAPL", "sell"))[0].price == "103"
    assert {order.price for order in floor.run(floor.alpha.mass_cancel("AAPL"))} == {
        *("97", "98", "99")
    }
    assert floor.run(floor.alpha.orders(status="working")) == [kept]
    refusal = problem(floor, floor.alpha.mass_cancel("NOPE"))
    assert (refusal.status, refusal.code, refusal.more["venue_code"]) == (422, "refused", "1")
    assert floor.run(floor.alpha.mass_cancel()) == [
        floor.run(floor.alpha.order(kept.client_order_id))
    ]


def test_lists(floor: Floor) -> None:
    orders = [place(floor, floor.beta, price=str(price)) for price in range(90, 95)]
    floor.run(floor.beta.cancel(orders[4].client_order_id))
    newest = floor.run(floor.beta.orders(limit=3))
    assert [each.price for each in newest] == ["94", "93", "92"]
    assert [each.price for each in floor.run(floor.beta.orders(status="working", limit=2))] == [
        *("93", "92")
    ]
    assert floor.run(floor.beta.orders(status="ended", limit=1))[0].price == "94"
    assert floor.run(floor.beta.orders(symbol="EURUSD")) == []


def test_fills_positions_and_fees(floor: Floor) -> None:
    before = {each.symbol: Decimal(each.quantity) for each in floor.run(floor.beta.positions())}
    bought = place(floor, floor.alpha, price="100", quantity="3")
    place(floor, floor.beta, side="sell", price="100", quantity="3")
    fill = floor.run(floor.beta.fills(limit=1))[0]
    assert (fill.quantity, fill.side, fill.liquidity) == ("3", "sell", "taker")
    mine = floor.run(floor.alpha.fills(limit=1))[0]
    assert (mine.order_id, mine.trade_id) == (bought.order_id, fill.trade_id)
    after = {each.symbol: Decimal(each.quantity) for each in floor.run(floor.beta.positions())}
    assert after["AAPL"] - before.get("AAPL", 0) == -3
    assert floor.run(floor.beta.fees()) == {}


def test_watchers_hear_of_what_others_do(floor: Floor) -> None:
    heard: list[tuple[str, Any]] = []
    unwatch = [None]

    async def watch() -> None:
        unwatch[0] = floor.alpha.watch(lambda kind, items: heard.extend((kind, i) for i in items))

    floor.run(watch())
    order = place(floor, floor.alpha, price="100", quantity="5")
    place(floor, floor.beta, side="sell", price="100", quantity="2")

    def has_heard() -> bool:
        fills = [i for kind, i in heard if kind == "fills" and i.order_id == order.order_id]
        orders = [i for kind, i in heard if kind == "orders" and i.order_id == order.order_id]
        positions = [i for kind, i in heard if kind == "positions" and i.symbol == "AAPL"]
        return bool(fills and positions and orders[-1].status == "partially_filled")

    floor.run(floor.until(has_heard))
    unwatch[0]()  # type: ignore[misc]
    del heard[:]
    floor.run(floor.alpha.cancel(order.client_order_id))
    floor.run(asyncio.sleep(0))
    assert heard == []


def test_bust_and_correction_are_told(floor: Floor) -> None:
    sold = place(floor, floor.beta, side="sell", price="100", quantity="5")
    bought = place(floor, floor.alpha, price="100", quantity="5")
    trade = bought.fills[0].trade_id
    answer = floor.run(floor.operator.act("correct", trade_id=trade, price="99.5"))
    assert answer.accepted, answer

    async def told(
        status: str, desk: Desk = floor.alpha, id_: str = bought.client_order_id
    ) -> Order:
        while True:
            order = await desk.order(id_)
            if order.fills[0].status == status:
                return order
            await asyncio.sleep(0.01)

    order = floor.run(told("corrected"))
    assert (order.fills[0].price, order.average_price) == ("99.5", "99.5")
    answer = floor.run(floor.operator.act("bust", trade_id=trade))
    assert answer.accepted, answer
    order = floor.run(told("busted"))
    assert (order.filled_quantity, order.fills[0].quantity) == ("0", "0")
    order = floor.run(told("busted", floor.beta, sold.client_order_id))
    assert (order.filled_quantity, order.fills[0].quantity) == ("0", "0")


def test_operator_is_refused(floor: Floor) -> None:
    answer = floor.run(floor.operator.act("halt", symbol="NOPE"))
    assert not answer.accepted and "NOPE" in answer.text
    assert problem(floor, floor.operator.act("dance")).status == 404
    assert problem(floor, floor.operator.act("halt", instrument="AAPL")).code == "invalid"
    assert problem(floor, floor.operator.act("news", text="a\x01b")).code == "invalid"


def test_operator_sees_sessions(floor: Floor) -> None:
    sessions = floor.run(floor.operator.sessions())
    spoken = [each for each in sessions if each.version == "FIX.5.0SP2"]
    mine = next(each for each in spoken if each.comp_id == "WEB1")
    assert (mine.state, mine.firm, mine.roles) == ("logged_on", "ALPHA", ["order_entry"])
    assert mine.next_in and mine.next_out


def test_orders_of_other_sessions_of_the_firm(floor: Floor) -> None:
    async def seen(id_: str) -> Order:
        while True:
            for order in await floor.alpha.orders():
                if order.client_order_id == id_:
                    return order
            await asyncio.sleep(0.01)

    link = floor.link("TRADER1")
    colleague = Desk(link)
    floor.run(link.start())
    floor.run(floor.until(lambda: link.is_up))
    try:
        place(floor, colleague, "theirs")
        order = floor.run(seen("theirs"))
        assert (order.session, order.is_own, order.status) == ("TRADER1", False, "new")
        assert problem(floor, floor.alpha.cancel("theirs")).status == 404
        floor.run(floor.copies_link.stop())
        floor.run(floor.alpha_link.stop())
        for link_of in (floor.alpha_link, floor.copies_link):
            floor.links.remove(link_of)
        floor.alpha_link, floor.copies_link = floor.link("WEB1"), floor.link("DROP1")
        floor.links += [floor.alpha_link, floor.copies_link]
        floor.alpha = Desk(floor.alpha_link, drop_copy=floor.copies_link)  # which knows nothing
        floor.run(floor.alpha_link.start())
        floor.run(floor.copies_link.start())
        floor.run(floor.until(lambda: all(each.is_up for each in floor.links)))
        order = floor.run(seen("theirs"))
        assert (order.session, order.is_own, order.status) == ("TRADER1", False, "new")
        floor.run(colleague.mass_cancel())
    finally:
        floor.run(link.stop())


def test_venue_that_dies_and_comes_back(floor: Floor) -> None:
    kept = place(floor, floor.alpha, "kept", price="95")
    ended = place(floor, floor.beta, "ended", price="94")  # canceled with its connection
    heard: list[Order] = []

    async def watch() -> Callable[[], None]:
        return floor.beta.watch(lambda _, orders: heard.extend(orders), kinds=("orders",))

    unwatch = floor.run(watch())
    floor.lose_venue()
    for awaitable in (
        floor.alpha.place(terms(), None),
        floor.alpha.orders(),
        floor.alpha.order("kept"),
    ):
        down = problem(floor, awaitable)
        assert (down.status, down.code, down.headers) == (503, "venue_down", {"Retry-After": "1"})
    floor.find_venue()
    assert floor.run(floor.alpha.order("kept")) == kept
    assert floor.run(floor.alpha.orders(status="working")) == [kept]
    floor.run(floor.until(lambda: heard and heard[-1].status == "canceled"))
    unwatch()
    assert floor.run(floor.beta.order("ended")).order_id == ended.order_id
    assert floor.run(floor.beta.orders(status="working")) == []
    assert floor.run(floor.alpha.place(terms(price="95"), "kept")) == (kept, False)


def test_venue_that_has_forgotten(floor: Floor) -> None:
    place(floor, floor.alpha, "forgotten", price="95")
    floor.lose_venue()
    floor.find_venue(data="another")
    order = floor.run(floor.alpha.order("forgotten"))
    assert (order.status, order.is_working) == ("unknown", False)
    assert floor.run(floor.alpha.orders(status="working")) == []
    floor.lose_venue()
    floor.find_venue()
    assert floor.run(floor.alpha.order("forgotten")).status == "new"


def test_answer_that_never_comes(floor: Floor) -> None:
    """The venue dies while it has the order: the question is answered at once, and the order is
    asked for when it is back.
    """
    os.kill(floor.venue.process.pid, signal.SIGSTOP)

    async def place_and_die() -> None:
        placing = asyncio.ensure_future(floor.alpha.place(terms(price="95"), "in-doubt"))
        await asyncio.sleep(0)
        floor.venue.process.kill()
        await placing

    lost = problem(floor, place_and_die())
    assert (lost.status, lost.code) == (504, "no_answer")
    assert "connection was lost" in lost.detail
    floor.venue.kill()
    floor.find_venue()
    order, _ = floor.run(floor.alpha.place(terms(price="95"), "in-doubt"))
    assert order.status == "new"
    assert len(floor.run(floor.alpha.orders(status="working"))) == 1


def test_order_that_the_throttle_lets_pass_alone(floor: Floor) -> None:
    """The venue takes an order, and refuses the question behind it: 429 would be untrue."""
    floor.lose_venue()
    limit = "{messages: 1, seconds: 1, breaches: 1000, within: 30}"
    floor.find_venue("--set", f"sessions.WEB1.throttle={limit}")

    async def place() -> Order:
        while True:
            try:
                return (await floor.alpha.place(terms(price="95"), None))[0]
            except Problem as refusal:
                if refusal.status != 429:
                    raise
            await asyncio.sleep(0.1)

    order = floor.run(place())
    floor.lose_venue()
    floor.find_venue()
    working = floor.run(floor.alpha.orders(status="working"))
    assert working == [order]


def test_orders_stay_below_the_throttle(floor: Floor) -> None:
    """The first message that is over it would cost everybody the session."""
    limit = ThrottleConfig(messages=40, seconds=1, breaches=1)
    floor.lose_venue()
    floor.run(floor.beta_link.stop())
    floor.links.remove(floor.beta_link)
    floor.beta_link = floor.link("WEB2", throttle=limit)
    floor.links.append(floor.beta_link)
    floor.beta = Desk(floor.beta_link)
    floor.run(floor.beta_link.start())
    floor.find_venue("--set", "sessions.WEB2.throttle={messages: 40, seconds: 1, breaches: 1}")
    heard: list[Event] = []
    floor.beta_link.listen(heard.append)

    async def place_many() -> list[tuple[Order, bool] | BaseException]:
        several = [floor.beta.place(terms(price="95"), f"paced-{n}") for n in range(60)]
        return await asyncio.gather(*several, return_exceptions=True)

    answers = floor.run(place_many())
    refused = [each.code for each in answers if isinstance(each, Problem)]
    assert set(refused) == {"throttled"} and 0 < len(refused) < 60
    assert len(floor.run(floor.beta.orders(status="working"))) == 60 - len(refused)
    assert not [each for each in heard if isinstance(each, BusinessReject | LoggedOut)]
    floor.lose_venue()
    floor.find_venue()


def test_ids_are_free_again_when_the_trading_day_is_over(floor: Floor) -> None:
    """Until then the same request is the same order, and another one of that id is refused."""
    daily = terms(price="99", quantity="3")
    first, _ = floor.run(floor.alpha.place(daily, "daily"))
    floor.run(floor.beta.place(terms(side="sell", price="99", quantity="3"), "hit"))
    assert floor.run(floor.alpha.order("daily")).status == "filled"  # which asks the venue
    again, is_new = floor.run(floor.alpha.place(daily, "daily"))
    assert (again.order_id, again.status, is_new) == (first.order_id, "filled", False)
    assert problem(floor, floor.alpha.place(terms(price="98"), "daily")).status == 409
    kept = place(floor, floor.alpha, "rollover", price="97", quantity="3", time_in_force="gtc")
    refused = floor.alpha.amend("rollover", OrderChanges(price=Decimal(96)), "daily")
    assert problem(floor, refused).status == 409
    assert floor.run(floor.operator.act("end_day")).accepted
    second, is_new = floor.run(floor.alpha.place(daily, "daily"))
    assert is_new and second.order_id != first.order_id
    assert floor.run(floor.alpha.order("daily")) == second
    amended = floor.run(floor.alpha.amend("rollover", OrderChanges(price=Decimal(96)), "hit"))
    assert (amended.order_id, amended.client_order_id) == (kept.order_id, "hit")


def test_web_that_starts_anew(floor: Floor) -> None:
    """A desk that knows nothing finds all of it at the venue."""
    place(floor, floor.beta, "found", price="99", quantity="4")
    place(floor, floor.beta, "gone", side="sell", price="99.5", quantity="4")
    place(floor, floor.alpha, price="99.5", quantity="4")
    place(floor, floor.beta, "amended", price="97")
    floor.run(floor.beta.amend("amended", OrderChanges(price=Decimal("97.5")), "amended-2"))
    floor.run(floor.beta_link.stop())
    floor.links.remove(floor.beta_link)
    floor.beta_link = floor.link("WEB2")
    floor.links.append(floor.beta_link)
    desk = floor.beta = Desk(floor.beta_link)
    floor.run(floor.beta_link.start())
    floor.run(floor.until(lambda: floor.beta_link.is_up))
    gone = floor.run(desk.order("gone"))
    assert (gone.status, [fill.price for fill in gone.fills]) == ("filled", ["99.5"])
    assert floor.run(desk.fills(limit=1))[0].client_order_id == "gone"
    assert floor.run(desk.place(terms(side="sell", price="99.5", quantity="4"), "gone")) == (
        *(gone,),
        False,
    )
    other = problem(floor, desk.place(terms(side="sell", price="99.5", quantity="5"), "gone"))
    assert (other.status, other.code) == (409, "id_in_use")
    assert problem(floor, desk.order("never-there")).status == 404


def test_many_orders_in_doubt_are_settled_by_their_ids(floor: Floor) -> None:
    """The venue dies in the middle of a burst: the same orders again, and each is there once."""
    ids = [f"burst-{number}" for number in range(200)]

    async def burst() -> list[Any]:
        placing = [asyncio.ensure_future(floor.alpha.place(terms(price="95"), id_)) for id_ in ids]
        await floor.until(lambda: any(each.done() for each in placing))
        floor.venue.process.kill()
        return await asyncio.gather(*placing, return_exceptions=True)

    answers = floor.run(burst())
    told = [answer[0].client_order_id for answer in answers if isinstance(answer, tuple)]
    doubtful = [answer.code for answer in answers if isinstance(answer, Problem)]
    assert len(told) + len(doubtful) == len(ids) and set(doubtful) <= {"no_answer", "venue_down"}
    floor.venue.kill()
    floor.run(floor.until(lambda: not any(link.is_up for link in floor.links)))
    floor.find_venue()

    async def again() -> list[tuple[Order, bool]]:
        return list(
            await asyncio.gather(*(floor.alpha.place(terms(price="95"), id_) for id_ in ids))
        )

    settled = dict(zip(ids, floor.run(again()), strict=True))
    assert not any(settled[id_][1] for id_ in told)
    live = floor.run(floor.alpha.orders(status="working", limit=1_000))
    assert sorted(order.client_order_id for order in live) == sorted(ids)
    assert {order.order_id for order in live} == {order.order_id for order, _ in settled.values()}
