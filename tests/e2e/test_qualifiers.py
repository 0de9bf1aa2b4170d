"""Terms that contradict each other are refused in every version, naming both fields; those that do
not do what they say.
"""

import pytest

from tests.e2e.client import BUY, FILLED, FOK, GTC, IOC, MARKET, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import (
    AT_THE_CLOSE,
    GTD,
    INCORRECT_QUANTITY,
    MARKET_IF_TOUCHED,
    MARKET_TO_LIMIT,
    OTHER,
    REPRICING,
    STOP,
    STOP_LIMIT,
    UNSUPPORTED,
    VERSIONS,
)
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
VENUE_OPTIONS = ("--set", "sessions.TRADER4.post_only=reprice")

Terms = dict[int | str, object]
POST_ONLY, ALL_OR_NONE = "6", "G"
FAR, LATER = "20991231", "20991231-10:00:00"
LIT: Terms = {1100: "4", 1102: "101"}
DISPLAY, SMP_ID, SMP_INSTRUCTION = "display", "smp id", "smp instruction"


def of(ord_type: str, trigger: object = None) -> Terms:
    """Another type than limit, without a price."""
    return {40: ord_type, 44: None, 99: trigger}


CONTRADICTIONS: list[tuple[Terms, str, tuple[str, ...]]] = [
    ({18: POST_ONLY, 59: IOC}, UNSUPPORTED, ("ExecInst(18) 6", "TimeInForce(59) 3")),
    ({18: POST_ONLY, 59: FOK}, UNSUPPORTED, ("ExecInst(18) 6", "TimeInForce(59) 4")),
    ({18: POST_ONLY, **of(MARKET)}, UNSUPPORTED, ("ExecInst(18) 6", "OrdType(40) 1")),
    ({18: POST_ONLY, **of(STOP, 101)}, UNSUPPORTED, ("ExecInst(18) 6", "OrdType(40) 3")),
    ({18: POST_ONLY, 40: STOP_LIMIT, 99: 101}, UNSUPPORTED, ("ExecInst(18) 6", "OrdType(40) 4")),
    ({18: POST_ONLY, **of(MARKET_IF_TOUCHED, 99)}, UNSUPPORTED, ("ExecInst(18)", "OrdType(40) J")),
    ({18: POST_ONLY, **of(MARKET_TO_LIMIT)}, UNSUPPORTED, ("ExecInst(18) 6", "OrdType(40) K")),
    ({18: POST_ONLY, **LIT}, UNSUPPORTED, ("ExecInst(18) 6", "TriggerType(1100) 4")),
    (of(STOP), OTHER, ("StopPx(99)", "OrdType(40) 3")),
    ({40: STOP_LIMIT}, OTHER, ("StopPx(99)", "OrdType(40) 4")),
    (of(MARKET_IF_TOUCHED), OTHER, ("StopPx(99)", "OrdType(40) J")),
    ({1100: "4"}, OTHER, ("TriggerPrice(1102)", "TriggerType(1100) 4")),
    ({1102: "101"}, UNSUPPORTED, ("TriggerPrice(1102) 101", "TriggerType(1100)")),
    ({99: 101}, UNSUPPORTED, ("StopPx(99) 101", "OrdType(40) 2")),
    ({99: 101, **LIT}, UNSUPPORTED, ("StopPx(99) 101",)),
    (of(MARKET, 101), UNSUPPORTED, ("StopPx(99) 101", "OrdType(40) 1")),
    (of(MARKET_TO_LIMIT, 101), UNSUPPORTED, ("StopPx(99) 101", "OrdType(40) K")),
    ({40: MARKET}, UNSUPPORTED, ("Price(44) 100", "OrdType(40) 1")),
    ({40: MARKET_TO_LIMIT}, UNSUPPORTED, ("Price(44) 100", "OrdType(40) K")),
    ({40: STOP, 99: 101}, UNSUPPORTED, ("Price(44) 100", "OrdType(40) 3")),
    ({40: MARKET_IF_TOUCHED, 99: 99}, UNSUPPORTED, ("Price(44) 100", "OrdType(40) J")),
    ({40: STOP_LIMIT, 44: None, 99: 101}, OTHER, ("Price(44)", "OrdType(40) 4")),
    ({59: GTD}, OTHER, ("TimeInForce(59) 6", "ExpireDate(432)", "ExpireTime(126)")),
    ({432: FAR}, UNSUPPORTED, (f"ExpireDate(432) {FAR}", "TimeInForce(59)")),
    ({59: GTC, 432: FAR}, UNSUPPORTED, ("ExpireDate(432)", "TimeInForce(59) 1")),
    ({126: LATER}, UNSUPPORTED, (f"ExpireTime(126) {LATER}", "TimeInForce(59)")),
    (
        {59: GTD, 432: FAR, 126: LATER},
        UNSUPPORTED,
        (f"ExpireDate(432) {FAR}", f"ExpireTime(126) {LATER}"),
    ),
    ({59: GTD, 432: "20200101"}, OTHER, ("ExpireDate(432) 20200101",)),
    ({59: GTD, 126: "20200101-10:00:00"}, OTHER, ("ExpireTime(126) 20200101-10:00:00",)),
    ({DISPLAY: 11}, INCORRECT_QUANTITY, ("({display}) 11", "OrderQty(38) 10")),
    ({110: 11}, INCORRECT_QUANTITY, ("MinQty(110) 11", "OrderQty(38) 10")),
    ({DISPLAY: 2, 1088: 11}, INCORRECT_QUANTITY, ("RefreshQty(1088) 11", "OrderQty(38) 10")),
    ({DISPLAY: 2, 59: IOC}, UNSUPPORTED, ("({display}) 2", "TimeInForce(59) 3")),
    ({DISPLAY: 2, 59: FOK}, UNSUPPORTED, ("({display}) 2", "TimeInForce(59) 4")),
    ({DISPLAY: 2, **of(MARKET)}, UNSUPPORTED, ("({display}) 2", "OrdType(40) 1")),
    ({DISPLAY: 2, **of(STOP, 101)}, UNSUPPORTED, ("({display}) 2", "OrdType(40) 3")),
    ({111: 2, 1138: 2}, UNSUPPORTED, ("MaxFloor(111) 2", "DisplayQty(1138) 2")),
    ({1088: 2}, UNSUPPORTED, ("RefreshQty(1088) 2", "DisplayQty(1138)")),
    ({59: IOC, **of(STOP, 101)}, UNSUPPORTED, ("OrdType(40) 3", "TimeInForce(59) 3")),
    ({59: FOK, 40: STOP_LIMIT, 99: 101}, UNSUPPORTED, ("OrdType(40) 4", "TimeInForce(59) 4")),
    ({59: IOC, **of(MARKET_IF_TOUCHED, 99)}, UNSUPPORTED, ("OrdType(40) J", "TimeInForce(59) 3")),
    ({59: AT_THE_CLOSE, **of(STOP, 101)}, UNSUPPORTED, ("OrdType(40) 3", "TimeInForce(59) 7")),
    ({59: FOK, **LIT}, UNSUPPORTED, ("TriggerType(1100) 4", "TimeInForce(59) 4")),
    (
        {59: AT_THE_CLOSE, **of(MARKET_TO_LIMIT)},
        UNSUPPORTED,
        ("OrdType(40) K", "TimeInForce(59) 7"),
    ),
    ({18: ALL_OR_NONE}, UNSUPPORTED, ("ExecInst(18) G", "TimeInForce(59)")),
    ({18: ALL_OR_NONE, 59: IOC}, UNSUPPORTED, ("ExecInst(18) G", "TimeInForce(59) 3")),
    (
        {SMP_INSTRUCTION: "1"},
        UNSUPPORTED,
        ("SelfMatchPreventionInstruction", "SelfMatchPreventionID"),
    ),
    ({SMP_ID: "X", SMP_INSTRUCTION: "9"}, UNSUPPORTED, ("SelfMatchPreventionInstruction", "9")),
    ({152: 1000}, UNSUPPORTED, ("CashOrderQty(152)", "1000")),
    ({211: "0.5"}, UNSUPPORTED, ("(211)", "0.5")),
    ({388: "1"}, UNSUPPORTED, ("(388)", "1")),
]


def spelled(client: StockClient, terms: Terms) -> dict[int, object]:
    """Terms with the tags of the client's version."""
    tags = {DISPLAY: client.codes.display_tag}
    tags |= dict(zip((SMP_ID, SMP_INSTRUCTION), client.codes.smp_tags, strict=True))
    return {tag if isinstance(tag, int) else tags[tag]: value for tag, value in terms.items()}


@pytest.mark.parametrize(
    ("terms", "reason", "named"),
    CONTRADICTIONS,
    ids=["-".join(f"{tag}={value}" for tag, value in case[0].items()) for case in CONTRADICTIONS],
)
def test_a_contradiction_is_refused(
    buyer: StockClient, symbol: str, terms: Terms, reason: str, named: tuple[str, ...]
) -> None:
    sent = buyer.new_order(symbol, BUY, 10, "100", spelled(buyer, terms))
    report = buyer.receive().has(buyer.codes.rejected(reason) | {11: sent, 55: symbol, 38: 10})
    report.names(*(name.format(display=buyer.codes.display_tag) for name in named))
    assert buyer.book(symbol) == []
    if buyer.codes.has_mass_requests:
        buyer.send("AF", {584: buyer.unused_id(), 585: "1", 55: symbol, 54: BUY})
        buyer.receive().has({150: "I", 911: 0, 103: 5})


REPLACES: list[tuple[Terms, tuple[str, ...]]] = [
    ({59: GTD}, ("TimeInForce(59) 6", "ExpireDate(432)")),
    ({59: GTC, 432: FAR}, ("ExpireDate(432)", "TimeInForce(59) 1")),
    ({59: GTD, 432: FAR, 126: LATER}, ("ExpireDate(432)", "ExpireTime(126)")),
    ({59: GTD, 432: "20200101"}, ("ExpireDate(432) 20200101",)),
    ({59: IOC}, ("TimeInForce(59) 3",)),
    ({DISPLAY: 11}, ("({display}) 11", "OrderQty(38) 10")),
    ({99: 101}, ("StopPx(99) 101",)),
    ({110: 5}, ("MinQty(110) 5",)),
    ({18: POST_ONLY}, ("ExecInst(18) 6",)),
    ({111: 2, 1138: 2}, ("MaxFloor(111) 2", "DisplayQty(1138) 2")),
    ({40: MARKET, 44: None}, ("OrdType(40) 1",)),
]


@pytest.mark.parametrize(
    ("terms", "named"),
    REPLACES,
    ids=["-".join(f"{tag}={value}" for tag, value in terms.items()) for terms, _ in REPLACES],
)
def test_a_contradiction_in_a_replace(
    buyer: StockClient, symbol: str, terms: Terms, named: tuple[str, ...]
) -> None:
    order = buyer.enter(symbol, BUY, 10, "100")
    sent = buyer.replace(order, more=spelled(buyer, terms))
    reject = buyer.receive("9").has(buyer.codes.replace_refused() | {11: sent, 41: order[11]})
    reject.has({37: order[37], 39: NEW})
    reject.names(*(name.format(display=buyer.codes.display_tag) for name in named))
    buyer.ask_status(order).has({39: NEW, 38: 10, 44: 100, 59: "0"})
    assert buyer.book(symbol) == [("0", "100", "10")]


def test_good_till_a_day_or_a_moment(buyer: StockClient, symbol: str) -> None:
    buyer.enter(symbol, BUY, 10, "100", {59: GTD, 432: FAR}).has({59: GTD, 432: FAR})
    order = buyer.enter(symbol, BUY, 10, "100", {59: GTD, 126: LATER})
    order.has({59: GTD, 432: None})
    assert order[126].startswith(LATER)
    assert buyer.book(symbol) == [("0", "100", "20")]


@pytest.mark.parametrize("expiry", [{126: "99991231-23:59:59"}, {432: "99991231"}])
def test_an_expiry_beyond_all_reason(
    buyer: StockClient, symbol: str, expiry: dict[int, object]
) -> None:
    """Taken or refused, but answered: it is too large for 64 bits of nanoseconds."""
    sent = buyer.new_order(symbol, BUY, 10, "100", {59: GTD} | expiry)
    report = buyer.receive().has({11: sent})
    if report[150] == "8":
        report.has(buyer.codes.rejected(OTHER)).names(*(f"({tag})" for tag in expiry))
    order = buyer.enter(symbol, BUY, 10, "99")
    sent = buyer.replace(order, more={59: GTD} | expiry)
    assert buyer.receive("8" if report[150] == "0" else "9")[11] == sent


def test_post_only_rests_or_is_refused(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 5, "100")
    for price in ("100", "100.01"):
        sent = buyer.new_order(symbol, BUY, 10, price, {18: POST_ONLY})
        buyer.receive().has(buyer.codes.rejected(OTHER) | {11: sent}).names("ExecInst(18)", "100")
    seller.hears_nothing()
    order = buyer.enter(symbol, BUY, 10, "99.99", {18: POST_ONLY})
    buyer.hears_nothing()
    refused = buyer.replace(order, price="100")
    reject = buyer.receive("9").has(buyer.codes.replace_refused() | {11: refused, 39: NEW})
    reject.names("ExecInst(18)", "100")
    replace = buyer.replace(order, price="99.98")
    buyer.receive().has({150: "5", 11: replace, 44: "99.98"})
    assert buyer.book(symbol) == [("0", "99.98", "10"), ("1", "100", "5")]


def test_post_only_steps_back_for_a_session_that_wants_it(
    optimist: StockClient, buyer: StockClient, symbol: str
) -> None:
    offer = buyer.enter(symbol, SELL, 5, "100")
    order = optimist.enter(symbol, BUY, 10, "100.50", {18: POST_ONLY}).has({44: "100.5"})
    restated = optimist.receive().has(optimist.codes.restated(REPRICING) | {11: order[11]})
    restated.has({44: "99.99", 39: NEW, 151: 10}).names("ExecInst(18)")
    optimist.enter(symbol, BUY, 1, "99.98", {18: POST_ONLY})
    optimist.hears_nothing()
    assert optimist.book(symbol) == [("0", "99.98", "1"), ("0", "99.99", "10"), ("1", "100", "5")]
    replace = optimist.replace(restated, price="100.20")
    optimist.receive().has({150: "5", 11: replace, 44: "100.2"})
    optimist.receive().has(optimist.codes.restated(REPRICING) | {11: replace, 44: "99.99"})
    buyer.ask_status(offer).has({39: NEW})


def test_a_minimum_quantity_trades_at_once_or_nothing_does(
    buyer: StockClient, seller: StockClient, symbol: str
) -> None:
    seller.enter(symbol, SELL, 4, "100")
    order = buyer.enter(symbol, BUY, 10, "100", {110: 5})
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 0}).names("MinQty(110)", 4, 5)
    seller.hears_nothing()
    seller.enter(symbol, SELL, 2, "100")
    order = buyer.enter(symbol, BUY, 10, "100", {110: 5})
    for qty in (4, 2):
        buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {32: qty})
    seller.settle()
    assert buyer.book(symbol) == [("0", "100", "4")]
    seller.trade(symbol, SELL, 1, "100")  # from then on any quantity does
    buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {11: order[11], 32: 1})


def test_a_minimum_quantity_when_triggered(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    order = buyer.enter(symbol, BUY, 10, None, {40: STOP, 99: "101", 110: 5})
    seller.enter(symbol, SELL, 5, "101")
    colleague.trade(symbol, BUY, 1, "101")
    buyer.receive().has(buyer.codes.triggered() | {11: order[11]})
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 0}).names("MinQty(110)")
    seller.settle()
    assert buyer.book(symbol) == [("1", "101", "4")]


def test_what_does_not_contradict(buyer: StockClient, seller: StockClient, symbol: str) -> None:
    seller.enter(symbol, SELL, 10, "100")
    for more in ({59: FOK, 110: 2}, {59: FOK, 18: ALL_OR_NONE}, {59: IOC, 110: 2}):
        sent: Message = buyer.enter(symbol, BUY, 2, "100", more)
        buyer.receive().has(buyer.codes.filled(FILLED) | {11: sent[11], 32: 2})
