"""How much a session's ids are remembered, and with them its ended orders."""

import pytest

from tests.unit.core.desk import BUY, GTC, GTD, SELL, Desk, at
from venue.core import commands as c
from venue.core import events as e
from venue.core import orders


def keeping(cl_ord_ids: int) -> Desk:
    """A desk whose venue remembers so many ids of a session."""
    desk = Desk()
    desk.venue.handle(c.DefineRetention(cl_ord_ids))
    return desk


def ids(desk: Desk, session: str = "TRADER1") -> list[str]:
    """What is remembered, what is forgotten next at the front."""
    return list(desk.venue.orders.clients[session].orders)


def test_a_million_ids_unless_defined() -> None:
    desk = Desk()
    assert desk.venue.cl_ord_ids == orders.CL_ORD_IDS == 1_000_000
    desk.venue.handle(c.DefineRetention(5))
    assert desk.venue.cl_ord_ids == 5


def test_the_oldest_ids_are_forgotten() -> None:
    desk = keeping(3)
    for name in ("a", "b", "c"):
        desk.new(name, qty=1001)
    assert type(desk.new("a")[0]) is e.OrderRejected and ids(desk) == ["a", "b", "c"]
    desk.new("d", qty=1001)
    assert ids(desk) == ["b", "c", "d"]
    assert type(desk.new("a")[0]) is e.OrderAccepted
    desk.venue.check()


def test_each_session_has_its_own_bound() -> None:
    desk = keeping(1)
    desk.new("a", qty=1001)
    desk.new("a", qty=1001, session="TRADER2")
    assert ids(desk) == ids(desk, "TRADER2") == ["a"]


@pytest.mark.parametrize("request_", ["new", "refused", "cancel", "replace", "mass"])
def test_every_request_counts(request_: str) -> None:
    desk = keeping(2)
    desk.new("a")
    desk.new("x", qty=1001)
    match request_:
        case "new":
            desk.new("b")
        case "refused":
            desk.new("b", qty=1001)
        case "cancel":
            desk.cancel("b", "nothing")
        case "replace":
            desk.replace("b", "a", 4)
        case "mass":
            desk.mass_cancel("b", "AAPL", SELL)
    assert "b" in ids(desk) and len(ids(desk)) == 2
    desk.venue.check()


def test_a_live_order_is_never_forgotten() -> None:
    """Its id becomes the youngest instead."""
    desk = keeping(2)
    desk.new("live", time_in_force=GTC)
    for name in ("a", "b", "c", "d", "e"):
        desk.new(name, qty=1001)
    assert ids(desk) == ["live", "e"]
    assert type(desk.new("live")[0]) is e.DuplicateRejected
    assert type(desk.cancel("x", "live")[0]) is e.OrderCanceled


def test_live_orders_beyond_the_bound() -> None:
    desk = keeping(3)
    names = [f"{number}" for number in range(10)]
    for name in names:
        desk.new(name)
    assert sorted(ids(desk)) == names
    for name in names:
        desk.cancel(f"x{name}", name)
    assert len(ids(desk)) <= 2 * len(names)
    for name in names:
        desk.cancel(f"y{name}", name)
    assert ids(desk) == ["y7", "y8", "y9"] and len(desk.venue.orders.by_id) <= 3
    desk.venue.check()


def test_ids_that_a_live_order_had_are_forgotten() -> None:
    desk = keeping(2)
    desk.new("a")
    desk.replace("b", "a", 4)
    desk.replace("c", "b", 3)
    assert ids(desk) == ["b", "c"]
    (event,) = desk.cancel("x", "a")
    assert event.text == "OrigClOrdID(41) a names no order of yours"
    desk.venue.check()


def test_an_order_is_forgotten_with_the_last_of_its_ids() -> None:
    desk = keeping(2)
    desk.new("a")
    desk.cancel("x", "a")
    desk.new("b", qty=1001)
    assert ids(desk) == ["x", "b"]
    assert desk.status("x")[0].order_id == 1 and list(desk.venue.orders.by_id) == [1]
    desk.venue.check()
    desk.new("c", qty=1001)
    assert ids(desk) == ["b", "c"] and desk.venue.orders.by_id == {}
    assert type(desk.status("x")[0]) is e.UnknownStatusReported
    (event,) = desk.cancel("y", order_id="1")
    assert event.text == "OrderID(37) 1 names no order of yours"


def test_the_ids_of_other_sessions_keep_an_order() -> None:
    desk = keeping(1)
    desk.new("a")
    desk.cancel("x", order_id="1", session="TRADER3")
    desk.new("b", qty=1001)
    assert ids(desk) == ["b"] and ids(desk, "TRADER3") == ["x"]
    assert list(desk.venue.orders.by_id) == [1]
    desk.venue.check()
    desk.cancel("y", "nothing", session="TRADER3")
    assert desk.venue.orders.by_id == {}


def test_refused_requests_are_forgotten_as_such() -> None:
    desk = keeping(2)
    desk.new("a")
    desk.replace("r", "a", 1001)
    client = desk.venue.orders.clients["TRADER1"]
    assert client.refused == {"r"}
    desk.new("b", qty=1001)
    desk.new("c", qty=1001)
    assert "r" not in client.orders and client.refused == set()
    assert desk.order("a").names == 1


def test_a_new_day_begins_with_the_ids_of_live_orders() -> None:
    desk = keeping(4)
    desk.advance("20260105 12:00")
    desk.new("a", time_in_force=GTC)
    desk.replace("r", "a", 1001)
    desk.replace("b", "a", 4)
    assert desk.order("b").names == 3
    desk.advance("20260106 00:00")
    assert ids(desk) == ["a", "b"] and desk.order("b").names == 2
    for name in ("c", "d", "e"):
        desk.new(name, qty=1001)
    assert ids(desk) == ["b", "c", "d", "e"] and desk.order("b").names == 1
    desk.venue.check()


def test_a_lower_bound_is_reached_by_and_by() -> None:
    """Two ids for each that is used: nobody waits for a great clearing."""
    desk = Desk()
    for number in range(10):
        desk.new(f"{number}", qty=1001)
    desk.venue.handle(c.DefineRetention(3))
    sizes = []
    for number in range(8):
        desk.new(f"x{number}", qty=1001)
        sizes.append(len(ids(desk)))
    assert sizes == [9, 8, 7, 6, 5, 4, 3, 3]


def test_many_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of use, through several pages of the oldest."""
    page = 50
    monkeypatch.setattr(orders, "PAGE", page)
    desk = keeping(page + 7)
    desk.new("live")
    names = [f"n{number}" for number in range(5 * page)]
    for name in names:
        desk.cancel(name, "nothing")
    known = ids(desk)
    known.remove("live")
    assert known == names[-page - 6 :]
    assert desk.venue.orders.clients["TRADER1"].refused == set(known)
    desk.venue.check()


def test_the_live_orders_of_a_session_that_has_forgotten() -> None:
    desk = keeping(3)

    def live() -> list[str]:
        return [order.cl_ord_id for order in desk.venue.orders.live("TRADER1")]

    desk.new("a")
    desk.new("b")
    for name in ("x", "y"):
        desk.new(name, qty=1001)
    desk.new("c")
    assert live() == ["a", "b", "c"]
    desk.new("d")
    desk.new("e")
    assert live() == ["a", "b", "c", "d", "e"]
    desk.cancel("z", "b")
    for name in ("1", "2", "3", "4"):
        desk.new(name, qty=1001)
    desk.replace("a2", "a", 4)
    assert live() == ["a2", "c", "d", "e"]


def test_nothing_waits_for_the_end_of_a_forgotten_order() -> None:
    desk = keeping(1)
    desk.advance("20260105 12:00")
    until = {"expire_time": at("20260105 15:00")}
    for number in range(5):
        desk.new(f"{number}", BUY, 5, 9000, GTD, **until)
        desk.cancel(f"x{number}", f"{number}")
    desk.new("last", BUY, 5, 9000, GTD, **until)
    remembered = [order for due in desk.venue._day._good_till.values() for order in due.values()]
    assert [order.cl_ord_id for order in remembered] == ["last"]
    for name in ("b", "c"):
        desk.new(name, qty=1001)
    (event,) = desk.advance("20260105 15:00")
    assert type(event) is e.OrderExpired and event.cl_ord_id == "last"
    desk.new("d", qty=1001)
    assert desk.venue.orders.by_id == {}


def test_what_is_forgotten_next_is_in_the_state() -> None:
    first, second, third = keeping(3), keeping(3), keeping(4)
    for desk, names in ((first, "ab"), (second, "ba"), (third, "ab")):
        for name in names:
            desk.cancel(name, "nothing")
    hashes = {desk.venue.state_hash() for desk in (first, second, third)}
    assert len(hashes) == 3


def test_orders_share_what_they_have_in_common() -> None:
    """As a journal is replayed, every command has texts of its own."""
    desk = Desk()
    desk.new("a", account="".join(["HOU", "SE"]))
    desk.new("b", account="".join(["HO", "USE"]), symbol="".join(["AA", "PL"]))
    first, second = desk.order("a"), desk.order("b")
    for field in ("session", "firm", "symbol", "account"):
        assert getattr(first, field) is getattr(second, field)
    desk.new("c", account="OTHER")
    assert desk.order("c").account == "OTHER" and second.account == "HOUSE"
