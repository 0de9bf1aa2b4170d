import pytest

from tests.unit.fix.texts import assert_says
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    MarketDataReject,
    SessionReject,
    SessionRejectReason,
)
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version
from venue.marketdata.requests import MDReqRejReason


def test_business_reject() -> None:
    reject = BusinessReject("7", "R", BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE, "why")
    assert_says(reject.encode(FIX44), "35=j|45=7|372=R|380=3|58=why|")


def test_business_reject_with_the_id_it_is_about() -> None:
    reject = BusinessReject("7", "V", BusinessRejectReason.UNKNOWN_ID, "why", "R")
    assert_says(reject.encode(FIX44), "35=j|45=7|372=V|379=R|380=1|58=why|")


def test_session_reject() -> None:
    reject = SessionReject("7", "D", "11", SessionRejectReason.INCORRECT_DATA_FORMAT, "why")
    assert_says(reject.encode(FIX44), "35=3|45=7|371=11|372=D|373=6|58=why|")


def test_market_data_reject() -> None:
    reject = MarketDataReject("R", MDReqRejReason.UNSUPPORTED_MARKET_DEPTH, "why")
    assert_says(reject.encode(FIX44), "35=Y|262=R|281=5|58=why|")


def test_market_data_reject_codes() -> None:
    assert [reason.value for reason in MDReqRejReason] == list("012345678")


@pytest.mark.parametrize(("version", "code"), [(FIX42, "0"), (FIX44, "6"), (FIX50SP2, "6")])
def test_not_authorized_is_other_in_4_2(version: Version, code: str) -> None:
    reject = BusinessReject("7", "D", BusinessRejectReason.NOT_AUTHORIZED, "why")
    text = reject.encode(version)
    assert text.startswith(f"8={version.begin_string}\x01")
    assert f"\x01380={code}\x01" in text
