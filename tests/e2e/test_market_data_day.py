"""Whoever joins at any time of a day, in whichever phase, has the venue's book: through calls,
auctions, halts and what the day's end cancels. QuickFIX validates all of it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2, VERSIONS
from tests.e2e.exchange import SYMBOL, Exchange, traders
from tests.e2e.flow import RichFlow
from tests.e2e.raw import RawClient
from tests.e2e.shown import BID, OFFER
from tests.e2e.test_market_data import DELETED, NEW_LEVEL, TRADE, levels
from tests.e2e.venue_process import VenueProcess
from tests.e2e.watch import KINDS, Watch, flood


@pytest.fixture
def exchange(serve: Callable[..., VenueProcess], tmp_path: Path) -> Exchange:
    return Exchange(serve, tmp_path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_whole_day(
    exchange: Exchange, raw_client: Callable[..., RawClient], version: str
) -> None:
    """Calls, auctions, halts and what the day's end cancels; somebody joins in each phase."""
    with traders(exchange, version) as desk:
        clients, watch = [desk.buyer, desk.seller], Watch(desk.watcher, SYMBOL)
        flows = [RichFlow(seed, SYMBOL, str(seed), version) for seed in (1, 2)]
        operator = raw_client(exchange.venue, "OPERATOR")
        kinds = iter(KINDS * 2)

        def trade(in_call: bool = False) -> None:
            watch.join(*next(kinds))
            for _ in range(3):
                flood(clients, flows, 12)
                watch.join(*next(kinds))
            for client in clients:
                client.settle()
            watch.is_right()
            for each in watch.shown.values():
                picture = each.picture()
                if in_call:
                    assert BID not in picture and OFFER not in picture
                    assert ("Q" in picture) is (version == FIX50SP2)
                    assert ("A" in picture) is (version != FIX42)
                else:
                    assert "Q" not in picture and "A" not in picture

        def ask(action: str, seconds: int | None = None) -> None:
            request = operator.unused_id()
            operator.send("U1", {9201: request, 9202: action, 55: SYMBOL, 9204: seconds})
            operator.receive("U2").has({9201: request, 9203: 0})

        exchange.enter("pre_open")
        watch.join(0, True, False)
        flood(clients, flows, 20)
        exchange.enter("opening_auction")
        trade(in_call=True)
        exchange.enter("continuous")
        trade()
        ask("halt")
        trade()
        ask("resume")
        trade()
        exchange.enter("closing_auction")
        trade(in_call=True)
        exchange.enter("post_close")
        watch.is_right()
        exchange.enter("closed")
        watch.is_right()
        shown = list(watch.shown.values())
        assert len(shown[0].tape) > 20
        picture = shown[0].picture()
        assert {"4", "5", "7", "8", "9"} <= picture.keys()
        assert ("B" in picture) is (version != FIX42)


def test_an_interval(exchange: Exchange) -> None:
    """The first change is told at once, those after it in one message when it is time."""
    with traders(exchange, FIX44) as desk:
        buyer, seller, watcher = desk.buyer, desk.seller, desk.watcher
        exchange.enter("continuous")
        watcher.request_market_data(SYMBOL, more={9084: 60_000})
        watcher.receive("W")
        buyer.enter(SYMBOL, BUY, 1, "99")
        assert levels(watcher.receive("X")) == [(NEW_LEVEL, BID, "99", "1")]
        for price in ("98", "97", "99"):
            buyer.enter(SYMBOL, BUY, 1, price)
        for _ in "12":
            seller.trade(SYMBOL, SELL, 1, "99")
        watcher.hears_nothing()
        exchange.at("09:10:00")
        assert levels(watcher.receive("X")) == [
            (NEW_LEVEL, TRADE, "99", "1"),
            (NEW_LEVEL, TRADE, "99", "1"),
            (DELETED, BID, "99", None),
            (NEW_LEVEL, BID, "98", "1"),
            (NEW_LEVEL, BID, "97", "1"),
        ]
        watcher.hears_nothing()
