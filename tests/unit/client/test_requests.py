from decimal import Decimal

import pytest

from venue.client.requests import (
    cancel_fields,
    exact,
    market_data_fields,
    new_order_fields,
    order_request,
    replace_fields,
    status_fields,
)

NOW = "20260101-10:00:00.000"


@pytest.mark.parametrize("value", [1.5, True, None, b"1"])
def test_a_number_that_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="order_qty: expected Decimal, int or str"):
        exact("order_qty", value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "ten", "NaN", "Infinity", Decimal("NaN")])
def test_what_is_not_a_number_is_refused(value: Decimal | str) -> None:
    with pytest.raises(ValueError, match=r"price: .*number"):
        exact("price", value)


def test_an_order_without_price_is_a_market_order() -> None:
    fields = dict(new_order_fields("A", order_request("AAPL", "sell", 5), NOW))
    assert fields[40] == "1"
    assert fields[54] == "2"
    assert 44 not in fields


def test_a_limit_order_says_all_it_must() -> None:
    order = order_request("AAPL", "buy", "10", Decimal("1E+2"), time_in_force="ioc")
    fields = dict(new_order_fields("A", order, NOW))
    assert fields == {
        11: "A", 21: "1", 55: "AAPL", 54: "1", 60: NOW, 38: "10", 40: "2", 44: "100", 59: "3",
    }  # fmt: skip


def test_a_replace_names_the_order_it_replaces() -> None:
    fields = dict(replace_fields("B", "A", order_request("AAPL", "buy", 8, "1.10"), NOW))
    assert (fields[11], fields[41], fields[38], fields[44]) == ("B", "A", "8", "1.10")


def test_an_unknown_word_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="side: 'byu' is none of buy, sell"):
        order_request("AAPL", "byu", 1)
    with pytest.raises(ValueError, match="time_in_force: 'now' is none of day, gtc"):
        order_request("AAPL", "buy", 1, time_in_force="now")


def test_fix_codes_pass_for_words() -> None:
    assert order_request("AAPL", "2", 1, time_in_force="4") == order_request(
        "AAPL", "sell", 1, time_in_force="fok"
    )


def test_cancel_and_status() -> None:
    cancel = dict(cancel_fields("B", "A", "AAPL", "1", Decimal(7), NOW))
    assert cancel == {41: "A", 11: "B", 55: "AAPL", 54: "1", 60: NOW, 38: "7"}
    assert 38 not in dict(cancel_fields("B", "A", "AAPL", "1", None, NOW))
    assert dict(status_fields("A", "AAPL", "1", "S")) == {11: "A", 790: "S", 55: "AAPL", 54: "1"}


def test_a_subscription_asks_for_bids_offers_and_trades() -> None:
    fields = market_data_fields("M", "1", ["AAPL", "MSFT"], 5)
    assert fields == [
        (262, "M"), (263, "1"), (264, "5"), (265, "1"), (267, "3"), (269, "0"), (269, "1"),
        (269, "2"), (146, "2"), (55, "AAPL"), (55, "MSFT"),
    ]  # fmt: skip


def test_an_unsubscribe_has_the_groups_but_no_update_type() -> None:
    tags = [tag for tag, _ in market_data_fields("M", "2", ["AAPL"], 0)]
    assert 265 not in tags
    assert tags.count(269) == 3
    assert tags.count(55) == 1
