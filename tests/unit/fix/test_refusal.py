from tests.unit.fix.texts import assert_says
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    MarketDataReject,
    SessionReject,
    SessionRejectReason,
)
from venue.marketdata.requests import MDReqRejReason


def test_business_reject() -> None:
    reject = BusinessReject("7", "R", BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE, "why")
    assert_says(reject.encode("FIX.4.4"), "35=j|45=7|372=R|380=3|58=why|")


def test_business_reject_with_the_id_it_is_about() -> None:
    reject = BusinessReject("7", "V", BusinessRejectReason.UNKNOWN_ID, "why", "R")
    assert_says(reject.encode("FIX.4.4"), "35=j|45=7|372=V|379=R|380=1|58=why|")


def test_session_reject() -> None:
    reject = SessionReject("7", "D", "11", SessionRejectReason.INCORRECT_DATA_FORMAT, "why")
    assert_says(reject.encode("FIX.4.4"), "35=3|45=7|371=11|372=D|373=6|58=why|")


def test_market_data_reject() -> None:
    reject = MarketDataReject("R", MDReqRejReason.UNSUPPORTED_MARKET_DEPTH, "why")
    assert_says(reject.encode("FIX.4.4"), "35=Y|262=R|281=5|58=why|")


def test_market_data_reject_codes() -> None:
    assert [reason.value for reason in MDReqRejReason] == list("012345678")
