"""The codes themselves are tested where they are used, in test_outbound."""

from venue.fix.versions import FIX44, VERSIONS


def test_versions_by_their_begin_string() -> None:
    assert VERSIONS["FIX.4.4"] is FIX44
    for begin_string, version in VERSIONS.items():
        assert version.begin_string == begin_string
        assert version.report_head == f"8={begin_string}\x019=0\x0135=8\x01"


def test_fix44_has_the_trade_id_in_secondary_exec_id() -> None:
    assert FIX44.trade_id_tag == "527"
