from msgspec.structs import replace

from venue.core.types import Liquidity, OrdStatus, OrdType, Side, TimeInForce
from venue.fix.versions import FIX42, FIX44, FIX50SP2, VERSIONS, ExecType


def test_versions_by_their_names() -> None:
    assert VERSIONS == {"FIX.4.2": FIX42, "FIX.4.4": FIX44, "FIX.5.0SP2": FIX50SP2}
    assert [version.begin_string for version in VERSIONS.values()] == [
        "FIX.4.2",
        "FIX.4.4",
        "FIXT.1.1",
    ]
    assert [version.appl_ver_id for version in VERSIONS.values()] == ["", "", "9"]


def test_how_a_report_begins() -> None:
    assert FIX44.heads[ExecType.TRADE][OrdStatus.FILLED] == (
        "8=FIX.4.4\x019=0\x0135=8\x01150=F\x0139=2\x01"
    )
    assert FIX50SP2.heads[ExecType.TRIGGERED][OrdStatus.NEW] == (
        "8=FIXT.1.1\x019=0\x0135=8\x01150=L\x0139=0\x01"
    )


def test_exec_trans_type_of_4_2() -> None:
    def head(exec_type: ExecType, status: OrdStatus) -> str:
        return FIX42.heads[exec_type][status].partition("\x0135=8\x01")[2]

    assert head(ExecType.NEW, OrdStatus.NEW) == "20=0\x01150=0\x0139=0\x01"
    assert head(ExecType.TRADE, OrdStatus.PARTIALLY_FILLED) == "20=0\x01150=1\x0139=1\x01"
    assert head(ExecType.TRADE, OrdStatus.FILLED) == "20=0\x01150=2\x0139=2\x01"
    assert head(ExecType.ORDER_STATUS, OrdStatus.CANCELED) == "20=3\x01150=4\x0139=4\x01"
    assert head(ExecType.TRIGGERED, OrdStatus.NEW) == "20=0\x01150=D\x01378=4\x0139=0\x01"


def test_what_a_version_has_no_word_for_is_left_out() -> None:
    touched = Side.SELL, OrdType.MARKET_IF_TOUCHED, TimeInForce.AT_THE_CLOSE
    assert FIX42.terms[touched] == "54=2\x01"
    assert FIX44.terms[touched] == "54=2\x0140=J\x0159=7\x01"
    assert FIX42.liquidity[Liquidity.ADDED] == ""
    assert FIX44.liquidity[Liquidity.ADDED] == "851=1\x01"


def test_limit_if_touched_is_a_limit_order() -> None:
    for version in VERSIONS.values():
        terms = version.terms[Side.BUY, OrdType.LIMIT_IF_TOUCHED, TimeInForce.DAY]
        assert terms == "54=1\x0140=2\x0159=0\x01"


def test_where_the_trade_id_stands() -> None:
    said = [version.trade_id for version in VERSIONS.values()]
    assert said == ["58=trade ", "527=", "880="]


def test_a_changed_copy_leaves_the_version_as_it_was() -> None:
    copy = replace(FIX44, triggered="150=L\x01")
    assert copy.heads[ExecType.TRIGGERED] != FIX44.heads[ExecType.TRIGGERED]
    assert "150=D" in FIX44.heads[ExecType.TRIGGERED][OrdStatus.NEW]
