"""The proof over sockets: whoever joins while others trade, takes W and applies X, has the venue's
book, order by order and number by number; in each version, at any depth. test_market_data_day has
the same through a whole day.

What the book is, a snapshot that is asked for afterwards says, and where nothing is hidden what the
traders' reports add up to (test_book_rebuild). QuickFIX validates all of it.
"""

import random
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.e2e.codes import VERSIONS
from tests.e2e.flow import RichFlow
from tests.e2e.stock import OF_TAGS, StockClient
from tests.e2e.venue_process import VenueProcess
from tests.e2e.watch import KINDS, Watch, flood


@pytest.mark.parametrize("version", VERSIONS)
def test_who_joins_while_others_trade(
    log_on: Callable[..., StockClient], symbol: str, version: str
) -> None:
    clients = [log_on("TRADER1"), log_on("TRADER3")]
    watcher = log_on("MD1")
    flows = [RichFlow(seed, symbol, each.unused_id(), version) for seed, each in enumerate(clients)]
    watch = Watch(watcher, symbol)
    kinds = KINDS.copy()
    random.Random(version).shuffle(kinds)
    for _ in range(6):
        for depth, aggregated, full_refresh in kinds[:4]:
            flood(clients, flows, 7)
            watch.join(depth, aggregated, full_refresh)
        del kinds[:4]
        flood(clients, flows, 12)
        for client in clients:
            client.settle()
        watch.is_right()
    assert any(each.messages > 5 and each.tape for each in watch.shown.values())
    assert len(watch.shown) == len(KINDS)
    watch.end()


@pytest.mark.parametrize("version", VERSIONS)
def test_numbers_and_intervals(
    venue: VenueProcess, log_on: Callable[..., StockClient], symbol: str, version: str
) -> None:
    """Who knows the venue's own tags sees in any version that nothing is missing, also where much
    is one message; trades are all there.
    """
    clients = [log_on("TRADER1"), log_on("TRADER3")]
    flows = [RichFlow(seed, symbol, each.unused_id(), version) for seed, each in enumerate(clients)]
    with closing(StockClient(venue.port, "MD2", {OF_TAGS: "N"}, version)) as watcher:
        watch = Watch(watcher, symbol, numbered=True)
        for more in ("", "0", "40", "3000"):
            watch.join(0, True, False, more)
            watch.join(2, False, False, more)
            watch.join(1, True, True, more)
        watch.hear()
        for _ in range(5):
            flood(clients, flows, 20)
            for client in clients:
                client.settle()
        watch.hear()
        fast, *_, slow, _, _ = watch.shown.values()
        while slow.number is None or len(slow.tape) < len(fast.tape):
            watch.hear()
        assert slow.messages < fast.messages
        tapes = {tuple(trade[:2] for trade in each.tape) for each in watch.shown.values()}
        assert len(tapes) == 1 and fast.tape
        assert watcher.complaints == []
