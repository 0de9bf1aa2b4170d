"""Self-match prevention in each version: orders of one firm and id do not trade with each other."""

import pytest

from tests.e2e.client import BUY, FILLED, FOK, NEW, PARTIALLY_FILLED, SELL
from tests.e2e.codes import (
    FIX50SP2,
    PARTIAL_DECLINE,
    SMP_AGGRESSOR,
    SMP_BOTH,
    SMP_RESTING,
    VERSIONS,
)
from tests.e2e.message import Message
from tests.e2e.stock import StockClient

pytestmark = pytest.mark.parametrize("version", VERSIONS)
VENUE_OPTIONS = (
    "--set",
    "sessions.TRADER4.self_match_prevention={id: HOUSE, instruction: cancel_both}",
)
CANCEL_AGGRESSOR, CANCEL_RESTING, CANCEL_BOTH, DECREMENT = "1", "2", "3", "4"


def smp(
    client: StockClient, instruction: str | None = None, name: str = "DESK"
) -> dict[int, object]:
    """The fields of self-match prevention as the version has them."""
    id_tag, instruction_tag = client.codes.smp_tags
    return {id_tag: name, instruction_tag: instruction}


def is_canceled(client: StockClient, order: Message, reason: str, cum_qty: int = 0) -> None:
    told = client.receive().has(client.codes.canceled(reason) | {11: order[11], 37: order[37]})
    told.has({14: cum_qty, 41: None}).names("self-match prevention")


def nothing_traded(client: StockClient, symbol: str) -> None:
    client.request_market_data(symbol, updates=0, entry_types="2")
    client.receive("W").has({268: 0})


@pytest.mark.parametrize("instruction", [None, CANCEL_RESTING])
def test_cancel_resting(
    buyer: StockClient, colleague: StockClient, symbol: str, instruction: str | None
) -> None:
    """What is unsaid is that."""
    resting = colleague.enter(symbol, SELL, 4, "100", smp(colleague, CANCEL_BOTH))
    buyer.enter(symbol, BUY, 10, "100", smp(buyer, instruction))
    is_canceled(colleague, resting, SMP_RESTING)
    buyer.hears_nothing()
    assert buyer.book(symbol) == [("0", "100", "10")]
    nothing_traded(buyer, symbol)


def test_cancel_aggressor(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    """What it has traded before stays."""
    seller.enter(symbol, SELL, 3, "99.50")
    colleague.enter(symbol, SELL, 4, "100", smp(colleague))
    order = buyer.enter(symbol, BUY, 10, "100", smp(buyer, CANCEL_AGGRESSOR))
    buyer.receive().has(buyer.codes.filled(PARTIALLY_FILLED) | {32: 3})
    is_canceled(buyer, order, SMP_AGGRESSOR, cum_qty=3)
    colleague.hears_nothing()
    seller.settle()
    assert buyer.book(symbol) == [("1", "100", "4")]


def test_cancel_both(buyer: StockClient, colleague: StockClient, symbol: str) -> None:
    resting = colleague.enter(symbol, SELL, 4, "100", smp(colleague))
    order = buyer.enter(symbol, BUY, 10, "100", smp(buyer, CANCEL_BOTH))
    is_canceled(colleague, resting, SMP_BOTH)
    is_canceled(buyer, order, SMP_BOTH)
    assert buyer.book(symbol) == []
    nothing_traded(buyer, symbol)


def test_decrement_ends_the_smaller(
    buyer: StockClient, colleague: StockClient, symbol: str
) -> None:
    resting = colleague.enter(symbol, SELL, 4, "100", smp(colleague))
    order = buyer.enter(symbol, BUY, 10, "100", smp(buyer, DECREMENT))
    is_canceled(colleague, resting, SMP_RESTING)
    restated = buyer.receive().has(buyer.codes.restated(PARTIAL_DECLINE) | {11: order[11]})
    restated.has({38: 6, 151: 6, 14: 0, 39: NEW}).names("self-match prevention")
    assert buyer.book(symbol) == [("0", "100", "6")]
    smaller = colleague.enter(symbol, SELL, 2, "100", smp(colleague, DECREMENT))
    is_canceled(colleague, smaller, SMP_AGGRESSOR)
    restated = buyer.receive().has(buyer.codes.restated(PARTIAL_DECLINE) | {11: order[11]})
    restated.has({38: 4, 151: 4})
    equal = colleague.enter(symbol, SELL, 4, "100", smp(colleague, DECREMENT))
    is_canceled(buyer, order, SMP_BOTH)
    is_canceled(colleague, equal, SMP_BOTH)
    assert buyer.book(symbol) == []
    nothing_traded(buyer, symbol)


def test_own_orders_are_passed_on_the_way_to_others(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    own = colleague.enter(symbol, SELL, 4, "99", smp(colleague))
    other = seller.enter(symbol, SELL, 5, "100")
    order = buyer.enter(symbol, BUY, 5, "100", smp(buyer))
    is_canceled(colleague, own, SMP_RESTING)
    buyer.receive().has(buyer.codes.filled(FILLED) | {11: order[11], 31: 100, 32: 5})
    seller.receive().has(seller.codes.filled(FILLED) | {11: other[11]})


@pytest.mark.parametrize("who", ["another id", "no id", "another firm"])
def test_who_has_not_both_in_common_trades(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str, who: str
) -> None:
    client = seller if who == "another firm" else colleague
    named = {"another id": "OTHER", "no id": None, "another firm": "DESK"}[who]
    client.enter(symbol, SELL, 4, "100", smp(client, name=named) if named else {})
    buyer.enter(symbol, BUY, 4, "100", smp(buyer, CANCEL_BOTH))
    buyer.receive().has(buyer.codes.filled(FILLED) | {32: 4})
    client.receive().has(client.codes.filled(FILLED) | {32: 4})


@pytest.mark.parametrize("more", [{59: FOK}, {110: 5}])
@pytest.mark.parametrize("instruction", [CANCEL_RESTING, CANCEL_BOTH])
def test_what_would_match_itself_does_not_count(
    buyer: StockClient,
    colleague: StockClient,
    seller: StockClient,
    symbol: str,
    more: dict[int, object],
    instruction: str,
) -> None:
    """Five are there, but only three of somebody else, behind the own ones."""
    own = colleague.enter(symbol, SELL, 2, "99", smp(colleague))
    seller.enter(symbol, SELL, 3, "100")
    order = buyer.enter(symbol, BUY, 5, "100", smp(buyer, instruction) | more)
    buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 0})
    colleague.ask_status(own).has({39: NEW, 151: 2})
    seller.hears_nothing()


def test_only_where_the_resting_order_goes_does_what_is_behind_it_count(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    own = colleague.enter(symbol, SELL, 2, "99", smp(colleague))
    seller.enter(symbol, SELL, 3, "100")
    for instruction in (CANCEL_AGGRESSOR, CANCEL_BOTH, DECREMENT):
        order = buyer.enter(symbol, BUY, 3, "100", smp(buyer, instruction) | {59: FOK})
        buyer.receive().has(buyer.codes.canceled() | {11: order[11], 14: 0})
    colleague.hears_nothing()
    order = buyer.enter(symbol, BUY, 3, "100", smp(buyer, CANCEL_RESTING) | {59: FOK})
    is_canceled(colleague, own, SMP_RESTING)
    buyer.receive().has(buyer.codes.filled(FILLED) | {11: order[11], 32: 3, 31: 100})
    seller.settle()


def test_the_configuration_of_a_session(
    optimist: StockClient, seller: StockClient, symbol: str
) -> None:
    """It has an id and an instruction for orders that say nothing; an order may say otherwise."""
    id_tag, _ = seller.codes.smp_tags
    for instruction in (None, CANCEL_RESTING):
        resting = seller.enter(symbol, SELL, 4, "100", {id_tag: "HOUSE"})
        more = {} if instruction is None else smp(optimist, instruction, "HOUSE")
        order = optimist.enter(symbol, BUY, 4, "100", more)
        if instruction is None:
            is_canceled(seller, resting, SMP_BOTH)
            is_canceled(optimist, order, SMP_BOTH)
        else:
            is_canceled(seller, resting, SMP_RESTING)
    seller.new_order(symbol, SELL, 4, "100")
    assert seller.settle()[-1][39] == FILLED
    optimist.settle()


def test_a_session_that_has_an_id_may_give_only_an_instruction(
    optimist: StockClient, seller: StockClient, symbol: str
) -> None:
    id_tag, instruction_tag = seller.codes.smp_tags
    seller.enter(symbol, SELL, 4, "100", {id_tag: "HOUSE"})
    order = optimist.enter(symbol, BUY, 4, "100", {instruction_tag: CANCEL_AGGRESSOR})
    is_canceled(optimist, order, SMP_AGGRESSOR)
    seller.hears_nothing()


def test_a_triggered_order_and_a_replaced_one_are_aggressors(
    buyer: StockClient, colleague: StockClient, seller: StockClient, symbol: str
) -> None:
    own = colleague.enter(symbol, SELL, 4, "102", smp(colleague))
    order = buyer.enter(symbol, BUY, 10, "101", smp(buyer, CANCEL_RESTING))
    replace = buyer.replace(order, price="102")
    buyer.receive().has({150: "5", 11: replace, 44: 102})
    is_canceled(colleague, own, SMP_RESTING)
    own = colleague.enter(symbol, SELL, 4, "105", smp(colleague))
    stop = buyer.enter(symbol, BUY, 4, None, smp(buyer, CANCEL_AGGRESSOR) | {40: "3", 99: "102"})
    seller.enter(symbol, SELL, 10, "102")
    buyer.receive().has(buyer.codes.filled(FILLED) | {11: replace})
    buyer.receive().has(buyer.codes.triggered() | {11: stop[11]})
    is_canceled(buyer, stop, SMP_AGGRESSOR)
    colleague.hears_nothing()
    seller.settle()


def test_the_tags_of_the_standard_are_taken_in_every_version(
    buyer: StockClient, colleague: StockClient, symbol: str
) -> None:
    """And the twins from 5000 up as well."""
    twins = [(2362, 2964), (9362, 9964)]
    for tags in twins if buyer.version == FIX50SP2 else reversed(twins):
        resting = colleague.enter(symbol, SELL, 4, "100", {tags[0]: "DESK"})
        order = buyer.enter(symbol, BUY, 4, "100", {tags[0]: "DESK", tags[1]: CANCEL_BOTH})
        is_canceled(colleague, resting, SMP_BOTH)
        is_canceled(buyer, order, SMP_BOTH)
