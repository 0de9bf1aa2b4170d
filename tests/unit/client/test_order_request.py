from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from venue.client.order_request import (
    changed_request,
    exact,
    new_order_fields,
    order_request,
    replace_fields,
)
from venue.client.versions import VERSIONS
from venue.client.wire import Field

NOW = "20260101-10:00:00.000"
PLAIN = {11, 21, 55, 54, 60, 38, 40, 59}


def written(version: str = "FIX.5.0SP2", **terms: Any) -> dict[int, str]:
    """The fields of an order besides those that every order has."""
    fields = new_order_fields(
        "A", order_request("AAPL", "buy", 10, **terms), VERSIONS[version], NOW
    )
    return _distinct(fields)


def replaced(*args: Any, version: str = "FIX.4.4", **changes: Any) -> dict[int, str]:
    known, more = order_request(*args[:4]), args[4] if len(args) > 4 else {}
    if more:
        known = order_request(*args[:4], **more)
    changed = changed_request(known, **changes)
    return _distinct(replace_fields("B", "A", changed, VERSIONS[version], NOW))


def _distinct(fields: list[Field]) -> dict[int, str]:
    assert len(dict(fields)) == len(fields)
    return dict(fields)


@pytest.mark.parametrize("value", [1.5, True, None, b"1"])
def test_a_number_that_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="order_qty: expected Decimal, int or str"):
        exact("order_qty", value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "ten", "NaN", "Infinity", Decimal("NaN")])
def test_what_is_not_a_number_is_refused(value: Decimal | str) -> None:
    with pytest.raises(ValueError, match=r"price: .*number"):
        exact("price", value)


@pytest.mark.parametrize("name", ["price", "stop_px", "display_qty", "refresh_qty", "min_qty"])
def test_no_float_gets_into_an_order_or_a_replace(name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name}: expected Decimal, int or str, got float"):
        order_request("AAPL", "buy", 10, **{name: 0.1})
    if name != "min_qty":
        with pytest.raises(TypeError, match=rf"{name}: expected Decimal, int or str, got float"):
            changed_request(order_request("AAPL", "buy", 10), **{name: 0.1})


def test_an_order_without_price_is_a_market_order() -> None:
    order = order_request("AAPL", "sell", 5)
    fields = _distinct(new_order_fields("A", order, VERSIONS["FIX.4.4"], NOW))
    assert fields[40] == "1"
    assert fields[54] == "2"
    assert fields.keys() == PLAIN


def test_a_limit_order_says_all_it_must() -> None:
    order = order_request("AAPL", "buy", "10", Decimal("1E+2"), time_in_force="ioc")
    fields = _distinct(new_order_fields("A", order, VERSIONS["FIX.4.4"], NOW))
    assert fields == {
        11: "A", 21: "1", 55: "AAPL", 54: "1", 60: NOW, 38: "10", 40: "2", 44: "100", 59: "3",
    }  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"stop_px": "101"}, {40: "3", 99: "101"}),
        ({"stop_px": 95, "price": "94.5"}, {40: "4", 99: "95", 44: "94.5"}),
        ({"stop_px": 110, "ord_type": "market_if_touched"}, {40: "J", 99: "110"}),
        (
            {"stop_px": 110, "price": 109, "ord_type": "limit_if_touched"},
            {40: "2", 44: "109", 1100: "4", 1102: "110"},
        ),
        ({"ord_type": "market_to_limit"}, {40: "K"}),
    ],
)
def test_order_types(version: str, terms: dict[str, Any], expected: dict[int, str]) -> None:
    fields = written(version, **terms)
    assert {tag: fields[tag] for tag in expected} == expected
    assert fields.keys() == PLAIN | expected.keys()


@pytest.mark.parametrize(
    ("expire", "expected"),
    [
        (date(2026, 12, 1), {432: "20261201"}),
        (datetime(2026, 12, 1, 15, 30, tzinfo=UTC), {126: "20261201-15:30:00.000"}),
        (
            datetime(2026, 12, 1, 0, 30, 0, 5999, tzinfo=timezone(timedelta(hours=2))),
            {126: "20261130-22:30:00.005"},
        ),
    ],
)
def test_good_till_a_day_or_a_moment(expire: date, expected: dict[int, str]) -> None:
    fields = written(price=1, expire=expire)
    assert fields[59] == "6"
    assert {tag: value for tag, value in fields.items() if tag in (432, 126)} == expected


def test_a_moment_without_time_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match=r"expire: 2026-12-01 .* has no time zone"):
        order_request("AAPL", "buy", 1, 1, expire=datetime(2026, 12, 1))


@pytest.mark.parametrize(
    ("version", "display", "names"),
    [
        ("FIX.4.2", 111, (9362, 9964)),
        ("FIX.4.4", 111, (9362, 9964)),
        ("FIX.5.0SP2", 1138, (2362, 2964)),
    ],
)
def test_qualifiers_have_the_tags_of_the_version(
    version: str, display: int, names: tuple[int, int]
) -> None:
    fields = written(
        version,
        price=1,
        display_qty=2,
        refresh_qty=3,
        min_qty=4,
        post_only=True,
        all_or_none=True,
        self_match_prevention_id="DESK",
        self_match_prevention_instruction="decrement",
    )
    expected = {display: "2", 1088: "3", 110: "4", 18: "6 G", names[0]: "DESK", names[1]: "4"}
    assert fields.keys() == PLAIN | {44} | expected.keys()
    assert {tag: fields[tag] for tag in expected} == expected


def test_a_display_quantity_of_nothing_is_said() -> None:
    assert written(price=1, display_qty=0)[1138] == "0"


def test_a_replace_names_the_order_it_replaces() -> None:
    fields = replaced("AAPL", "buy", 10, "1.10", order_qty=8)
    assert (fields[11], fields[41], fields[38], fields[44]) == ("B", "A", "8", "1.10")
    assert fields.keys() == PLAIN | {41, 44}


def test_a_replace_says_what_it_changes() -> None:
    fields = replaced(
        "AAPL", "buy", 10, "1.10", {"stop_px": 2},
        stop_px=3, display_qty=2, refresh_qty=1, expire=date(2026, 12, 1),
    )  # fmt: skip
    expected = {40: "4", 99: "3", 111: "2", 1088: "1", 59: "6", 432: "20261201", 44: "1.10"}
    assert {tag: fields[tag] for tag in expected} == expected


def test_a_replace_keeps_the_qualifiers_by_not_repeating_them() -> None:
    more = {
        "stop_px": 5, "min_qty": 2, "post_only": True, "all_or_none": True, "display_qty": 3,
        "self_match_prevention_id": "X", "self_match_prevention_instruction": "1",
    }  # fmt: skip
    assert replaced("AAPL", "buy", 10, 1, more, order_qty=9).keys() == PLAIN | {41, 44}


def test_a_replace_keeps_the_expiry_and_drops_it_with_another_time_in_force() -> None:
    more = {"expire": date(2026, 12, 1)}
    kept = replaced("AAPL", "buy", 10, 1, more, price=2)
    assert (kept[59], kept[432]) == ("6", "20261201")
    dropped = replaced("AAPL", "buy", 10, 1, more, time_in_force="day")
    assert dropped[59] == "0"
    assert 432 not in dropped


def test_a_replace_leaves_out_a_time_in_force_that_no_replace_takes() -> None:
    assert 59 not in replaced("AAPL", "buy", 10, 1, {"time_in_force": "at_the_close"}, price=2)


def test_what_is_left_of_market_to_limit_is_replaced_as_limit() -> None:
    known = {"ord_type": "market_to_limit"}
    assert replaced("AAPL", "buy", 10, "1.10", known, order_qty=8)[40] == "2"
    assert replaced("AAPL", "buy", 10, None, known, order_qty=8)[40] == "K"


def test_a_touched_limit_is_replaced_with_its_trigger() -> None:
    known = {"ord_type": "limit_if_touched", "stop_px": 2}
    fields = replaced("AAPL", "sell", 10, "1.10", known, stop_px=3)
    assert (fields[40], fields[1100], fields[1102]) == ("2", "4", "3")
    assert 99 not in fields


def test_an_unknown_word_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="side: 'byu' is none of buy, sell"):
        order_request("AAPL", "byu", 1)
    with pytest.raises(ValueError, match="time_in_force: 'now' is none of day, gtc"):
        order_request("AAPL", "buy", 1, time_in_force="now")
    with pytest.raises(ValueError, match="ord_type: 'best' is none of market, limit, stop"):
        order_request("AAPL", "buy", 1, ord_type="best")
    with pytest.raises(ValueError, match="instruction: 'none' is none of cancel_aggressor"):
        order_request("AAPL", "buy", 1, self_match_prevention_instruction="none")


def test_fix_codes_pass_for_words() -> None:
    assert order_request("AAPL", "2", 1, time_in_force="4") == order_request(
        "AAPL", "sell", 1, time_in_force="fok"
    )
