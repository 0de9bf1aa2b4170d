"""An image is a venue at a moment: what comes after is the same for both."""

from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.property.phases import Phases
from tests.property.twins import Twins
from tests.reference import Told
from tests.unit.core.desk import (
    BUY,
    FIRMS,
    GTC,
    GTD,
    IF_TOUCHED,
    MARKET,
    SELL,
    STOP,
    TO_LIMIT,
    Desk,
    at,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.columns import Ints, choose, chosen, pack, unpack
from venue.core.image import Image, MarketImage, OrdersImage, copy, restore
from venue.core.market import Market
from venue.core.order import Order
from venue.core.types import TimeInForce, TradingPhase
from venue.core.venue import Venue

decode = msgspec.msgpack.Decoder(Image).decode


def copied(venue: Venue) -> Venue:
    """The same venue, through bytes."""
    return restore(decode(msgspec.msgpack.encode(copy(venue))))


class CopiedTwins(Twins):
    """Sends what the venue gets to a copy of it as well, once there is one."""

    copy: Venue | None = None

    def _handle(self, command: c.Command, expected: list[Told]) -> list[e.Event]:
        events = super()._handle(command, expected)
        if self.copy is not None:
            assert self.copy.handle(command) == events
        return events


class Copying(Phases):
    """Order entry through all phases with a venue that is copied now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.twins: CopiedTwins = CopiedTwins()
        self.venue, self.reference = self.twins.venue, self.twins.reference

    @rule(again=st.booleans())
    def copy(self, again: bool) -> None:
        """Of the venue, or of the copy."""
        source = self.twins.copy if again else None
        self.twins.copy = copied(source or self.venue)

    @invariant()
    def both_are_the_same(self) -> None:
        copy = self.twins.copy
        if copy is not None:
            copy.check()
            assert copy.state_hash() == self.venue.state_hash()
            assert (copy.time, copy.deadline) == (self.venue.time, self.venue.deadline)
            assert copy.connected == self.venue.connected


TestCopying = Copying.TestCase
TestCopying.settings = settings(max_examples=max(150, settings.default.max_examples))


def beside(desk: Desk) -> Desk:
    """A desk at a copy of a desk's venue."""
    other = Desk()
    other.venue = copied(desk.venue)
    other.venue.check()
    assert other.venue.state_hash() == desk.venue.state_hash()
    return other


def test_a_venue_without_anything() -> None:
    assert copied(Venue()).state_hash() == Venue().state_hash()


def test_every_field_of_an_order_has_a_column() -> None:
    columns = set(OrdersImage.__struct_fields__) - {
        *("unpriced", "carried_qty", "carried_notional", "carried_trade_id")
    }
    links = {"level", "prev", "next", "place", "bounds", "counted_qty", "counted_px"}
    assert set(Order.__struct_fields__) - links - {"carried"} == columns


def test_every_field_of_a_market_is_kept() -> None:
    fields = set(Market.__slots__) - {"instrument", "book", "open"}
    assert fields == set(MarketImage.__struct_fields__) - {"spec", "bids", "offers"}


def test_who_is_first_stays_first() -> None:
    desk = Desk()
    for nth, session in enumerate(sorted(FIRMS)):
        desk.new(f"b{nth}", BUY, 5 + nth, 9900, session=session)
    desk.new("iceberg", BUY, 9, 9900, display_qty=2, refresh_qty=1)
    desk.new("hit", SELL, 20, 9900)
    other = beside(desk)
    assert other.new("more", SELL, 9, 9900) == desk.new("more", SELL, 9, 9900)


def test_what_waits_goes_by_age_and_what_expires_expires() -> None:
    desk = Desk()
    desk.venue.handle(c.AdvanceTime(at("20260105 12:00")))
    desk.new("last", SELL, 1, 10000)
    desk.new("trade", BUY, 1, 10000)
    for nth, kind in enumerate((STOP, IF_TOUCHED, STOP)):
        desk.new(f"w{nth}", BUY, 2, None, ord_type=kind, stop_px=(10100, 9900, 10100)[nth])
    expiry = at("20260105 13:00")
    desk.new("gone", BUY, 2, 9000, time_in_force=GTD, expire_time=expiry)
    other = beside(desk)
    assert other.venue.deadline == desk.venue.deadline == expiry
    for venue in (desk.venue, other.venue):
        (expired,) = venue.handle(c.AdvanceTime(expiry))
        assert isinstance(expired, e.OrderExpired) and expired.cl_ord_id == "gone"
    for each in (desk, other):
        each.new("offer", SELL, 9, 10100)
    events = [each.new("up", BUY, 1, 10100) for each in (desk, other)]
    assert events[0] == events[1] and len(events[0]) > 5


def test_days_end_as_they_would_have() -> None:
    """Who was carried over without a fill still was carried over."""
    desk = Desk()
    desk.venue.handle(c.DefineTradingDay(at("19700101 17:00")))
    desk.venue.handle(c.AdvanceTime(at("20260105 12:00")))
    desk.new("stays", BUY, 5, 9000, time_in_force=GTC)
    desk.venue.handle(c.AdvanceTime(at("20260105 18:00")))
    desk.new("of the day", BUY, 5, 9000)
    other = beside(desk)
    assert other.status("stays") == desk.status("stays")
    for time in ("20260106 16:59", "20260106 17:00", "20260107 17:00"):
        events = desk.advance(time)
        assert other.advance(time) == events
        assert other.venue.deadline == desk.venue.deadline
    assert events


def test_who_is_connected_loses_orders_with_the_connection() -> None:
    desk = Desk()
    for session in ("TRADER2", "TRADER1"):
        desk.connect(session)
        desk.new("a", BUY, 5, 9000, session=session)
    other = beside(desk)
    assert list(other.venue.connected) == ["TRADER2", "TRADER1"]
    assert other.disconnect() == desk.disconnect() != []


def called(**terms: Any) -> Desk:
    """A desk at noon in an opening auction, of which a market order is the oldest."""
    desk = Desk(**terms)
    desk.venue.handle(c.DefineSeed(4711))
    desk.venue.handle(c.AdvanceTime(at("20260105 12:00")))
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.OPENING_AUCTION))
    desk.new("market", BUY, 5, None)
    desk.new("left over", BUY, 5, None, ord_type=TO_LIMIT, display_qty=2, refresh_qty=2)
    desk.new("bid", BUY, 5, 10100)
    desk.new("opening", BUY, 5, 10100, TimeInForce.AT_THE_OPENING)
    return desk


def test_a_call_ends_as_it_would_have() -> None:
    desk = called()
    desk.new("offer", SELL, 13, 9900, session="TRADER2", display_qty=2, refresh_qty=2)
    other = beside(desk)
    assert other.venue.indicative("AAPL") == desk.venue.indicative("AAPL") is not None
    end = c.EnterPhase("MAIN", TradingPhase.CONTINUOUS)
    events = desk.venue.handle(end)
    assert other.venue.handle(end) == events
    fills = [event.cl_ord_id for event in events if isinstance(event, e.OrderFilled)]
    assert fills[::2] == ["market", "left over", "opening"]
    assert beside(desk).venue.statistics("AAPL").volume == 13


def test_a_call_that_is_halted_is_still_one() -> None:
    desk = called()
    desk.new("offer", SELL, 13, 9900, session="TRADER2")
    desk.venue.handle(c.HaltInstrument("AAPL"))
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    other = beside(desk)
    assert list(other.venue.levels("AAPL", BUY)) == []
    resumed = c.ResumeInstrument("AAPL", 0)
    events = other.venue.handle(resumed)
    assert events == desk.venue.handle(resumed)
    assert isinstance(events[0], e.AuctionHeld)
    assert events[0].phase is TradingPhase.OPENING_AUCTION


def test_interruptions_and_halts_end_as_they_would_have() -> None:
    """The copy draws the same random end, for it has the seed and the time."""
    terms = {"dynamic_collar_percent": "1", "interruption_seconds": 5}
    desk = Desk(**terms, interruption_random_seconds=3)
    desk.define("MSFT")
    desk.venue.handle(c.DefineSeed(4711))
    desk.venue.handle(c.AdvanceTime(at("20260105 12:00")))
    desk.venue.handle(c.HaltInstrument("MSFT"))
    desk.new("offer", SELL, 5, 10200, session="TRADER2")
    other = beside(desk)
    for each in (desk, other):
        each.new("bid", BUY, 5, 10200)
        assert each.venue.phase("AAPL") is TradingPhase.VOLATILITY_AUCTION
        assert each.venue.phase("MSFT") is TradingPhase.HALT
    ends = desk.venue.deadline
    assert other.venue.deadline == ends and ends % 1_000_000_000
    third = beside(desk)
    for time in (ends - 1, ends):
        events = desk.venue.handle(c.AdvanceTime(time))
        assert other.venue.handle(c.AdvanceTime(time)) == events
        assert third.venue.handle(c.AdvanceTime(time)) == events
    assert isinstance(events[0], e.AuctionHeld) and events[0].price == 10200
    resumed = c.ResumeInstrument("MSFT", 0)
    assert third.venue.handle(resumed) == desk.venue.handle(resumed) != []


def test_a_delisted_instrument_stays_delisted() -> None:
    desk = called()
    desk.venue.handle(c.DelistInstrument("AAPL"))
    other = beside(desk)
    assert not other.venue.listed("AAPL") and "AAPL" in other.venue.instruments
    (rejected,) = other.new("a", BUY, 5, 10000)
    assert isinstance(rejected, e.OrderRejected)


def test_the_last_auction_bounds_trades_of_the_copy() -> None:
    desk = called(static_collar_percent="1", reference_price="100")
    desk.new("offer", SELL, 15, 10100, session="TRADER2")
    desk.venue.handle(c.EnterPhase("MAIN", TradingPhase.CONTINUOUS))
    other = beside(desk)
    for each in (desk, other):
        each.new("far", SELL, 5, 10200, session="TRADER2")
        _, fill, *_ = each.new("bid2", BUY, 5, 10200)
        assert isinstance(fill, e.OrderFilled), "101 is the centre, not 100"


def test_nothing_is_to_be_published() -> None:
    desk = Desk()
    desk.new("a", BUY, 5, 9000)
    assert beside(desk).venue.level_changes() == []


def test_a_notional_beyond_64_bits() -> None:
    most = 2**53
    desk = Desk(max_qty=str(most), reference_price="45035996273704")
    desk.new("s", SELL, most, 2**52)
    desk.new("b", BUY, most - 1, 2**52)
    other = beside(desk)
    assert other.new("last", BUY, 1, None, ord_type=MARKET) == desk.new(
        "last", BUY, 1, None, ord_type=MARKET
    )


def test_forgotten_ids_stay_forgotten_and_the_oldest_goes_next() -> None:
    """Of an order that ended under an id that is forgotten, only later ones are known."""
    desk = Desk()
    desk.venue.handle(c.DefineRetention(3))
    desk.new("a", BUY, 5, 9900)
    desk.cancel("cancel", "a")
    desk.new("b", BUY, 5, 9900)
    desk.new("c", BUY, 5, 9900)
    assert list(desk.venue.orders.clients["TRADER1"].orders) == ["cancel", "b", "c"]
    other = beside(desk)
    order = other.venue.orders.clients["TRADER1"].orders["cancel"]
    assert order is not None and order.cl_ord_id == "a"
    for each in (desk, other):
        each.new("d", BUY, 5, 9900)
        assert list(each.venue.orders.clients["TRADER1"].orders) == ["b", "c", "d"]
        assert 1 not in each.venue.orders.by_id


def test_refused_ids_and_those_without_an_order() -> None:
    desk = Desk()
    desk.new("a", BUY, 5, 9900)
    desk.cancel("no", "a", symbol="MSFT")
    desk.cancel("nothing", "unknown")
    other = beside(desk)
    for cl_ord_id in ("no", "nothing", "a"):
        asked: list[Any] = [each.cancel("x" + cl_ord_id, cl_ord_id) for each in (desk, other)]
        assert asked[0] == asked[1]


def test_strings_and_numbers_are_not_kept_twice() -> None:
    desk = Desk()
    desk.new("first", BUY, 1000, 9900)
    desk.new("second", BUY, 1000, 9900)
    venue = beside(desk).venue
    first, second = venue.orders.by_id.values()
    assert first.session is second.session and first.price is second.price
    assert first.order_qty is second.leaves_qty
    assert any(first.cl_ord_id is known for known in venue.orders.clients["TRADER1"].orders)


@pytest.mark.parametrize(
    ("values", "size"),
    [([], 0), ([0, -128, 127], 1), ([128], 2), ([-40_000], 4), ([2**31], 8), ([-(2**63)], 8)],
)
def test_integers_take_what_the_largest_needs(values: list[int], size: int) -> None:
    packed = pack(values)
    assert len(packed.body) == size * len(values)
    assert list(unpack(packed)) == values


def test_integers_of_any_size() -> None:
    values = [2**63, -(2**70), 0]
    assert pack(values) == Ints("", f"{2**63} {-(2**70)} 0".encode())
    assert list(unpack(pack(values))) == values


def test_equal_values_are_kept_once() -> None:
    choices = choose(["a", "b", "a", "a"])
    assert choices.values == ["a", "b"]
    assert list(chosen(choices)) == ["a", "b", "a", "a"]
