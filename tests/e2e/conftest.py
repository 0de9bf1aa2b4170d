"""A venue for each module of tests, and clients that stay logged on to it from test to test.

A module may have VENUE_OPTIONS of its own.
Every test has an instrument to itself; what it leaves in that book is nobody's business.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.codes import FIX44
from tests.e2e.others import Others
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess, spoken_only, write_configuration
from tests.e2e.web_process import Deployment, deployed


class Served(VenueProcess):
    """A venue with instruments and CompIDs for every test of a module."""

    def __init__(
        self, directory: Path, symbols: int, comp_ids: int, options: Sequence[str]
    ) -> None:
        names = [f"SYM{number}" for number in range(symbols)]
        raw = [f"RAW{number}" for number in range(comp_ids)]
        self.symbols, self.comp_ids = iter(names), iter(raw)
        write_configuration(directory / "venue.yaml", names, raw)
        configuration = str(directory / "venue.yaml")
        journal = ("--set", "journal.sync=off")
        super().__init__(directory, "--config", configuration, *journal, *options)


@pytest.fixture(scope="module")
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    used = Counter[str]()
    for item in request.session.items:
        if item.path == request.path and isinstance(item, pytest.Function):
            used.update(item.fixturenames)
    comp_ids = used["connect"] + 10 if used["connect"] else 0
    symbols = used["symbol"] + used["others"]
    options = getattr(request.module, "VENUE_OPTIONS", ())
    venue = Served(tmp_path_factory.mktemp("venue"), symbols, comp_ids, options)
    yield venue
    venue.stop()


@pytest.fixture
def venue(served: Served) -> Iterator[Served]:
    """The module's venue, which must come out of every test sound."""
    if served.process.poll() is not None:
        pytest.fail("an earlier test has ended the venue", pytrace=False)
    yield served
    served.is_sound()


@pytest.fixture
def version() -> str:
    """The FIX version of a test's clients; a module that runs in each of them overrides this."""
    return FIX44


Online = dict[tuple[str, str], StockClient]


@pytest.fixture(scope="module")
def online(served: Served) -> Iterator[Online]:
    clients: Online = {}
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture
def log_on(venue: Served, online: Online, version: str) -> Iterator[Callable[..., StockClient]]:
    """Get the stock client of a CompID. What the venue sends it must please QuickFIX."""

    def stock_client(comp_id: str, spoken: str = version) -> StockClient:
        key = comp_id, spoken
        if key not in online:
            online[key] = StockClient(venue.port, comp_id, version=spoken)
        online[key].settle()
        return online[key]

    yield stock_client
    for client in online.values():
        assert client.complaints == []
        assert (client.logons, client.logouts) == (1, 0), f"{client.comp_id} was cut off"


@pytest.fixture
def buyer(log_on: Callable[[str], StockClient]) -> StockClient:
    """TRADER1 of firm ALPHA."""
    return log_on("TRADER1")


@pytest.fixture
def colleague(log_on: Callable[[str], StockClient]) -> StockClient:
    """TRADER2 of firm ALPHA."""
    return log_on("TRADER2")


@pytest.fixture
def seller(log_on: Callable[[str], StockClient]) -> StockClient:
    """TRADER3 of firm BETA."""
    return log_on("TRADER3")


@pytest.fixture
def optimist(log_on: Callable[[str], StockClient]) -> StockClient:
    """TRADER4 of firm BETA, to whom a module may give options."""
    return log_on("TRADER4")


@pytest.fixture
def watcher(log_on: Callable[[str], StockClient]) -> StockClient:
    """MD1, which may subscribe and not trade."""
    return log_on("MD1")


@pytest.fixture
def symbol(venue: Served) -> str:
    """An instrument that no other test trades."""
    return next(venue.symbols)


@pytest.fixture
def raw_client() -> Iterator[Callable[..., RawClient]]:
    """Connect a raw client to a venue."""
    with ExitStack() as stack:

        def connected(venue: VenueProcess, comp_id: str, log_on: bool = True) -> RawClient:
            return stack.enter_context(closing(RawClient(venue.port, comp_id, log_on)))

        yield connected


@pytest.fixture
def connect(venue: Served, raw_client: Callable[..., RawClient]) -> Callable[..., RawClient]:
    """Connect a raw client to the module's venue, under a CompID of its own or one given."""

    def connected(comp_id: str | None = None, log_on: bool = True) -> RawClient:
        return raw_client(venue, comp_id or next(venue.comp_ids), log_on)

    return connected


@pytest.fixture
def others(venue: Served, buyer: StockClient, seller: StockClient) -> Iterator[Others]:
    """Two traders who must be able to trade, whatever the test does besides."""
    others = Others(buyer, seller, next(venue.symbols))
    yield others
    others.trade()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., VenueProcess]]:
    """Start a venue of the test's own; each one goes on from the journal of the one before.

    It speaks FIX.4.4 unless `versions` has others: of three it takes half as long again to start.
    """
    with ExitStack() as stack:

        def started(*options: str, versions: Iterable[str] = (FIX44,), **more: Any) -> VenueProcess:
            spoken = spoken_only(versions)
            venue = VenueProcess(tmp_path / "venue", *spoken, *options, **more)
            stack.callback(venue.kill)
            return venue

        yield started


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A venue and its web for a module of tests, with the shipped configuration."""
    with deployed(tmp_path_factory.mktemp("web")) as deployment:
        yield deployment
