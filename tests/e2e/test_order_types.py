"""Orders that wait for a price, in each version: stops and take profits; and market-to-limit."""

import pytest

from tests.e2e.client import BUY, CANCELED, FILLED, MARKET, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import (
    AT_THE_CLOSE,
    AT_THE_OPENING,
    FIX42,
    FIX50SP2,
    LIMIT_IF_TOUCHED,
    MARKET_IF_TOUCHED,
    MARKET_TO_LIMIT,
    STOP,
    STOP_LIMIT,
    VERSIONS,
    order_fields,
)
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
VENUE_OPTIONS = ("--set", "sessions.TRADER4.trigger_price=best_quote")

Level = tuple[str, str, str]
TOO_EARLY = {"101": "100.99", "99": "99.01"}
STOPS = [
    (BUY, "101", "101.5", "101.2"),
    (SELL, "99", "98.5", "98.8"),
]
TAKE_PROFITS = [
    (BUY, "99", "99.5", "99.2"),
    (SELL, "101", "100.5", "100.8"),
]
UNPRICED = [(STOP, *case) for case in STOPS] + [(MARKET_IF_TOUCHED, *case) for case in TAKE_PROFITS]
PRICED = [(STOP_LIMIT, *case) for case in STOPS] + [
    (LIMIT_IF_TOUCHED, *case) for case in TAKE_PROFITS
]


class Market:
    """Two others who make the market that the orders of a test wait for."""

    def __init__(self, symbol: str, colleague: StockClient, seller: StockClient) -> None:
        self.symbol, self._colleague, self._seller = symbol, colleague, seller

    def trade(self, price: str) -> None:
        """Let one share trade at a price between the touch."""
        self._seller.trade(self.symbol, SELL, 1, price)
        fill = self._colleague.trade(self.symbol, BUY, 1, price)[-1]
        fill.has(self._colleague.codes.filled(FILLED) | {31: price})
        self._seller.settle()

    def trade_with_bid(self, price: str) -> None:
        """Let one share trade where nobody has offered."""
        self._colleague.trade(self.symbol, BUY, 1, price)
        self._seller.trade(self.symbol, SELL, 1, price)
        self._colleague.receive().has(self._colleague.codes.filled(FILLED) | {31: price})

    def rest(self, side: str, qty: int, price: str) -> Message:
        return self._seller.enter(self.symbol, side, qty, price)


@pytest.fixture
def market(symbol: str, colleague: StockClient, seller: StockClient) -> Market:
    return Market(symbol, colleague, seller)


def wait_with(
    client: StockClient, symbol: str, side: str, qty: int, ord_type: str, trigger: str, *limit: str
) -> Message:
    """Enter an order that waits for its trigger."""
    price = limit[0] if limit else None
    more = order_fields(ord_type, trigger)
    order = client.enter(symbol, side, qty, price, more)
    return order.has({38: qty, 151: qty} | client.codes.waiting() | client.codes.ord_type(ord_type))


def is_triggered(client: StockClient, order: Message, trigger: str) -> Message:
    told = client.receive().has(client.codes.triggered() | {11: order[11], 37: order[37]})
    assert told[17] != order[17]
    return told if client.version == FIX50SP2 else told.names("triggered", trigger)


def is_filled(client: StockClient, order: Message, qty: int, price: str, status: str) -> Message:
    fill = client.receive().has(client.codes.filled(status) | {11: order[11], 32: qty, 31: price})
    return fill.has({151: int(fill[38]) - int(fill[14])})


@pytest.mark.parametrize(("ord_type", "side", "trigger", "liquidity", "_"), UNPRICED)
def test_triggered_it_takes_what_there_is(
    buyer: StockClient,
    market: Market,
    ord_type: str,
    side: str,
    trigger: str,
    liquidity: str,
    _: str,
) -> None:
    market.trade("100")
    market.rest(SELL if side == BUY else BUY, 4, liquidity)
    book = buyer.book(market.symbol)
    order = wait_with(buyer, market.symbol, side, 10, ord_type, trigger)
    order.has({99: trigger, 44: None})
    market.trade(TOO_EARLY[trigger])
    buyer.hears_nothing()
    assert buyer.book(market.symbol) == book
    buyer.ask_status(order).has({39: NEW, 151: 10} | buyer.codes.waiting())
    market.trade(trigger)
    is_triggered(buyer, order, trigger).has({151: 10, 14: 0})
    is_filled(buyer, order, 4, liquidity, PARTIALLY_FILLED)
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 4, 41: None})
    market.trade(trigger)
    buyer.hears_nothing()


@pytest.mark.parametrize(("ord_type", "side", "trigger", "liquidity", "limit"), PRICED)
def test_triggered_it_rests_at_its_price(
    buyer: StockClient,
    market: Market,
    ord_type: str,
    side: str,
    trigger: str,
    liquidity: str,
    limit: str,
) -> None:
    market.trade("100")
    market.rest(SELL if side == BUY else BUY, 4, liquidity)
    book = buyer.book(market.symbol)
    order = wait_with(buyer, market.symbol, side, 10, ord_type, trigger, limit).has({44: limit})
    stop_tag = 1102 if ord_type == LIMIT_IF_TOUCHED and buyer.version == FIX50SP2 else 99
    order.has({stop_tag: trigger})
    market.trade(TOO_EARLY[trigger])
    buyer.hears_nothing()
    assert buyer.book(market.symbol) == book
    market.trade(trigger)
    is_triggered(buyer, order, trigger).has({151: 10, 44: limit})
    buyer.hears_nothing()
    working = {636: None if buyer.version == FIX42 else "Y"}
    buyer.ask_status(order).has({39: NEW, 151: 10, 44: limit} | working)
    entry_type = "0" if side == BUY else "1"
    assert buyer.book(market.symbol) == sorted([*book, (entry_type, limit, "10")])


def test_met_already_it_triggers_at_once(buyer: StockClient, market: Market) -> None:
    market.trade("101")
    market.rest(SELL, 4, "101.5")
    order = wait_with(buyer, market.symbol, BUY, 10, STOP, "100.5")
    is_triggered(buyer, order, "100.5")
    is_filled(buyer, order, 4, "101.5", PARTIALLY_FILLED)
    buyer.receive().has(buyer.codes.canceled() | {14: 4})


def test_without_a_trade_nothing_triggers(buyer: StockClient, market: Market) -> None:
    """Quotes are not looked at."""
    market.rest(SELL, 4, "101.5")
    market.rest(BUY, 4, "98.5")
    order = wait_with(buyer, market.symbol, BUY, 10, STOP, "100")
    buyer.hears_nothing()
    buyer.ask_status(order).has({39: NEW} | buyer.codes.waiting())


def test_best_quotes_may_be_what_triggers(optimist: StockClient, market: Market) -> None:
    """By configuration: the best offer for who buys, the best bid for who sells."""
    market.trade("100")
    bought = wait_with(optimist, market.symbol, BUY, 1, STOP_LIMIT, "101", "101")
    sold = wait_with(optimist, market.symbol, SELL, 1, STOP_LIMIT, "99", "99.5")
    market.trade("99")
    market.trade_with_bid("101")
    optimist.hears_nothing()
    market.rest(SELL, 4, "101.5")
    is_triggered(optimist, bought, "101")
    market.rest(BUY, 4, "98.5")  # under the triggered bid of 101, which is the best
    optimist.hears_nothing()
    optimist.cancel(bought)
    optimist.receive().has(optimist.codes.canceled() | {41: bought[11]})
    is_triggered(optimist, sold, "99")


def test_one_trade_triggers_a_cascade(buyer: StockClient, market: Market) -> None:
    """The oldest first; whom their trades trigger queue behind those that are due."""
    symbol = market.symbol
    market.trade("100")
    for price in ("98", "97", "96", "95"):
        market.rest(BUY, 1, price)
    last = wait_with(buyer, symbol, SELL, 1, STOP, "97")
    first = wait_with(buyer, symbol, SELL, 1, STOP, "99")
    second = wait_with(buyer, symbol, SELL, 1, STOP, "99.2")
    never = wait_with(buyer, symbol, SELL, 1, STOP, "95")
    market.trade("99")
    reports = [buyer.receive() for _ in range(6)]
    fills = [(report[11], report[31]) for report in reports if report.get(32) not in (None, "0")]
    assert fills == [(first[11], "98"), (second[11], "97"), (last[11], "96")]
    told = [report[11] for report in reports if report.get(32) in (None, "0")]
    assert told == [first[11], second[11], last[11]]
    buyer.hears_nothing()
    buyer.ask_status(never).has({39: NEW, 151: 1})
    assert buyer.book(symbol) == [("0", "95", "1")]


def test_orders_that_trigger_each_other_come_to_an_end(buyer: StockClient, market: Market) -> None:
    """Who sells at 101 trades at 99, where others buy, who trade at 101: each only once."""
    market.trade("100")
    market.rest(BUY, 20, "99")
    market.rest(SELL, 20, "101.5")
    symbol = market.symbol
    waiting = [wait_with(buyer, symbol, BUY, 1, MARKET_IF_TOUCHED, "99") for _ in range(3)]
    touched = [wait_with(buyer, symbol, SELL, 1, MARKET_IF_TOUCHED, "101") for _ in range(3)]
    market.trade("101")
    fills = [
        (report[11], report[31]) for report in buyer.settle() if report.get(32) not in (None, "0")
    ]
    sold = [(order[11], "99") for order in touched]
    bought = [(order[11], "101.5") for order in waiting]
    assert fills == sold + bought
    assert buyer.book(symbol) == [("0", "99", "17"), ("1", "101.5", "17")]


def test_its_time_is_that_of_its_triggering(
    buyer: StockClient, seller: StockClient, market: Market
) -> None:
    market.trade("100")
    order = wait_with(buyer, market.symbol, BUY, 3, STOP_LIMIT, "101", "100.9")
    before = market.rest(BUY, 3, "100.9")
    market.trade("101")
    is_triggered(buyer, order, "101")
    behind = market.rest(BUY, 3, "100.9")
    seller.enter(market.symbol, SELL, 7, "100.9")
    fills = [report for report in seller.settle() if report[54] == BUY]
    assert [report[11] for report in fills] == [before[11], behind[11]]
    is_filled(buyer, order, 3, "100.9", FILLED)


@pytest.mark.parametrize("ord_type", [STOP, STOP_LIMIT, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED])
def test_canceled_while_it_waits(buyer: StockClient, market: Market, ord_type: str) -> None:
    market.trade("100")
    trigger = "101" if ord_type in (STOP, STOP_LIMIT) else "99"
    limit = ["101"] if ord_type in (STOP_LIMIT, LIMIT_IF_TOUCHED) else []
    order = wait_with(buyer, market.symbol, BUY, 10, ord_type, trigger, *limit)
    cancel = buyer.cancel(order)
    buyer.receive().has(buyer.codes.canceled() | {11: cancel, 41: order[11], 14: 0})
    market.trade(trigger)
    buyer.hears_nothing()
    assert buyer.book(market.symbol) == []


def test_replaced_while_it_waits(buyer: StockClient, market: Market) -> None:
    """A new trigger is looked at at once; after triggering there is none to change."""
    market.trade("100")
    market.rest(SELL, 4, "103")
    order = wait_with(buyer, market.symbol, BUY, 10, STOP_LIMIT, "101", "102")
    replace = buyer.replace(order, 8, more={99: "102"})
    replaced = buyer.receive().has({150: "5", 39: NEW, 11: replace, 41: order[11], 38: 8, 99: 102})
    replaced.has(buyer.codes.waiting())
    market.trade("101")
    buyer.hears_nothing()
    replace = buyer.replace(replaced, more={99: "101", 44: "101.5"})
    replaced = buyer.receive().has({150: "5", 39: NEW, 11: replace, 99: 101, 44: "101.5"})
    is_triggered(buyer, replaced, "101")
    assert buyer.book(market.symbol) == [("0", "101.5", "8"), ("1", "103", "4")]
    refused = buyer.replace(replaced, more={99: "101.2"})
    reject = buyer.receive("9").has(buyer.codes.replace_refused() | {11: refused, 39: NEW})
    reject.names("StopPx(99)")
    again = buyer.replace(replaced, 7, more={99: None})
    buyer.receive().has({150: "5", 11: again, 38: 7, 151: 7})


def test_a_replaced_trigger_price_of_limit_if_touched(buyer: StockClient, market: Market) -> None:
    market.trade("100")
    order = wait_with(buyer, market.symbol, SELL, 5, LIMIT_IF_TOUCHED, "102", "101.5")
    new = order_fields(LIMIT_IF_TOUCHED, "101")
    replace = buyer.replace(order, price="100.8", more=new)
    replaced = buyer.receive().has({150: "5", 11: replace, 44: "100.8", 40: "2"})
    market.trade("101")
    is_triggered(buyer, replaced, "101")
    assert buyer.book(market.symbol) == [("1", "100.8", "5")]


def test_market_to_limit_takes_the_best_price_and_rests_there(
    buyer: StockClient, market: Market
) -> None:
    market.rest(SELL, 3, "100")
    market.rest(SELL, 5, "101")
    order = buyer.enter(market.symbol, BUY, 10, None, {40: MARKET_TO_LIMIT})
    order.has(buyer.codes.ord_type(MARKET_TO_LIMIT))
    is_filled(buyer, order, 3, "100", PARTIALLY_FILLED).has({44: 100, 151: 7})
    buyer.hears_nothing()
    buyer.ask_status(order).has({44: 100, 151: 7})
    assert buyer.book(market.symbol) == [("0", "100", "7"), ("1", "101", "5")]
    replace = buyer.replace(order, 9, "99.5", {40: "2"})
    buyer.receive().has({150: "5", 11: replace, 44: "99.5", 38: 9, 151: 6})


def test_market_to_limit_with_nobody_there(buyer: StockClient, symbol: str) -> None:
    order = buyer.enter(symbol, BUY, 10, None, {40: MARKET_TO_LIMIT})
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 0})


def test_market_to_limit_as_an_iceberg(buyer: StockClient, market: Market) -> None:
    market.rest(SELL, 3, "100")
    tag = buyer.codes.display_tag
    order = buyer.enter(market.symbol, BUY, 10, None, {40: MARKET_TO_LIMIT, tag: 2})
    is_filled(buyer, order, 3, "100", PARTIALLY_FILLED)
    assert buyer.book(market.symbol) == [("0", "100", "2")]


def test_for_the_opening_it_is_too_late(buyer: StockClient, symbol: str) -> None:
    for price in ("100", None):
        sent = buyer.new_order(symbol, BUY, 10, price, {59: AT_THE_OPENING})
        report = buyer.receive().has(buyer.codes.rejected("4") | {11: sent})
        report.names("TimeInForce(59)", "2")


@pytest.mark.parametrize("price", ["100", None])
def test_for_the_close_it_is_held(
    buyer: StockClient, market: Market, version: str, price: str | None
) -> None:
    market.rest(SELL, 3, "100")
    order = buyer.enter(market.symbol, BUY, 10, price, {59: AT_THE_CLOSE})
    order.has(buyer.codes.waiting() | {59: None if version == FIX42 else "7"})
    buyer.hears_nothing()
    assert buyer.book(market.symbol) == [("1", "100", "3")]
    buyer.cancel(order)
    buyer.receive().has(buyer.codes.canceled() | {41: order[11]})


@pytest.mark.parametrize(
    ("price", "named"),
    [("0", "greater than 0"), ("-1", "greater than 0"), ("101.005", "tick 0.01")],
)
@pytest.mark.parametrize("ord_type", [STOP, LIMIT_IF_TOUCHED])
def test_a_trigger_price_is_a_price(
    buyer: StockClient, symbol: str, ord_type: str, price: str, named: str
) -> None:
    limit = "100" if ord_type == LIMIT_IF_TOUCHED else None
    buyer.new_order(symbol, BUY, 10, limit, order_fields(ord_type, price))
    report = buyer.receive().has({150: "8", 39: "8"})
    report.names("TriggerPrice(1102)" if limit else "StopPx(99)", price, named)
    assert buyer.book(symbol) == []


def test_the_collar_of_a_stop_limit_is_around_its_trigger(
    buyer: StockClient, market: Market
) -> None:
    """50 %: a limit of 145 fits a trigger of 100, one of 155 does not; 155 fits 140."""
    market.trade("100")
    wait_with(buyer, market.symbol, BUY, 1, STOP_LIMIT, "140", "155")
    sent = buyer.new_order(market.symbol, BUY, 1, "45", order_fields(STOP_LIMIT, "101"))
    buyer.receive().has({11: sent, 150: "8"}).names("Price(44)", "45", "collar")
    market_order = buyer.enter(market.symbol, BUY, 1, None, {40: MARKET})
    buyer.receive().has({11: market_order[11], 39: CANCELED})
