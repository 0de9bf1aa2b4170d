"""Clients, channels and what is owed: nobody who is behind gets more, and everybody catches up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.web.market.fake_link import FakeLink, status
from tests.unit.web.ws.fake_line import FakeLine
from venue.web.accounts.users import Principal
from venue.web.market.market import Market
from venue.web.messages import MessageLog
from venue.web.problems import Problem
from venue.web.shapes import Fill, Order, Session
from venue.web.ws import feeds, own
from venue.web.ws.client import TOO_SLOW, Client
from venue.web.ws.hub import EXPIRED, POLICY, Hub, Limits

BOOK = (("0", "99.9", "50"), ("1", "100.1", "70"))


class Sessions:
    """The links of the web, all the same one."""

    def __init__(self, link: Any) -> None:
        self._link = link

    @property
    def is_venue_up(self) -> bool:
        is_up: bool = self._link.is_up
        return is_up

    def statuses(self) -> list[Any]:
        return [self._link.status]

    def of(self, comp_id: str) -> Any:
        return self._link


class FakeDesk:
    """A desk whose orders, fills and positions the test says."""

    def __init__(self) -> None:
        self.fill_list: list[Fill] = []
        self.order_list: list[Order] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failures = 0
        self.logons = 0
        self._watchers: list[Callable[[str, list[Any]], None]] = []

    def watch(
        self, watcher: Callable[[str, list[Any]], None], *, kinds: tuple[str, ...]
    ) -> Callable[[], None]:
        assert kinds in (("fills",), ("orders",))
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def fills(self, *, limit: int) -> list[Fill]:
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise Problem(503, "venue_down", "gone")
        return self.fill_list[:limit]

    async def orders(self, *, status: str = "all", limit: int) -> list[Order]:
        found = [each for each in self.order_list if status == "all" or each.is_working]
        return found[:limit]

    def tell_orders(self, *orders: Order) -> None:
        for watcher in self._watchers:
            watcher("orders", list(orders))

    def tell(self, *fills: Fill) -> None:
        self.fill_list[:0] = fills
        for watcher in self._watchers:
            watcher("fills", list(fills))


class FakeOperator:
    async def sessions(self) -> list[Session]:
        own = {"version": "FIX.4.4", "firm": None, "roles": [], "state": "on"}
        return [Session(comp_id="A", next_in=1, next_out=2, **own)]  # type: ignore[arg-type]


class Place:
    """A hub with a market on a fake link, and clients on fake lines."""

    def __init__(self) -> None:
        self.link = FakeLink()
        self.market = Market(self.link)  # type: ignore[arg-type]
        self.desk = FakeDesk()
        config = SimpleNamespace(session="WEB1")
        self.user = SimpleNamespace(
            name="alpha", desk=self.desk, operator=FakeOperator(), sessions=["WEB1"], config=config
        )
        self.is_open = True
        web = SimpleNamespace(
            settings=SimpleNamespace(connections=200),
            market=self.market,
            messages=MessageLog(),
            links=Sessions(self.link),
            accounts=SimpleNamespace(is_open=lambda _: self.is_open),
        )
        self.messages = web.messages
        self.hub = Hub(web, Limits(subscriptions=5))  # type: ignore[arg-type]

    def client(self, user: Any = ...) -> tuple[Client, FakeLine]:
        line = FakeLine()
        who = Principal(self.user if user is ... else user, "anonymous", "key")
        client = Client(line, who, self.hub.counts, asyncio.get_running_loop().time())
        self.hub.add(client)
        line.take()
        return client, line

    def join(
        self, client: Client, name: str, symbol: str | None = "AAPL", levels: int | None = None
    ) -> None:
        self.hub.subscribe(client, name, symbol, levels).join(client)

    async def live(self) -> str:
        """Give AAPL its book; return the id of the subscription."""
        await asyncio.sleep(0)
        (asked,) = self.link.of("V")
        self.link.snapshot(asked[262], *BOOK)
        await flushed()
        return asked[262]


async def flushed() -> None:
    await asyncio.sleep(0.001)
    for _ in range(5):
        await asyncio.sleep(0)


def run(test: Callable[[Place], Awaitable[None]]) -> None:
    async def main() -> None:
        place = Place()
        await place.hub.start()
        place.link.log_on("AAPL", "MSFT")
        try:
            await test(place)
        finally:
            await place.hub.stop()

    asyncio.run(main())


def test_auction_is_told_with_its_phase_and_ends_with_it() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        watchers = len(place.market.listings._watchers)
        place.join(client, "auction")
        asked = await place.live()
        (snapshot,) = line.take()
        assert (snapshot["channel"], snapshot["auction"]) == ("auction", None)
        (phases,) = {each[324] for each in place.link.phases() if each[55] == "AAPL"}
        place.link.hear(status(phases, "AAPL", "closing_auction"))
        place.link.hear(status(phases, "AAPL", "closing_auction"))
        (called,) = line.take()
        nothing = dict.fromkeys(("price", "quantity", "imbalance", "imbalance_side"))
        assert called["auction"] == {"phase": "closing_auction"} | nothing
        place.link.auction(asked, "279=0|269=Q|270=100|271=5", "279=0|269=A|270=100|271=0")
        await flushed()
        (told,) = line.take()
        assert told["auction"]["price"] == "100" and told["auction"]["imbalance"] == "0"
        other, other_line = place.client()
        place.join(other, "auction")
        assert [each["auction"] for each in other_line.take()] == [told["auction"]]
        place.link.auction(asked, "279=2|269=Q|270=0", "279=2|269=A|270=0", first=3)
        place.link.hear(status(phases, "AAPL"))
        await flushed()
        for told_to in (line, other_line):
            assert told_to.take()[-1]["auction"] is None
        for member in (client, other):
            place.hub.unsubscribe(member, "auction", "AAPL", None)
        assert len(place.market.listings._watchers) == watchers
        place.link.hear(status(phases, "AAPL", "closing_auction"))
        assert line.take() == [] == other_line.take()

    run(test)


def test_depth_is_a_snapshot_then_numbered_deltas() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "depth", levels=1)
        assert line.take() == []
        asked = await place.live()
        (snapshot,) = line.take()
        assert (snapshot["type"], snapshot["levels"]) == ("snapshot", 1)
        assert snapshot["bids"] == [["99.9", "50", 1]]
        place.link.increment(asked, ("0", "99.8", "1"), ("1", "100.2", "1"))
        await flushed()
        assert line.take() == [], "it lies below the best"
        place.link.increment(asked, ("0", "99.9", "60"), ("1", "100.1", ""), first=3)
        await flushed()
        (delta,) = line.take()
        assert (delta["type"], delta["sequence"]) == ("delta", snapshot["sequence"] + 1)
        assert delta["bids"] == [["99.9", "60", 1]]
        assert delta["asks"] == [["100.1", "0", 0], ["100.2", "1", 1]]
        other, late = place.client()
        place.join(other, "depth", levels=1)
        (state,) = late.take()
        assert state["sequence"] == delta["sequence"]
        assert state["asks"] == [["100.2", "1", 1]]

    run(test)


def test_a_resync_shows_the_state_of_the_last_delta() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "depth")
        asked = await place.live()
        line.take()
        place.link.increment(asked, ("0", "99.9", "60"))
        place.hub.subscription(client, "depth", "AAPL", None)
        client.show(place.hub.subscription(client, "depth", "AAPL", 10))
        (shown,) = line.take()
        assert shown["bids"] == [["99.9", "50", 1]], "the change has not been told yet"
        await flushed()
        (delta,) = line.take()
        assert delta["sequence"] == shown["sequence"] + 1

    run(test)


def test_a_new_book_is_shown_to_all_with_the_next_number() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "depth")
        place.join(client, "bbo")
        await place.live()
        depth, bbo = line.take()
        place.link.log_out()
        late, late_line = place.client()
        place.join(late, "depth")
        assert late_line.take() == [], "what there was is the past"
        place.link.log_on("AAPL", "MSFT")
        await place.live()
        again = {each["channel"]: each for each in line.take()}
        assert again["depth"]["type"] == "snapshot"
        assert again["depth"]["sequence"] == depth["sequence"] + 1
        assert again["bbo"]["sequence"] == bbo["sequence"] + 1
        assert [each["type"] for each in late_line.take()] == ["snapshot"]

    run(test)


def test_bbo_is_told_when_the_best_changes() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "bbo")
        asked = await place.live()
        (first,) = line.take()
        assert first["bid"] == ["99.9", "50", 1]
        place.link.increment(asked, ("0", "99.8", "1"))
        await flushed()
        assert line.take() == []
        place.link.increment(asked, ("1", "100.1", ""), first=2)
        await flushed()
        (second,) = line.take()
        assert (second["ask"], second["sequence"]) == (None, first["sequence"] + 1)

    run(test)


def test_trades_do_not_wait_long_for_their_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HISTORY_SECONDS", 0.2)

    async def test(place: Place) -> None:
        client, line = place.client()

        def told() -> list[tuple[str, int]]:
            """Of trades alone: the status comes, too."""
            frames = [each for each in line.take() if each["channel"] == "trades"]
            return [(each["type"], len(each["trades"])) for each in frames]

        place.join(client, "trades")
        asked = await place.live()
        (history,) = place.link.of("AD")
        assert told() == []
        await asyncio.sleep(0.3)
        assert told() == [("snapshot", 0)]
        entry = "279=0|269=2|278=T1|55=AAPL|270=102|271=1|273=10:00:00|83=1|"
        place.link.increment(asked, more=entry)
        await flushed()
        assert told() == [("update", 1)]
        place.link.arrive(f"35=AQ|568={history[568]}|569=1|748=0|749=0|750=1|")
        await flushed()
        assert told() == [("snapshot", 1)]
        await asyncio.sleep(0.3)
        assert told() == []

    run(test)


def test_trades_begin_with_the_history() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "trades")
        asked = await place.live()
        (history,) = place.link.of("AD")
        assert line.take() == []
        entry = "279=0|269=2|278=T{0}|55=AAPL|270=102|271=1|273=10:00:00|83={0}|"
        place.link.increment(asked, more=entry.format(1))
        place.link.arrive(f"35=AQ|568={history[568]}|569=1|748=0|749=0|750=1|")
        await flushed()
        (snapshot,) = line.take()
        assert [each["trade_id"] for each in snapshot["trades"]] == ["1"]
        place.link.increment(asked, more=entry.format(2))
        await flushed()
        (update,) = line.take()
        assert (update["type"], update["symbol"]) == ("update", "AAPL")
        assert [each["trade_id"] for each in update["trades"]] == ["2"]
        bust = "279=2|269=2|278=T2|55=AAPL|83=3|"
        place.link.increment(asked, more=bust)
        await flushed()
        (revised,) = line.take()
        assert (revised["type"], len(revised["trades"])) == ("snapshot", 1)

    run(test)


def test_who_is_behind_gets_nothing_then_the_present() -> None:
    async def test(place: Place) -> None:
        (client, line), (other, quick) = place.client(), place.client()
        for each in (client, other):
            place.join(each, "depth")
            place.join(each, "bbo")
        asked = await place.live()
        line.take(), quick.take()
        line.is_full = True
        for number in range(1, 6):
            place.link.increment(asked, ("0", "99.9", str(number)), first=number)
            await flushed()
        assert line.take() == []
        assert len(quick.take()) == 10
        assert place.hub.figures()["dropped"] == 10
        line.is_full = False
        client.catch_up()
        depth, bbo = line.take()
        assert depth["type"] == "snapshot"
        assert depth["bids"] == [["99.9", "5", 1]] == [bbo["bid"]]
        place.link.increment(asked, ("0", "99.9", "9"), first=6)
        await flushed()
        (delta, _) = line.take()
        assert delta["sequence"] == depth["sequence"] + 1

    run(test)


def test_who_is_full_again_waits_for_the_rest() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "depth")
        place.join(client, "bbo")
        asked = await place.live()
        line.take()
        line.is_full = True
        place.link.increment(asked, ("0", "99.9", "1"))
        await flushed()
        write = line.write

        def fill(frame: bytes) -> None:
            write(frame)
            line.is_full = True

        line.is_full, line.write = False, fill  # type: ignore[method-assign]
        client.catch_up()
        assert len(line.take()) == 1
        line.is_full = False
        client.catch_up()
        assert len(line.take()) == 1
        assert client.owed == {}

    run(test)


def test_who_takes_nothing_for_too_long_is_ended() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        line.is_full, line.waiting = True, 100
        client.judge(0.0, 10.0)
        client.judge(9.0, 10.0)
        line.waiting = 90
        client.judge(11.0, 10.0)
        assert line.ended is None, "it has read a little"
        client.judge(20.9, 10.0)
        assert line.ended is None
        client.judge(21.0, 10.0)
        assert line.ended == TOO_SLOW
        client.judge(30.0, 10.0)
        assert place.hub.figures()["closed_slow"] == 1

    run(test)


def test_who_reads_now_and_then_stays() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        for now in range(0, 100, 6):
            line.is_full, line.waiting = True, 100
            client.judge(float(now), 10.0)
            line.is_full = False
            client.catch_up()
        assert line.ended is None

    run(test)


def test_the_last_member_ends_the_channel() -> None:
    async def test(place: Place) -> None:
        (one, _), (two, _) = place.client(), place.client()
        for client in (one, two):
            place.join(client, "depth")
        feed = place.market.hold("AAPL")
        assert feed.holds == 2
        place.hub.unsubscribe(one, "depth", "AAPL", 10)
        assert feed.holds == 2
        place.hub.remove(two)
        assert feed.holds == 1
        assert place.hub.figures()["channels"] == 0
        with pytest.raises(Problem, match="no subscription"):
            place.hub.unsubscribe(one, "depth", "AAPL", 10)

    run(test)


def test_subscriptions_are_limited_and_once_is_enough() -> None:
    async def test(place: Place) -> None:
        client, _ = place.client()
        for levels in range(1, 6):
            place.join(client, "depth", levels=levels)
        place.join(client, "depth", levels=1)
        with pytest.raises(Problem) as problem:
            place.join(client, "depth", levels=6)
        assert problem.value.code == "too_many_subscriptions"
        place.hub.unsubscribe(client, "depth", "AAPL", 1)
        place.join(client, "depth", levels=6)

    run(test)


def test_who_may_not() -> None:
    async def test(place: Place) -> None:
        nobody, line = place.client(user=None)
        for name, symbol in (("depth", "AAPL"), ("orders", None), ("instruments", None)):
            with pytest.raises(Problem) as problem:
                place.join(nobody, name, symbol)
            assert problem.value.code == "unauthorized"
        reader = SimpleNamespace(name="reader", desk=None, operator=None, sessions=[])
        client, _ = place.client(user=reader)
        place.join(client, "bbo")
        for name, code in (("fills", "no_trading"), ("sessions", "no_operator")):
            with pytest.raises(Problem) as problem:
                place.join(client, name, None)
            assert problem.value.code == code
        place.hub._look(asyncio.get_running_loop().time() + 11)
        assert line.ended == POLICY

    run(test)


def test_a_login_that_ends() -> None:
    async def test(place: Place) -> None:
        _, line = place.client()
        place.is_open = False
        for _ in range(8):
            place.hub._look(asyncio.get_running_loop().time())
        assert line.ended == EXPIRED

    run(test)


def test_unknown_symbols_are_refused_also_when_the_venue_is_back() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        with pytest.raises(Problem, match="'NONE'"):
            place.join(client, "bbo", "NONE")
        place.link.log_out()
        place.market.listings._is_listed = False
        place.join(client, "bbo", "NONE")
        place.link.log_on("AAPL")
        place.hub._look(0.0)
        told = [each for each in line.take() if each.get("op") == "error"]
        assert [(each["code"], each["symbol"]) for each in told] == [("unknown_symbol", "NONE")]
        assert place.hub.figures()["channels"] == 0

    run(test)


def test_status() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.hub._look(0.0)
        line.take()
        place.hub._look(0.0)
        assert line.take() == []
        place.link.log_out()
        place.hub._look(0.0)
        (down,) = line.take()
        assert (down["channel"], down["venue"], down["links"][0]["state"]) == (
            "status",
            "down",
            "down",
        )
        assert client.channels

    run(test)


def test_who_comes_between_a_change_and_its_news_takes_it_from_nobody() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.hub._look(0.0)
        line.take()
        place.link.log_out()
        _, late = place.client()
        client.show(place.hub.subscription(client, "status", None, None))
        line.take()
        place.hub._look(0.0)
        for each in (line, late):
            (down,) = each.take()
            assert down["venue"] == "down"
        place.hub._look(0.0)
        assert line.take() == late.take() == []

    run(test)


@pytest.mark.parametrize("symbol", ["AAPL\x01146=0\x0158=x", "A B", "ü", "", "X" * 33, "AAPL\n"])
def test_what_cannot_be_a_symbol_is_never_sent(symbol: str) -> None:
    async def test(place: Place) -> None:
        client, _ = place.client()
        place.link.log_out()
        place.market.listings._is_listed = False
        with pytest.raises(Problem, match="symbol"):
            place.join(client, "bbo", symbol)
        assert not place.hub.figures()["channels"]

    run(test)


def test_who_has_no_login_leaves_room_for_the_others() -> None:
    async def test(place: Place) -> None:
        known = Principal(place.user, "anonymous", "key")  # type: ignore[arg-type]
        nobody = Principal(None, "nobody", "key")
        place.hub.limits = Limits(connections=8)
        clients = [place.client(user=None)[0] for _ in range(2)]
        assert place.hub.is_crowded(nobody) and not place.hub.is_crowded(known)
        clients[0].principal = known
        assert not place.hub.is_crowded(nobody)
        for _ in range(6):
            place.client()
        assert place.hub.is_crowded(nobody) and place.hub.is_crowded(known)

    run(test)


def test_instruments() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.join(client, "instruments", None)
        (snapshot,) = line.take()
        assert [each["symbol"] for each in snapshot["instruments"]] == ["AAPL", "MSFT"]
        req_id = next(iter(place.market.listings._asked))
        place.link.hear(status(req_id, "AAPL", "halt", "2"))
        (update,) = line.take()
        assert (update["type"], update["instruments"][0]["is_halted"]) == ("update", True)
        place.link.log_on("AAPL")
        (again,) = line.take()
        assert (again["type"], len(again["instruments"])) == ("snapshot", 1)

    run(test)


def fill(number: int) -> Fill:
    return Fill(
        trade_id=str(number),
        execution_id=None,
        order_id="1",
        client_order_id=None,
        symbol="AAPL",
        side="buy",
        quantity="1",
        price="1",
        liquidity=None,
        fee=None,
        fee_currency=None,
        time="",
    )


def an_order(number: int, is_working: bool) -> Order:
    left_out = dict.fromkeys(Order.__dataclass_fields__)
    own = {"order_id": str(number), "is_working": is_working, "fills": []}
    return Order(**left_out | own)  # type: ignore[arg-type]


def order_ids(told: dict[str, Any]) -> list[int]:
    return [int(each["order_id"]) for each in told["orders"]]


def test_working_orders_are_shown_however_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST", 5)
    monkeypatch.setattr(own, "MOST_WORKING", 3)

    async def test(place: Place) -> None:
        client, line = place.client()
        old = [an_order(2, True), an_order(1, True)]
        place.desk.order_list = [an_order(each, False) for each in range(20, 2, -1)] + old
        place.join(client, "orders", None)
        await flushed()
        (snapshot,) = line.take()
        assert order_ids(snapshot) == [20, 19, 18, 17, 16, 2, 1]
        for number in range(21, 60):
            place.desk.tell_orders(an_order(number, number == 30))
        place.desk.tell_orders(an_order(2, False))
        line.take()
        client.show(place.hub.subscription(client, "orders", None, None))
        (snapshot,) = line.take()
        assert order_ids(snapshot) == [59, 58, 57, 56, 55, 30, 1]
        (channel,) = (each for each in client.channels.values() if each.key[0] == "orders")
        assert isinstance(channel, own.OrdersChannel) and len(channel._known) <= 2 * (5 + 3)
        place.desk.tell_orders(*(an_order(number, True) for number in range(60, 70)))
        line.take()
        client.show(channel)
        assert order_ids(line.take()[0])[:3] == [69, 68, 67]

    run(test)


def ids(told: dict[str, Any]) -> list[str]:
    return [each["trade_id"] for each in told["fills"]]


def test_own_things_are_a_snapshot_then_what_changes() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.desk.fill_list = [fill(2), fill(1)]
        place.desk.gate.clear()
        place.join(client, "fills", None)
        await asyncio.sleep(0)
        place.desk.tell(fill(3))
        assert line.take() == []
        place.desk.gate.set()
        await flushed()
        (snapshot,) = line.take()
        assert ids(snapshot) == ["3", "2", "1"]
        place.desk.tell(fill(4))
        (update,) = line.take()
        assert (update["type"], ids(update)) == ("update", ["4"])
        other, late = place.client()
        place.join(other, "fills", None)
        assert ids(late.take()[0]) == ["4", "3", "2", "1"]
        place.desk.tell(fill(4), replace(fill(3), quantity="2"))
        assert ids(line.take()[0]) == ["3"]
        place.desk.tell(fill(4))
        assert line.take() == []

    run(test)


def test_what_was_before_is_not_taken_for_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restart: a question for all there is brings them as changes, the oldest first."""
    monkeypatch.setattr(own, "MOST", 3)

    async def test(place: Place) -> None:
        client, line = place.client()
        place.desk.fill_list = [fill(number) for number in range(20, 0, -1)]
        place.desk.gate.clear()
        place.join(client, "fills", None)
        await asyncio.sleep(0)
        for watcher in place.desk._watchers:
            watcher("fills", place.desk.fill_list[::-1])
        place.desk.gate.set()
        await flushed()
        assert ids(line.take()[0]) == ["20", "19", "18"]
        place.desk.order_list = [an_order(number, True) for number in range(12, 9, -1)]
        place.join(client, "orders", None)
        await flushed()
        place.desk.tell_orders(an_order(2, False))
        client.show(place.hub.subscription(client, "orders", None, None))
        assert order_ids(line.take()[-1]) == [12, 11, 10, 2]

    run(test)


def test_own_things_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "AGAIN_SECONDS", 0.01)

    async def test(place: Place) -> None:
        client, line = place.client()
        place.desk.failures = 2
        place.join(client, "fills", None)
        await asyncio.sleep(0.1)
        assert [ids(each) for each in line.take()] == [[]]
        place.hub._look(0.0)
        await flushed()
        assert all(each["channel"] == "status" for each in line.take())
        place.desk.fill_list = [fill(9)]
        place.desk.logons += 1  # sooner than anybody looks
        place.hub._look(0.0)
        await flushed()
        told = [each for each in line.take() if each["channel"] == "fills"]
        assert [(each["type"], ids(each)) for each in told] == [("snapshot", ["9"])]

    run(test)


def test_messages_and_sessions() -> None:
    async def test(place: Place) -> None:
        client, line = place.client()
        place.hub._look(0.0)
        line.take()
        place.user.operator = None
        place.messages.add("WEB1", "in", "8=FIXT.1.1\x019=1\x0135=8\x0110=0\x01")
        place.messages.add("WEB2", "in", "8=FIXT.1.1\x019=1\x0135=8\x0110=0\x01")
        place.join(client, "messages", None)
        (snapshot,) = line.take()
        assert [each["session"] for each in snapshot["messages"]] == ["WEB1"]
        place.messages.add("WEB1", "out", "8=FIXT.1.1\x019=1\x0135=D\x0110=0\x01")
        await asyncio.sleep(0.3)
        (update,) = line.take()
        assert [each["msg_type"] for each in update["messages"]] == ["D"]
        place.user.operator = FakeOperator()
        place.join(client, "sessions", None)
        await flushed()
        (sessions,) = line.take()
        assert sessions["sessions"][0]["comp_id"] == "A"

    run(test)
