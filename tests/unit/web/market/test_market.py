"""The market: subscribed to on demand, one answer for all who ask, and back after a loss."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from tests.unit.web.market.fake_link import NOW, FakeLink, listing, status
from venue.client import LoggedOut, MarketDataReject
from venue.client.reference import DayStatistics, SecurityList
from venue.client.wire import Field
from venue.web.market import histories
from venue.web.market import market as market_module
from venue.web.market.feed import Change
from venue.web.market.market import Market
from venue.web.problems import Problem
from venue.web.shapes import Auction, Trade

BOOK = (("0", "99.9", "50"), ("1", "100.1", "70"))


def run(test: Callable[[Market, FakeLink], Awaitable[None]]) -> None:
    """Run a test on a loop of its own, with a market of AAPL and MSFT."""

    async def main() -> None:
        link = FakeLink()
        market = Market(link)  # type: ignore[arg-type]
        await market.start()
        link.log_on("AAPL", "MSFT")
        try:
            await test(market, link)
        finally:
            await market.stop()

    asyncio.run(main())


async def settle(seconds: float = 0.0) -> None:
    """Let the loop do what is due."""
    await asyncio.sleep(seconds)
    for _ in range(5):
        await asyncio.sleep(0)


async def flushed() -> None:
    await settle(0.001)


async def subscription(link: FakeLink) -> dict[int, str]:
    await settle()
    (asked,) = link.of("V")
    return asked


def test_nobody_asks_for_nothing() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        await settle()
        assert [kind for kind, _ in link.sent] == ["x"]
        assert market.figures()["symbols"] == 0

    run(test)


def test_the_first_who_asks_makes_it_subscribe_and_the_next_does_not() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        books = asyncio.gather(market.book("AAPL", 1), market.bbo("AAPL"))
        asked = await subscription(link)
        assert (asked[55], asked[263], asked[264], asked[9084]) == ("AAPL", "1", "0", "2")
        assert (asked[267], asked[269]) == ("5", "A")  # the last of 0, 1, 2, Q, A
        link.snapshot(asked[262], *BOOK)
        book, bbo = await books
        assert [(level.price, level.quantity) for level in book.bids] == [("99.9", "50")]
        assert (bbo.spread, bbo.mid) == ("0.2", "100.0")
        assert await market.book("AAPL", 10)
        assert link.of("V") == []

    run(test)


def test_a_call_shows_what_its_auction_would_do() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        asking = asyncio.ensure_future(market.book("AAPL", 5))
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        assert (await asking).auction is None
        (phases,) = {each[324] for each in link.phases() if each[55] == "AAPL"}
        link.hear(status(phases, "AAPL", "opening_auction"))
        empty = (await market.book("AAPL", 5)).auction
        assert empty is not None and empty.phase == "opening_auction"
        assert (empty.price, empty.quantity, empty.imbalance, empty.imbalance_side) == (None,) * 4
        entries = ("279=0|269=A|270=100|271=7|277=Q", "279=0|269=Q|270=100|271=5")
        link.auction(asked[262], *entries)
        auction = (await market.book("AAPL", 5)).auction
        assert auction == Auction(
            phase="opening_auction",
            price="100",
            quantity="5",
            imbalance="7",
            imbalance_side="sell",
        )
        link.auction(asked[262], "279=2|269=A|270=0", "279=2|269=Q|270=0", first=3)
        assert (await market.book("AAPL", 5)).auction == empty
        link.auction(asked[262], *entries, first=5)
        link.snapshot(asked[262], *BOOK)
        assert (await market.book("AAPL", 5)).auction == empty
        link.hear(status(phases, "AAPL"))
        assert (await market.book("AAPL", 5)).auction is None

    run(test)


def test_changes_of_a_turn_are_one() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        feed = market.hold("AAPL")
        changes: list[Change] = []
        feed.watch(changes.append)
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        await flushed()
        for number in range(5):
            link.increment(asked[262], ("0", f"99.{number}", "1"), first=number + 1)
        await flushed()
        assert [change.is_new for change in changes] == [True, False]
        assert len(changes[1].touched[0]) == 5
        assert feed.shown_book(0).sequence == 2

    run(test)


def test_a_gap_draws_a_new_subscription_and_a_new_book() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        feed = market.hold("AAPL")
        changes: list[Change] = []
        feed.watch(changes.append)
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK, last=4)
        link.increment(asked[262], ("0", "99", "1"), first=5)
        link.increment(asked[262], ("0", "98", "1"), first=7)
        ended, again = link.of("V")
        assert (ended[263], ended[262], again[263]) == ("2", asked[262], "1")
        link.increment(asked[262], ("0", "97", "1"), first=8)
        assert link.of("V") == []
        link.snapshot(again[262], *BOOK, last=0)
        await flushed()
        assert changes[-1].is_new
        assert [row[0] for row in feed.book.top(0, 0)] == ["99.9"]
        assert market.figures()["gaps"] == 1

    run(test)


def test_what_is_there_no_more_is_not_touched_by_late_messages() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        feed = market.hold("AAPL")
        asked = await subscription(link)
        link.snapshot("another", *BOOK)
        link.increment(asked[262], ("0", "99", "1"))
        await flushed()
        assert not feed.is_live
        assert feed.book.top(0, 0) == []

    run(test)


def test_after_a_loss_everything_is_asked_for_again() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        feed = market.hold("AAPL", with_tape=True)
        changes: list[Change] = []
        feed.watch(changes.append)
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        link.log_out()
        with pytest.raises(Problem, match="gone"):
            await market.book("AAPL", 1)
        with pytest.raises(Problem) as instruments:
            await market.instruments()
        assert instruments.value.status == 503
        link.of("AD")
        link.log_on("AAPL")
        again = await subscription(link)
        assert again[262] != asked[262]
        assert len(link.of("AD")) == 1
        link.snapshot(again[262], ("0", "98", "1"))
        await flushed()
        assert changes[-1].is_new
        assert (await market.bbo("AAPL")).bid is not None

    run(test)


def test_who_waits_hears_of_the_loss() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        waiting = asyncio.gather(
            market.book("AAPL", 1), market.statistics("AAPL"), return_exceptions=True
        )
        await subscription(link)
        link.log_out()
        for problem in await waiting:
            assert isinstance(problem, Problem)
            assert problem.status == 503

    run(test)


def test_unknown_symbols() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        for asked in (
            market.book("NONE", 1),
            market.instrument("NONE"),
            market.candles("NO", 1, 1),
        ):
            with pytest.raises(Problem) as problem:
                await asked
            assert (problem.value.status, problem.value.code) == (404, "unknown_symbol")
        assert link.of("V") == []

    run(test)


def test_delisted_meanwhile() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        waiting = asyncio.create_task(market.book("AAPL", 1))
        asked = await subscription(link)
        link.hear(MarketDataReject(md_req_id=asked[262], md_req_rej_reason="0", text="delisted"))
        with pytest.raises(Problem) as problem:
            await waiting
        assert problem.value.code == "unknown_symbol"

    run(test)


def test_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "ANSWER_SECONDS", 0.01)

    async def test(market: Market, link: FakeLink) -> None:
        with pytest.raises(Problem) as problem:
            await market.book("AAPL", 1)
        assert problem.value.status == 504

    run(test)


def test_what_nobody_wants_any_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(market_module, "KEPT_SECONDS", 0.0)

    async def test(market: Market, link: FakeLink) -> None:
        feed = market.hold("AAPL")
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        await settle(0.05)
        assert market.figures()["symbols"] == 1
        market.release(feed)
        await settle(0.05)
        assert market.figures()["symbols"] == 0
        (ended,) = link.of("V")
        assert (ended[262], ended[263]) == (asked[262], "2")

    run(test)


def trade_text(req_id: str, trade_id: str, price: str) -> str:
    """As QuickFIX hands it out: the fields of the body, groups among them, by tag."""
    sides = "552=2|54=1|37=NONE|1444=2|54=2|37=NONE|1444=1|"
    return (
        f"35=AE|31={price}|32=3|55=AAPL|60={NOW}|75=20261121|150=F|487=0|{sides}568={req_id}|"
        f"570=N|571={trade_id}|856=0|880={trade_id}|912=N|"
    )


def test_history_and_what_follows() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        waiting = asyncio.gather(market.trades("AAPL", 10), market.candles("AAPL", 60, 10))
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        await settle()
        (history,) = link.of("AD")
        assert (history[55], history[263]) == ("AAPL", "0")
        link.arrive(f"35=AQ|568={history[568]}|569=1|749=0|750=0|")
        link.arrive(trade_text(history[568], "5", "100"))
        link.arrive(trade_text(history[568], "6", "101"))
        link.increment(
            asked[262], more="279=0|269=2|278=T7|55=AAPL|270=102|271=1|273=10:00:00|83=1|"
        )
        link.arrive(f"35=AQ|568={history[568]}|569=1|748=2|749=0|750=1|")
        trades, candles = await waiting
        assert [(each.trade_id, each.aggressor_side) for each in trades][-2:] == [
            ("6", "buy"),
            ("5", "buy"),
        ]
        await flushed()
        assert [each.trade_id for each in await market.trades("AAPL", 10)] == ["7", "6", "5"]
        assert candles[0].open == "100"

    run(test)


async def history_asked(
    market: Market, link: FakeLink, symbol: str = "AAPL", limit: int = 10
) -> tuple[asyncio.Task[list[Trade]], dict[int, str], dict[int, str]]:
    """Ask for trades of a symbol, and give it its book; return who waits for its history, and the
    requests of book and history.
    """
    waiting = asyncio.create_task(market.trades(symbol, limit))
    asked = await subscription(link)
    link.snapshot(asked[262], *BOOK, symbol=symbol, last=4)
    await settle()
    (history,) = link.of("AD")
    return waiting, asked, history


async def taped(market: Market, link: FakeLink, symbol: str = "AAPL") -> str:
    """Give a symbol its book and an empty history; return the id of the subscription."""
    waiting, asked, history = await history_asked(market, link, symbol)
    link.arrive(f"35=AQ|568={history[568]}|569=1|748=0|749=0|750=1|")
    assert await waiting == []
    return asked[262]


def test_a_second_book_or_a_gap_means_that_trades_are_missing() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        req_id = await taped(market, link)
        link.increment(req_id, ("0", "99", "1"), first=5)
        assert link.of("AD") == []
        link.snapshot(req_id, *BOOK, last=9)
        (history,) = link.of("AD")
        link.arrive(f"35=AQ|568={history[568]}|569=1|748=0|749=0|750=1|")
        link.increment(req_id, ("0", "99", "1"), first=17)
        assert len(link.of("AD")) == 1

    run(test)


def test_a_tape_is_kept_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(market_module, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(market_module, "MOST_TAPES", 1)

    async def test(market: Market, link: FakeLink) -> None:
        await taped(market, link)
        await settle(0.05)
        assert await market.trades("AAPL", 1) == [] and link.of("AD") == []
        await taped(market, link, "MSFT")
        await settle(0.05)
        assert [each[263] for each in link.of("V")] == ["2"]
        assert await market.trades("MSFT", 1) == [] and link.of("AD") == []
        monkeypatch.setattr(market_module, "TAPE_SECONDS", 0.0)
        await settle(0.05)
        assert market.figures()["symbols"] == 0

    run(test)


def test_a_tape_that_nobody_wants_is_not_asked_for_again() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        await taped(market, link)
        held = market.hold("MSFT")
        link.of("V")
        link.hear(LoggedOut())
        assert market.figures()["symbols"] == 1
        link.log_on("AAPL", "MSFT")
        await settle()
        assert [each[55] for each in link.of("V")] == ["MSFT"]
        assert held.symbol == "MSFT" and link.of("AD") == []

    run(test)


def test_a_history_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "ANSWER_SECONDS", 0.05)

    async def test(market: Market, link: FakeLink) -> None:
        waiting = asyncio.ensure_future(market.trades("AAPL", 1))
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        async with asyncio.timeout(market_module.HISTORY_SECONDS / 2):
            with pytest.raises(Problem, match="in time"):
                await waiting

    run(test)


@pytest.mark.parametrize(("at_most", "is_told"), [(30.0, True), (0.05, False)])
def test_a_long_history_is_waited_for(
    at_most: float, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as some of it comes; but not for ever."""
    patience = 1.0
    monkeypatch.setattr(market_module, "ANSWER_SECONDS", patience)
    monkeypatch.setattr(market_module, "HISTORY_SECONDS", at_most)

    async def test(market: Market, link: FakeLink) -> None:
        waiting, _, history = await history_asked(market, link, limit=1)
        began = asyncio.get_running_loop().time()
        number = 0
        while asyncio.get_running_loop().time() < began + 1.5 * patience and not waiting.done():
            number += 1
            link.arrive(trade_text(history[568], str(number), "100"))
            await settle(0.01)
        assert waiting.done() == (not is_told)
        link.arrive(f"35=AQ|568={history[568]}|569=1|748={number}|749=0|750=1|")
        if is_told:
            assert [each.trade_id for each in await waiting] == [str(number)]
        else:
            with pytest.raises(Problem, match="in time"):
                await waiting

    run(test)


def test_what_was_refused_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "SWEEP_SECONDS", 0.01)

    async def test(market: Market, link: FakeLink) -> None:
        market.hold("AAPL")
        asked = await subscription(link)
        link.hear(MarketDataReject(md_req_id=asked[262], md_req_rej_reason="2", text="too much"))
        await settle(0.05)
        assert len(link.of("V")) == 1

    run(test)


@pytest.mark.parametrize(
    "refusal",
    [
        "35=AQ|568={}|569=1|749=99|750=2|58=no|",
        "35=j|372=AD|379={}|380=4|58=no|",
        "35=j|372=AD|380=4|58=no|",
    ],
)
def test_a_history_that_is_refused_is_asked_for_again(
    refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "HISTORY_PAUSE", 0.01)

    async def test(market: Market, link: FakeLink) -> None:
        waiting, _, history = await history_asked(market, link)
        link.arrive(refusal.format(history[568]))
        await settle(0.05)
        assert not waiting.done()
        (history,) = link.of("AD")
        link.arrive(trade_text(history[568], "5", "100"))
        link.arrive(f"35=AQ|568={history[568]}|569=1|748=1|749=0|750=1|")
        assert [each.trade_id for each in await waiting] == ["5"]

    run(test)


def test_so_many_histories_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "MOST_HISTORIES", 3)
    symbols = [f"S{number}" for number in range(10)]

    async def test(market: Market, link: FakeLink) -> None:
        link.list_instruments(*symbols)
        feeds = [market.hold(symbol, with_tape=True) for symbol in symbols]
        told: list[str] = []
        under_way = link.of("AD")
        while under_way:
            assert len(under_way) <= 3
            history = under_way.pop(0)
            told.append(history[55])
            link.arrive(f"35=AQ|568={history[568]}|569=1|748=0|749=0|750=1|")
            under_way += link.of("AD")
        assert told == symbols
        assert all(feed.tape.is_complete for feed in feeds)

    run(test)


def test_what_cannot_be_asked_for_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market_module, "SWEEP_SECONDS", 0.01)
    send = FakeLink.send

    def sending(link: FakeLink, kind: str, fields: Iterable[Field]) -> int:
        fields = list(fields)
        if (55, "AAPL") in fields and kind == "V":
            raise ValueError("a defect of the test")
        return send(link, kind, fields)

    async def test(market: Market, link: FakeLink) -> None:
        link.log_out()
        feeds = [market.hold(symbol) for symbol in ("AAPL", "MSFT")]
        monkeypatch.setattr(FakeLink, "send", sending)
        link.log_on("AAPL", "MSFT")
        assert [feed.req_id is None for feed in feeds] == [True, False]
        monkeypatch.setattr(FakeLink, "send", send)
        await settle(0.05)
        assert feeds[0].req_id is not None

    run(test)


DAY = DayStatistics(
    trades=2,
    volume=Decimal("1E+1"),
    auction_volume=Decimal(0),
    turnover=Decimal(1000),
    last=Decimal("100.10"),
    volatility={300: Decimal("0.01")},
)


def test_statistics_are_asked_for_once_a_second_whoever_asks() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        waiting = asyncio.gather(market.statistics("AAPL"), market.statistics("AAPL"))
        asked = await subscription(link)
        link.snapshot(asked[262], *BOOK)
        await settle()
        (request,) = link.of("e")
        assert request[263] == "0"
        answered = msgspec.structs.replace(status(request[324], "AAPL"), statistics=DAY)
        link.hear(answered)
        one, other = await waiting
        assert one == other == await market.statistics("AAPL")
        assert link.of("e") == []
        assert (one.trades, one.volume, one.last, one.current_spread) == (2, "10", "100.10", "0.2")
        assert one.volatility == {"300": "0.01"}

    run(test)


def test_instruments_are_there_when_their_phases_are() -> None:
    async def main() -> None:
        link = FakeLink()
        market = Market(link)  # type: ignore[arg-type]
        heard: list[tuple[bool, list[str]]] = []
        market.listings.watch(lambda *news: heard.append((news[0], [i.phase for i in news[1]])))
        link.is_up = True
        waiting = asyncio.create_task(market.instruments())
        link.log_on("AAPL", "MSFT")
        assert [each.symbol for each in await waiting] == ["AAPL", "MSFT"]
        assert heard == [(True, ["continuous", "continuous"])]
        assert (await market.instrument("MSFT")).tick == "0.01"

    asyncio.run(main())


def test_where_prices_of_an_instrument_may_be() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        none = await market.instrument("AAPL")
        assert (none.reference_price, none.static_collar_percent) == (None, None)
        listed = replace(
            listing("AAPL"),
            reference_price=Decimal("50.5"),
            collar_percent=Decimal(20),
            words={"dynamic_collar_percent": "3", "static_collar_percent": "10"},
        )
        own = {"security_response_id": "2", "security_request_result": "0"}
        link.hear(SecurityList(security_req_id="INSTRUMENTS", listings=(listed,), **own))
        found = await market.instrument("AAPL")
        assert (found.reference_price, found.collar_percent) == ("50.5", "20")
        assert (found.dynamic_collar_percent, found.static_collar_percent) == ("3", "10")

    run(test)


def test_halts_and_delistings_are_news() -> None:
    async def test(market: Market, link: FakeLink) -> None:
        heard: list[tuple[bool, str, bool]] = []
        market.listings.watch(
            lambda is_all, news: heard.extend((is_all, i.phase, i.is_halted) for i in news)
        )
        subscribed = dict(market.listings._asked)  # the ids of the fake client
        req_id = next(each for each, symbol in subscribed.items() if symbol == "AAPL")
        link.hear(status(req_id, "AAPL", "halt", "2"))
        assert (await market.instrument("AAPL")).is_halted
        own = {"security_response_id": "1", "security_request_result": "0"}
        gone = (listing("MSFT", is_listed=False),)
        link.hear(SecurityList(security_req_id="INSTRUMENTS", listings=gone, **own))
        assert heard == [(False, "halt", True), (False, "delisted", False)]
        assert [each.symbol for each in await market.instruments()] == ["AAPL"]
        link.list_instruments("TSLA")
        assert market.listings.known("TSLA")

    run(test)
