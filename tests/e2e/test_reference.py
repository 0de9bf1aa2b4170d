"""Lists, definitions and statuses, to stock initiators of each version: what QuickFIX refuses of
them fails the test.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX50SP2, VERSIONS
from tests.e2e.message import Message
from tests.e2e.operators import NEW, Operator
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
UNKNOWN, DELISTED, READY, HALTED = "20", "19", "17", "2"


@pytest.fixture(scope="module")
def operator_client(served: object) -> Iterator[Callable[[], RawClient]]:
    clients: list[RawClient] = []

    def connected() -> RawClient:
        if not clients:
            clients.append(RawClient(served.port, "OPERATOR"))  # type: ignore[attr-defined]
        return clients[0]

    yield connected
    for client in clients:
        client.close()


@pytest.fixture
def operator(operator_client: Callable[[], RawClient]) -> Operator:
    return Operator(operator_client())


def market_tag(version: str) -> int:
    return 1301 if version == FIX50SP2 else 336


def ask_list(client: StockClient, updates: str | None = None, **by: object) -> str:
    """A list, or in FIX.4.2 definitions: the id of the request."""
    req_id = client.unused_id()
    if client.version == FIX42:
        client.send("c", {320: req_id, 321: 3, 55: by.get("symbol"), 263: updates})
    else:
        kind = 0 if "symbol" in by else 4
        client.send("x", {320: req_id, 559: kind, 55: by.get("symbol"), 263: updates})
    return req_id


def is_listing(client: StockClient, req_id: str) -> Message:
    """The news, or a list, of one instrument."""
    if client.version == FIX42:
        return client.receive("d").has({320: req_id, 393: 1})
    return client.receive("y").has({320: req_id, 560: 0, 393: 1, 893: "Y", 146: 1})


def words(message: Message) -> dict[str, str]:
    return dict(word.split("=") for word in (message.get(58) or "").split())


def test_the_terms_of_an_instrument(watcher: StockClient, symbol: str, version: str) -> None:
    req_id = ask_list(watcher, symbol=symbol)
    told = is_listing(watcher, req_id).has({55: symbol, 15: "USD"})
    if version == FIX50SP2:
        told.has({1151: "MAIN", 965: 1, 969: "0.01", 561: 1, 562: 1, 1140: 1000000})
        told.has({1306: 2, 1148: 50, 1149: 50, 1150: 100, 58: None})
        return
    said = words(told.has({336: "MAIN"}))
    expected = {"tick": "0.01", "max_qty": "1000000", "reference_price": "100"}
    expected |= {"collar_percent": "50", "status": "active"}
    if version == FIX42:
        expected |= {"lot": "1", "min_qty": "1"}
    else:
        told.has({561: 1, 562: 1})
    assert said == expected


def test_a_definition(watcher: StockClient, symbol: str, version: str) -> None:
    req_id = watcher.unused_id()
    watcher.send("c", {320: req_id, 321: 0, 55: symbol})
    told = watcher.receive("d").has({320: req_id, 323: 1, 55: symbol, 15: "USD"})
    if version == FIX50SP2:
        told.has({969: "0.01", 1310: 1, 1301: "MAIN", 561: 1, 562: 1, 1140: 1000000})
    watcher.send("c", {320: req_id, 321: 9, 55: symbol})
    watcher.receive("d").has({320: req_id, 323: 5}).names("SecurityRequestType(321)", "9")


def test_a_status(watcher: StockClient, symbol: str, version: str) -> None:
    req_id = watcher.unused_id()
    watcher.send("e", {324: req_id, 55: symbol, 263: 0})
    told = watcher.receive("f").has({324: req_id, 55: symbol, 325: "N", 326: READY})
    told.has({market_tag(version): "MAIN", 625: None if version == FIX42 else 3})
    watcher.send("e", {324: req_id, 55: "NOPE", 263: 0})
    watcher.receive("f").has({324: req_id, 55: "NOPE", 326: UNKNOWN})


def test_a_market(watcher: StockClient, version: str) -> None:
    req_id, tag = watcher.unused_id(), market_tag(version)
    for asked in ({tag: "MAIN"}, {}):
        watcher.send("g", {335: req_id, 263: 0} | asked)
        told = watcher.receive("h").has({335: req_id, tag: "MAIN", 340: 2, 325: "N"})
        told.has({625: None if version == FIX42 else 3})
    watcher.send("g", {335: req_id, 263: 0, tag: "NOPE"})
    if version == FIX42:
        watcher.receive("j").has({372: "g", 379: req_id, 380: 1})
    else:
        watcher.receive("h").has({335: req_id, tag: "NOPE", 340: 6, 567: 1})


def test_many_instruments_come_in_parts(
    watcher: StockClient, operator: Operator, version: str
) -> None:
    """QuickFIX takes messages with a hundred entries apart and together again."""
    names = [f"MANY-{version}-{number}" for number in range(250)]
    for name in names:
        operator.send("define", name, **NEW)
    for _ in names:
        operator.client.receive("U2").has({9203: 0})
    req_id = ask_list(watcher)
    if version == FIX42:
        told = [watcher.receive("d").has({320: req_id})]
        count = int(told[0][393])
        told += [watcher.receive("d").has({320: req_id, 393: count}) for _ in range(count - 1)]
        symbols = [message[55] for message in told]
    else:
        parts = [watcher.receive("y").has({320: req_id, 560: 0})]
        while parts[-1][893] == "N":
            assert parts[-1][146] == "100"
            parts.append(watcher.receive("y").has({320: req_id, 322: parts[0][322]}))
        symbols = [entry[55] for part in parts for entry in part.entries(55)]
        count = int(parts[0][393])
    assert len(symbols) == len(set(symbols)) == count
    assert {*names, "AAPL", "BTC-USD"} <= set(symbols)
    watcher.hears_nothing()
    for name in names:
        operator.send("delist", name)
    for _ in names:
        operator.client.receive("U2").has({9203: 0})


def test_an_instrument_from_its_listing_to_its_end(
    buyer: StockClient,
    seller: StockClient,
    watcher: StockClient,
    operator: Operator,
    version: str,
) -> None:
    name = f"NEW-{version}"
    news = ask_list(watcher, updates="1", symbol=name)
    if version == FIX42:
        watcher.receive("d").has({320: news, 323: 6, 393: 0})
    else:
        watcher.receive("y").has({320: news, 560: 2, 146: None})
    operator.asks("define", name, **NEW, security_type="CS").names(name, "listed")
    is_listing(watcher, news).has({55: name, 167: "CS"})

    status = watcher.unused_id()
    watcher.send("e", {324: status, 55: name, 263: 1})
    watcher.receive("f").has({324: status, 55: name, 325: "N", 326: READY})
    resting = buyer.enter(name, BUY, 10, "100")
    seller.trade(name, SELL, 4, "100")
    buyer.receive().has({37: resting[37], 32: 4, 151: 6})

    operator.asks("define", name, max_qty="20").names(name, "changed")
    changed = is_listing(watcher, news).has({55: name})
    max_qty = changed[1140] if version == FIX50SP2 else words(changed)["max_qty"]
    assert max_qty == "20"
    buyer.new_order(name, BUY, 21, "100")
    buyer.receive().has(buyer.codes.rejected("13"))

    operator.asks("halt", name)
    watcher.receive("f").has({324: status, 55: name, 325: "Y", 326: HALTED})
    seller.new_order(name, SELL, 1, "100")
    seller.receive().has(seller.codes.rejected("2"))
    operator.asks("resume", name)
    watcher.receive("f").has({324: status, 55: name, 325: "Y", 326: READY})

    operator.asks("delist", name)
    buyer.receive().has({37: resting[37], 150: "4", 39: "4", 14: 4, 151: 0}).names(name)
    watcher.receive("f").has({324: status, 55: name, 325: "Y", 326: DELISTED})
    gone = is_listing(watcher, news).has({55: name})
    if version == FIX50SP2:
        gone.has({965: 5})
    else:
        assert words(gone)["status"] == "delisted"

    buyer.new_order(name, BUY, 1, "100")
    buyer.receive().has(buyer.codes.rejected("1")).names("delisted")
    md_req_id = watcher.request_market_data(name)
    watcher.receive("Y").has({262: md_req_id, 281: 0})
    watcher.send("e", {324: status, 55: name, 263: 1})
    watcher.receive("f").has({324: status, 326: DELISTED, 325: "N"})
    watcher.send("c", {320: news, 321: 0, 55: name})
    watcher.receive("d").has({320: news, 323: 6})

    operator.asks("define", name).names(name, "listed")
    is_listing(watcher, news).has({55: name})
    buyer.enter(name, BUY, 1, "100")
    watcher.hears_nothing()
    ending = {320: news, 263: 2, 559: None if version == FIX42 else 0}
    watcher.send("c" if version == FIX42 else "x", ending | {321: 0 if version == FIX42 else None})
    operator.asks("delist", name)
    watcher.hears_nothing()
    buyer.receive().has({150: "4"})
