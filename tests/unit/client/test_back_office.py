"""Positions, trades and drop copies: what is asked, and what is read of the answers."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from venue.client.back_office import (
    PositionReport,
    RequestForPositionsAck,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
    TradeSide,
)
from venue.client.errors import UnreadableMessage
from venue.client.events import Event, ExecutionReport
from venue.client.inquiries import END, SNAPSHOT, UPDATES, positions_fields, trades_fields
from venue.client.parse import parse_event
from venue.client.state import SessionState

NOW = "20260101-10:00:00.000"
D = Decimal


def heard(body: str, begin: str = "FIX.4.4") -> Event:
    return parse_event(f"8={begin}|9=1|{body}10=000|".replace("|", "\x01"))


def test_what_is_asked_of_positions() -> None:
    usual = [(710, "P"), (724, "0"), (263, "0"), (60, NOW)]
    assert positions_fields("P", SNAPSHOT, NOW) == usual
    assert positions_fields("P", END, NOW)[2] == (263, "2")
    full = positions_fields("P", UPDATES, NOW, "ACC", "AAPL", "ALPHA")
    assert full[3:5] == [(1, "ACC"), (55, "AAPL")]
    assert full[6:] == [(453, "1"), (448, "ALPHA"), (447, "D"), (452, "1")]


def test_what_is_asked_of_trades() -> None:
    assert trades_fields("T", SNAPSHOT) == [(568, "T"), (569, "1"), (263, "0")]
    told = trades_fields("T", UPDATES, "AAPL", "ACC", "ALPHA", "buy", criteria=[(37, "9")])
    assert told[3:6] == [(55, "AAPL"), (54, "1"), (37, "9")]
    assert told[6:10] == [(453, "2"), (448, "ALPHA"), (447, "D"), (452, "1")]
    assert told[10:] == [(448, "ACC"), (447, "D"), (452, "24")]


@pytest.mark.parametrize(
    ("when", "fields"),
    [
        ([date(2024, 2, 29)], [(580, "1"), (75, "20240229")]),
        (["20240228", "20240229"], [(580, "2"), (75, "20240228"), (75, "20240229")]),
        ([datetime(2024, 2, 29, 12, 0, 0, 5000)], [(580, "1"), (60, "20240229-12:00:00.005")]),
        (["20240229-12:00:00"], [(580, "1"), (60, "20240229-12:00:00")]),
    ],
)
def test_days_and_moments(when: list[str | date], fields: list[tuple[int, str]]) -> None:
    assert trades_fields("T", SNAPSHOT, when=when)[3:] == fields


def test_a_position() -> None:
    amounts = "707=CASH|708=-2900|707=TVAR|708=100.3|707=FMTM|708=-0.3|707=SMTM|708=0|"
    told = heard(
        "35=AP|710=P|325=Y|715=20240229|453=1|448=ALPHA|447=D|452=1|1=ACC|55=AAPL|15=USD|730=100|"
        "734=99|702=2|703=TOT|704=0|705=30|703=SOD|704=10|705=0|"
        f"753=6|{amounts}707=IMTM|708=7|707=CRES|708=-1.5|58=average_price=100.01 fees_USD=1.5|"
    )
    assert isinstance(told, PositionReport)
    assert (told.firm, told.account, told.symbol, told.unsolicited) == (
        *("ALPHA", "ACC", "AAPL"),
        True,
    )
    assert (told.qty, told.start_of_day_qty, told.average_price) == (-30, 10, D("100.01"))
    assert (told.settl_price, told.prior_settl_price) == (100, 99)
    assert (told.cash, told.realised, told.unrealised) == (-2900, D("100.3"), D("-0.3"))
    assert (told.day_pnl, told.fees) == (7, {"USD": D("1.5")})


def test_a_position_in_5_0() -> None:
    told = heard(
        "35=AP|710=P|325=N|727=2|715=20240229|55=AAPL|15=USD|730=1|734=1|702=2|703=NET|704=4|705=0|"
        "703=SOD|704=0|705=0|753=2|707=CRES|708=0.25|1055=EUR|707=CRES|708=-1|1055=USD|58=flat|",
        "FIXT.1.1",
    )
    assert isinstance(told, PositionReport)
    assert (told.qty, told.account, told.average_price, told.cash) == (4, None, None, None)
    assert told.fees == {"EUR": D("-0.25"), "USD": 1}
    assert told.total_num_pos_reports == 2


def test_an_account_that_has_none() -> None:
    body = "35=AP|710=P|715=20240229|1=[N/A]|55=A|15=USD|730=1|734=1|702=1|703=TOT|704=1|705=0|"
    told = heard(body)
    assert isinstance(told, PositionReport) and told.account is None
    with pytest.raises(UnreadableMessage):
        heard(body.replace("55=A|", ""))


def test_acknowledgements() -> None:
    told = heard("35=AO|721=1|710=P|727=3|728=0|729=0|")
    assert told == RequestForPositionsAck(
        raw=told.raw,
        pos_req_id="P",
        total_num_pos_reports=3,
        pos_req_result="0",
        is_refused=False,
    )
    refused = heard("35=AQ|568=T|569=1|749=99|750=2|58=why|")
    assert isinstance(refused, TradeCaptureReportRequestAck)
    assert (refused.is_refused, refused.text, refused.tot_num_trade_reports) == (True, "why", None)


def test_a_trade_of_two_sides() -> None:
    """As QuickFIX writes it: what has a greater tag comes after the group."""
    told = heard(
        "35=AE|31=100|32=5|55=AAPL|60=20240229-12:00:00.000|75=20240229|150=G|263=1|325=Y|487=2|"
        "552=2|54=1|1427=12|37=3|11=X|453=1|448=ALPHA|447=D|452=1|1=ACC|12=-0.5|13=3|479=USD|"
        "54=2|1427=13|37=4|11=Y|453=1|448=BETA|447=D|452=1|1444=2|"
        "568=T|571=9-1|572=9|828=0|856=0|880=9|",
        "FIXT.1.1",
    )
    assert isinstance(told, TradeCaptureReport)
    assert (told.trade_id, told.trade_report_id, told.trade_report_ref_id) == ("9", "9-1", "9")
    assert (told.trade_report_trans_type, told.unsolicited) == ("2", True)
    buyer, seller = told.sides
    assert buyer == TradeSide(
        side="buy",
        order_id="3",
        cl_ord_id="X",
        exec_id="12",
        firm="ALPHA",
        account="ACC",
        commission=D("-0.5"),
        comm_currency="USD",
    )
    assert (seller.side, seller.firm, seller.account, seller.last_liquidity_ind) == (
        *("sell", "BETA", None),
        "2",
    )


def test_the_side_of_a_trade_of_one_has_its_exec_id() -> None:
    told = heard(
        "35=AE|17=12|31=100|32=5|55=AAPL|60=20240229-12:00:00|75=20240229|150=F|487=0|552=1|54=1|"
        "37=3|568=T|571=9|880=9|912=Y|"
    )
    assert isinstance(told, TradeCaptureReport)
    assert (told.sides[0].exec_id, told.last_rpt_requested) == ("12", True)


def test_a_trade_of_nobody_tells_who_took() -> None:
    head = "35=AE|31=100|32=5|55=AAPL|60=20240229-12:00:00.000|75=20240229|150=F|325=Y|487=0|552=2|"
    tail = "568=T|571=9|828=0|856=0|880=9|"
    for begin, sides, side, is_auction in (
        ("FIX.4.4", "54=2|37=NONE|15=USD|58=aggressor|54=1|37=NONE|15=USD|", "sell", False),
        ("FIX.4.4", "54=1|37=NONE|15=USD|54=2|37=NONE|15=USD|", None, False),
        ("FIXT.1.1", "54=1|1444=2|37=NONE|54=2|1444=1|37=NONE|", "buy", False),
        ("FIXT.1.1", "54=1|1444=4|37=NONE|54=2|1444=4|37=NONE|", None, True),
    ):
        told = heard(head + sides + tail, begin)
        assert isinstance(told, TradeCaptureReport)
        assert (told.aggressor_side, told.is_auction) == (side, is_auction)
        assert {each.order_id for each in told.sides} == {"NONE"}
        assert {(each.firm, each.account, each.exec_id) for each in told.sides} == {(None,) * 3}


def test_a_drop_copy_is_of_nobody_s_own_order() -> None:
    body = "35=8|115=TRADER1|37=1|17=2|150=0|39=0|11=X|55=A|54=1|38=5|151=5|14=0|6=0|"
    copy = heard(body.replace("|37=1", "|116=ALPHA|37=1"))
    own = heard(body.replace("115=TRADER1|", ""))
    assert isinstance(copy, ExecutionReport)
    assert (copy.copy_of, copy.copy_firm) == ("TRADER1", "ALPHA")
    state = SessionState()
    state.apply(copy)
    assert list(state.orders) == []
    state.apply(own)
    assert [order.cl_ord_id for order in state.orders] == ["X"]
