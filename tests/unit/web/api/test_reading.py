"""What is read: the market, the account, how the web is."""

from typing import Any

import pytest

from tests.unit.web.api.fakes import Server
from venue.web.api.pnl import pnl
from venue.web.shapes import Position


def position(**more: Any) -> Position:
    known = {
        "account": None,
        "symbol": "AAPL",
        "currency": "USD",
        "quantity": "1",
        "average_price": "1",
        "mark_price": "1",
        "realised": "1.10",
        "unrealised": "-0.30",
        "day_pnl": "0.5",
        "fees": {"USD": "0.01"},
    }
    return Position(**known | more)


def test_a_symbol_may_have_a_slash(server: Server) -> None:
    for path in ("/v1/instruments/EUR/USD", "/v1/bbo/EUR%2FUSD", "/v1/book/EUR/USD"):
        assert server.ask("GET", path).json()["symbol"] == "EUR/USD"
    assert server.ask("GET", "/orderbook/EUR/USD?levels=3").json()["symbol"] == "EUR/USD"
    assert server.market.asked[-1] == ("book", "EUR/USD", 3)


@pytest.mark.parametrize("path", ["instruments", "book", "bbo", "trades", "statistics", "candles"])
def test_a_symbol_is_looked_at(server: Server, path: str) -> None:
    told = server.refuses("GET", f"/v1/{path}/{'A' * 33}", status=422, code="invalid")
    assert told["errors"][0]["field"] == "symbol"


def test_an_unknown_symbol_is_404(server: Server) -> None:
    server.refuses("GET", "/v1/book/MSFT", status=404, code="unknown_symbol")
    server.refuses("GET", "/bbo/MSFT", status=404, code="unknown_symbol")


def test_candles_have_an_interval(server: Server) -> None:
    assert server.ask("GET", "/v1/candles/AAPL?interval=15m&limit=3").status_code == 200
    assert server.market.asked[-1] == ("candles", "AAPL", 900, 3)
    server.refuses("GET", "/v1/candles/AAPL?interval=2m", status=422, code="invalid")


def test_profits_are_added_up_exactly_by_currency() -> None:
    told = pnl(
        [
            position(realised="123456789012345678.000000000000000001", fees={"EUR": "-2"}),
            position(realised="0.10"),
            position(currency="CHF", unrealised=None, fees={}),
        ]
    )
    assert [each.currency for each in told] == ["CHF", "EUR", "USD"]
    francs, euros, dollars = told
    assert (francs.realised, francs.unrealised, francs.fees, francs.net) == (
        "1.10",
        None,
        "0",
        None,
    )
    assert (euros.realised, euros.fees, euros.net) == ("0", "-2", "2")
    assert dollars.realised == "123456789012345678.100000000000000001"
    assert dollars.unrealised == "-0.60" and dollars.day_pnl == "1.0"
    assert dollars.net == "123456789012345677.490000000000000001"


def test_the_account_is_told(server: Server) -> None:
    server.desk.told_positions = [position()]
    assert server.ask("GET", "/v1/positions").json()[0]["realised"] == "1.10"
    assert server.ask("GET", "/v1/pnl").json()[0]["net"] == "0.79"
    assert server.ask("GET", "/v1/fees").json() == {"USD": "0.01"}
    assert server.ask("GET", "/v1/fills?limit=7").json()[0]["trade_id"] == "T1"
    assert server.desk.asked[-1] == ("fills", {"symbol": None, "limit": 7, "before": None})


def test_a_user_sees_his_own_sessions(server: Server) -> None:
    (session,) = server.ask("GET", "/v1/sessions").json()
    assert (session["comp_id"], session["firm"]) == ("WEB1", "ALPHA")
    assert session["roles"] == ["order_entry"]
    assert (session["next_in"], session["next_out"]) == (7, 9)
    assert server.ask("GET", "/v1/messages").json()[0]["session"] == "WEB1"
    assert server.ask("GET", "/v1/messages?session=WEB1").status_code == 200
    server.refuses("GET", "/v1/messages?session=WEB2", status=404, code="unknown_session")


def test_firms_and_limits_are_an_operators_business(server: Server) -> None:
    for path in ("/v1/firms", "/v1/limits"):
        server.refuses("GET", path, status=403, code="no_operator")
    server.who = server.who._replace(user=server.boss, read_only=True)
    firms = [{"name": "ALPHA", "is_killed": False, "killed_accounts": ["A"]}]
    assert server.ask("GET", "/v1/firms").json() == firms
    limits = {"account": None, "symbol": "AAPL", "limits": {"max_order_qty": "5"}}
    assert server.ask("GET", "/v1/limits?firm=B").json() == [{"firm": "B"} | limits]
    assert server.ask("GET", "/v1/limits").json() == [{"firm": None} | limits]
    assert server.operator.asked == [("limits", "B", {}), ("limits", None, {})]


def test_an_operator_sees_all_sessions(server: Server) -> None:
    server.who = server.who._replace(user=server.boss)
    assert [each["comp_id"] for each in server.ask("GET", "/v1/sessions").json()] == ["TRADER1"]
    assert server.ask("GET", "/v1/messages").json()[0]["session"] == "WEB1"


def test_the_status_is_told(server: Server) -> None:
    told = server.ask("GET", "/v1/status").json()
    assert told["venue"] == "up" and len(told["links"]) == 4
    server.web.links.is_venue_up = False
    assert server.ask("GET", "/v1/status").json()["venue"] == "down"


def test_fix_is_told_by_its_names(server: Server) -> None:
    told = server.ask("GET", "/v1/dictionary").json()
    fields, messages = told["fields"], told["messages"]
    assert fields["35"]["name"] == "MsgType" and fields["44"]["type"] == "PRICE"
    assert fields["54"]["values"]["5"] == "sell short"
    assert fields["9201"]["name"] == "OperatorReqID" and fields["9001"]["type"] == "BOOLEAN"
    assert (messages["D"], messages["A"], messages["U1"]) == (
        "NewOrderSingle",
        "Logon",
        "OperatorRequest",
    )
