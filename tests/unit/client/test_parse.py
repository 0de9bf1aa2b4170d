from decimal import Decimal

import pytest

from venue.client.codes import ExecType
from venue.client.errors import UnreadableMessage
from venue.client.events import (
    BusinessReject,
    ExecutionReport,
    LoggedOut,
    MarketDataIncrement,
    MarketDataReject,
    MarketDataSnapshot,
    MassCancelReport,
    News,
    OperatorReport,
    OrderCancelReject,
    OtherMessage,
    SessionReject,
    VenueFirm,
    VenueLimits,
)
from venue.client.parse import parse_event


def message(body: str) -> str:
    return f"8=FIX.4.4|9=0|{body}|10=000|".replace("|", "\x01")


FILL = (
    "35=8|37=O1|17=E7|150=F|39=1|11=B|41=A|55=AAPL|54=1|38=10|40=2|44=190.25|59=0"
    "|32=4|31=190.20|151=6|14=4|6=190.20|527=T3|851=2|60=20260101-10:00:00.000|58=why"
)


def test_an_execution_report_has_every_field_typed() -> None:
    report = parse_event(message(FILL))
    assert isinstance(report, ExecutionReport)
    assert (report.order_id, report.exec_id, report.exec_type) == ("O1", "E7", "F")
    assert (report.ord_status, report.cl_ord_id, report.orig_cl_ord_id) == ("1", "B", "A")
    assert (report.symbol, report.side, report.ord_type) == ("AAPL", "1", "2")
    assert (report.order_qty, report.price) == (Decimal(10), Decimal("190.25"))
    assert (report.last_qty, report.last_px) == (Decimal(4), Decimal("190.20"))
    assert (report.leaves_qty, report.cum_qty) == (Decimal(6), Decimal(4))
    assert (report.avg_px, report.time_in_force) == (Decimal("190.20"), "0")
    assert (report.trade_id, report.last_liquidity_ind, report.text) == ("T3", "2", "why")
    assert report.is_trade


def test_what_a_fill_costs() -> None:
    cost = "|12=-0.35|13=3|479=USD|136=1|137=-0.35|138=USD|139=4"
    report = parse_event(message(FILL + cost))
    assert isinstance(report, ExecutionReport)
    assert (report.commission, report.comm_currency) == (Decimal("-0.35"), "USD")
    without = parse_event(message(FILL))
    assert isinstance(without, ExecutionReport)
    assert without.commission is without.comm_currency is None


def test_absent_fields_are_none() -> None:
    text = message("35=8|37=O1|17=E1|150=0|39=0|11=A|55=X|54=2|151=1|14=0|6=0")
    report = parse_event(text)
    assert isinstance(report, ExecutionReport)
    assert report.price is None
    assert report.last_px is None
    assert report.text is None
    assert not report.is_trade


STATE = "37=O1|17=E1|39=0|11=A|55=X|54=2|38=5|44=9|151=5|14=0|6=0"


@pytest.mark.parametrize(
    ("begin_string", "fields", "exec_type"),
    [
        ("FIX.4.2", "20=0|150=0", ExecType.NEW),
        ("FIX.4.2", "20=0|150=1", ExecType.TRADE),
        ("FIX.4.2", "20=0|150=2", ExecType.TRADE),
        ("FIX.4.2", "20=3|150=0", ExecType.ORDER_STATUS),
        ("FIX.4.2", "20=3|150=2", ExecType.ORDER_STATUS),
        ("FIX.4.2", "20=1|150=1", ExecType.TRADE_CANCEL),
        ("FIX.4.2", "20=2|150=2", ExecType.TRADE_CORRECT),
        ("FIX.4.2", "20=9|150=4", ExecType.CANCELED),
        ("FIX.4.4", "150=H", ExecType.TRADE_CANCEL),
        ("FIX.4.2", "20=0|150=D|378=4", ExecType.TRIGGERED),
        ("FIX.4.2", "20=0|150=D|378=5", ExecType.RESTATED),
        ("FIX.4.2", "20=0|150=4|378=4", ExecType.CANCELED),
        ("FIX.4.2", "20=0|150=C", ExecType.EXPIRED),
        ("FIX.4.4", "150=F", ExecType.TRADE),
        ("FIX.4.4", "150=I", ExecType.ORDER_STATUS),
        ("FIX.4.4", "150=D|378=8|636=Y", ExecType.TRIGGERED),
        ("FIX.4.4", "150=D|378=8", ExecType.RESTATED),
        ("FIX.4.4", "150=D|378=4", ExecType.RESTATED),
        ("FIX.4.4", "150=D|378=1|636=Y", ExecType.RESTATED),
        ("FIXT.1.1", "150=L|636=Y", ExecType.TRIGGERED),
        ("FIXT.1.1", "150=D|378=8|636=Y", ExecType.RESTATED),
        ("FIXT.1.1", "150=D|378=4", ExecType.RESTATED),
    ],
)
def test_what_happened_is_the_same_in_every_version(
    begin_string: str, fields: str, exec_type: ExecType
) -> None:
    report = parse_event(message(f"35=8|{STATE}|{fields}").replace("FIX.4.4", begin_string))
    assert isinstance(report, ExecutionReport)
    assert report.exec_type == exec_type
    assert report.is_trade is (exec_type is ExecType.TRADE)


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("99=95.5", "stop_px", Decimal("95.5")),
        ("1100=4|1102=95.5", "stop_px", Decimal("95.5")),
        ("432=20261201", "expire", "20261201"),
        ("126=20261201-10:00:00", "expire", "20261201-10:00:00"),
        ("111=4", "display_qty", Decimal(4)),
        ("1138=4", "display_qty", Decimal(4)),
        ("636=N", "working", False),
        ("636=Y", "working", True),
        ("880=T", "trade_id", "T"),
        ("19=R", "exec_ref_id", "R"),
        ("527=T", "trade_id", "T"),
        ("790=S", "ord_status_req_id", "S"),
        ("584=M", "mass_status_req_id", "M"),
        ("911=3", "tot_num_reports", 3),
        ("912=Y", "last_rpt_requested", True),
        ("912=N", "last_rpt_requested", False),
    ],
)
def test_qualifiers_of_a_report(fields: str, name: str, value: object) -> None:
    report = parse_event(message(f"35=8|150=0|{STATE}|{fields}"))
    assert getattr(report, name) == value


def test_a_mass_status_that_found_nothing_names_no_symbol() -> None:
    body = "35=8|37=NONE|17=0|150=I|39=8|11=NONE|54=7|151=0|14=0|584=M|911=0|912=Y|103=5"
    report = parse_event(message(body))
    assert isinstance(report, ExecutionReport)
    assert (report.symbol, report.tot_num_reports, report.last_rpt_requested) == ("", 0, True)


def test_fix42_gives_the_trade_id_as_text() -> None:
    fill = message(f"35=8|20=0|150=2|{STATE}|31=9|32=5|58=trade 77").replace("FIX.4.4", "FIX.4.2")
    report = parse_event(fill)
    assert isinstance(report, ExecutionReport)
    assert (report.trade_id, report.text) == ("77", None)
    report = parse_event(fill.replace("trade 77", "trade 77 is busted"))
    assert isinstance(report, ExecutionReport)
    assert (report.trade_id, report.text) == ("77", "trade 77 is busted")
    report = parse_event(fill.replace("58=trade 77", "58=why"))
    assert isinstance(report, ExecutionReport)
    assert (report.trade_id, report.text) == (None, "why")


def test_mass_cancel_reports() -> None:
    report = parse_event(message("35=r|37=O9|11=Q|530=1|531=1|533=3|55=X|54=2"))
    assert isinstance(report, MassCancelReport)
    assert (report.cl_ord_id, report.order_id, report.symbol, report.side) == ("Q", "O9", "X", "2")
    assert (report.mass_cancel_request_type, report.total_affected_orders) == ("1", 3)
    assert not report.is_refused
    refused = parse_event(message("35=r|37=O9|11=Q|530=1|531=0|532=1|58=why"))
    assert isinstance(refused, MassCancelReport)
    assert (refused.mass_cancel_reject_reason, refused.text) == ("1", "why")
    assert refused.is_refused


def test_any_field_can_be_read_and_the_text_is_kept() -> None:
    report = parse_event(message(FILL))
    assert report.field(851) == "2"
    assert report.field(9999) is None
    assert str(report).startswith("8=FIX.4.4|9=0|35=8|37=O1|")
    assert "\x01" in report.raw


def test_rejects_of_all_four_kinds() -> None:
    refused = parse_event(message("35=9|11=B|41=A|37=NONE|39=8|434=1|102=1|58=no such"))
    assert isinstance(refused, OrderCancelReject)
    assert (refused.cl_ord_id, refused.cxl_rej_reason, refused.text) == ("B", "1", "no such")
    business = parse_event(message("35=j|45=7|372=R|379=Q1|380=3|58=what"))
    assert isinstance(business, BusinessReject)
    assert (business.ref_seq_num, business.business_reject_reason) == (7, "3")
    assert business.business_reject_ref_id == "Q1"
    session = parse_event(message("35=3|45=7|371=44|372=D|373=6|58=bad"))
    assert isinstance(session, SessionReject)
    assert (session.ref_tag_id, session.session_reject_reason) == (44, "6")
    market_data = parse_event(message("35=Y|262=M1|281=0|58=who"))
    assert isinstance(market_data, MarketDataReject)
    assert (market_data.md_req_id, market_data.md_req_rej_reason) == ("M1", "0")


def test_a_logout_carries_its_text() -> None:
    assert parse_event(message("35=5|58=bye")) == LoggedOut(raw=message("35=5|58=bye"), text="bye")


def test_a_snapshot_gives_its_symbol_to_every_entry() -> None:
    snapshot = parse_event(message("35=W|262=M|55=AAPL|268=2|269=0|270=1|271=5|269=2|270=2|271=3"))
    assert isinstance(snapshot, MarketDataSnapshot)
    assert [
        (e.md_entry_type, e.symbol, e.md_entry_px, e.md_entry_size) for e in snapshot.entries
    ] == [
        ("0", "AAPL", Decimal(1), Decimal(5)),
        ("2", "AAPL", Decimal(2), Decimal(3)),
    ]


def test_an_increment_may_leave_out_a_symbol_that_stays() -> None:
    entries = "279=0|269=0|55=A|270=1|271=5|279=2|269=1|270=2|279=1|269=0|55=B|270=3|271=1"
    increment = parse_event(message(f"35=X|262=M|268=3|{entries}"))
    assert isinstance(increment, MarketDataIncrement)
    assert [(e.symbol, e.md_update_action) for e in increment.entries] == [
        ("A", "0"),
        ("A", "2"),
        ("B", "1"),
    ]


def test_an_unknown_message_is_kept_as_it_is() -> None:
    other = parse_event(message("35=b|297=2"))
    assert isinstance(other, OtherMessage)
    assert (other.msg_type, other.field(297)) == ("b", "2")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("35=8|11=A", "no tag 37"),
        ("35=X|268=1|279=0|269=0|270=1|271=1", "no tag 55"),
        (FILL.replace("151=6", "151=six"), "a number is malformed"),
    ],
)
def test_what_can_not_be_read_is_said(body: str, problem: str) -> None:
    with pytest.raises(UnreadableMessage, match=problem):
        parse_event(message(body))


def test_bytes_that_are_no_text_do_not_stop_the_reader() -> None:
    report = parse_event(message(FILL).replace("why", "\udcff\udcfe"))
    assert isinstance(report, ExecutionReport)
    str(report).encode()


@pytest.mark.parametrize(
    ("entry", "side", "condition"),
    [
        ("269=2|270=1|271=5|58=aggressor buy", "1", None),
        ("269=2|270=1|271=5|58=trade 17, aggressor sell", "2", None),
        ("269=2|270=1|271=5|2446=2", "2", None),
        ("269=2|270=1|271=5|277=E|58=opening auction", None, "E"),
    ],
)
def test_who_took_in_a_trade(entry: str, side: str | None, condition: str | None) -> None:
    event = parse_event(message(f"35=X|262=M|268=1|279=0|{entry}|55=AAPL"))
    assert isinstance(event, MarketDataIncrement)
    assert (event.entries[0].aggressor_side, event.entries[0].trade_condition) == (side, condition)


@pytest.mark.parametrize(
    ("numbers", "each"), [("9082=5|9083=6|", ("", "")), ("", ("|83=5", "|83=6"))]
)
def test_numbers_of_entries(numbers: str, each: tuple[str, str]) -> None:
    entries = "|".join(f"279=0|269=0|55=A|270=1|271=2{number}" for number in each)
    event = parse_event(message(f"35=X|262=M|{numbers}268=2|{entries}"))
    assert isinstance(event, MarketDataIncrement)
    assert [entry.rpt_seq for entry in event.entries] == [5, 6]
    text = f"35=W|262=M|55=A|{numbers.partition('|')[2]}268=1|269=0|270=1|271=2{each[1]}"
    event = parse_event(message(text))
    assert isinstance(event, MarketDataSnapshot) and event.rpt_seq == 6


@pytest.mark.parametrize(("result", "accepted"), [("0", True), ("1", False)])
def test_an_operator_report(result: str, accepted: bool) -> None:
    body = f"35=U2|9201=R|9202=halt|9203={result}|55=AAPL|60=20260101-10:00:00.000|58=why"
    report = parse_event(message(body))
    assert isinstance(report, OperatorReport)
    assert (report.operator_req_id, report.action, report.accepted) == ("R", "halt", accepted)
    assert (report.symbol, report.text) == ("AAPL", "why")


def test_what_an_operator_report_lists() -> None:
    columns = "9251=A%20B C D|9252=trading killed trading|9253=() () X,Y%2C1|"
    columns += "9261=* A%2A|9262=* X%201|9263=AAPL *|9264=max_order_qty=5 a=1,b=2%203"
    report = parse_event(message(f"35=U2|9201=R|9202=x|9203=0|60=T|58=why|{columns}"))
    assert isinstance(report, OperatorReport)
    assert (report.sessions, report.firms) == (
        (),
        (
            VenueFirm(name="A B", is_killed=False, killed_accounts=()),
            VenueFirm(name="C", is_killed=True, killed_accounts=()),
            VenueFirm(name="D", is_killed=False, killed_accounts=("X", "Y,1")),
        ),
    )
    assert report.limits == (
        VenueLimits(firm=None, account=None, symbol="AAPL", limits={"max_order_qty": "5"}),
        VenueLimits(firm="A*", account="X 1", symbol=None, limits={"a": "1", "b": "2 3"}),
    )


def test_news() -> None:
    news = parse_event(message("35=B|148=a headline|33=1|58=a text"))
    assert isinstance(news, News)
    assert (news.headline, news.text) == ("a headline", "a text")
