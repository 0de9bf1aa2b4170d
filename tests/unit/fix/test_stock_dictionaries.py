"""What the venue sends is valid by the stock dictionary of each version, and by its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.fix.events import details_of, event, every_event, leaves
from tests.unit.fix.publications import NEW, every_publication, publication
from tests.unit.fix.reports import every_back_office_answer
from tests.unit.fix.stock import dictionary, fault, unknown_codes
from tests.unit.fix.texts import INSTRUMENTS, TIME
from venue.core import events as e
from venue.core.qualifiers import Qualifiers
from venue.core.types import CxlRejReason, ExecRestatementReason, OrdRejReason, OrdType
from venue.fix.dictionary import FILES
from venue.fix.drop_copy import as_copy
from venue.fix.market_data_entries import encode_publication
from venue.fix.outbound import ENCODERS, encode
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    MarketDataReject,
    SessionReject,
    SessionRejectReason,
)
from venue.fix.versions import FIX42, FIX44, FIX50SP2, VERSIONS, Version
from venue.marketdata.entries import FigureUpdate
from venue.marketdata.requests import MDEntryType, MDReqRejReason

EVERY_VERSION = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
MASS = {e.MassCancelReported, e.NoOrdersReported}
"""Answers to requests that FIX 4.2 does not have."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dictionaries")


def assert_valid(text: str, version: Version, own: Path) -> None:
    assert fault(text, version) is None
    assert fault(text, version, own) is None


def invalid(events: Iterator[Any], version: Version) -> list[str]:
    texts = {encode(each, INSTRUMENTS, TIME, version) for each in events}
    return [why for text in texts if (why := fault(text, version)) is not None]


NEWS = {
    e.DayEnded,
    e.InstrumentDefined,
    e.InstrumentDelisted,
    e.MarketPhaseEntered,
    e.PhaseEntered,
    e.AuctionHeld,
    e.TradeChanged,
}
"""What no session alone is told of."""


def test_every_event_has_an_encoder() -> None:
    assert set(leaves()) - set(ENCODERS) == NEWS


@EVERY_VERSION
@pytest.mark.parametrize("kind", ENCODERS, ids=lambda kind: kind.__name__)
def test_every_event_in_every_shape(kind: type[e.Event], version: Version) -> None:
    if kind in MASS and not version.mass_requests:
        pytest.skip("has no such request")
    assert invalid(every_event(kind), version) == []


@EVERY_VERSION
def test_the_own_dictionary_takes_what_the_stock_one_takes(version: Version, own: Path) -> None:
    for kind in ENCODERS:
        if kind not in MASS or version.mass_requests:
            assert_valid(encode(event(kind), INSTRUMENTS, TIME, version), version, own)


@pytest.mark.parametrize(
    ("version", "changes", "wrong"),
    [
        (FIX42, {"exec_trans_type": False}, event(e.OrderAccepted)),
        (FIX42, {"trade_id": "527="}, event(e.OrderFilled)),
        (FIX42, {"trade_id": "880="}, event(e.OrderFilled)),
        (FIX42, {"last_liquidity_inds": frozenset("12")}, event(e.OrderFilled)),
        (FIX42, {"ord_types": FIX44.ord_types}, event(e.OrderAccepted, ord_type=OrdType("K"))),
        (FIX42, {"symbol_required": False}, event(e.OrderRejected, symbol="")),
        (FIX42, {"ord_rej_reasons": {}}, event(e.OrderRejected)),
        (FIX42, {"cxl_rej_reasons": {}}, event(e.CancelRejected)),
        (FIX44, {"triggered": "150=L\x01"}, event(e.OrderTriggered)),
        (FIX44, {"trade_id": "880="}, event(e.OrderFilled)),
        (
            FIX44,
            {"ord_rej_reasons": {}},
            event(e.OrderRejected, reason=OrdRejReason.PRICE_EXCEEDS_BAND),
        ),
        (
            FIX44,
            {"cxl_rej_reasons": {}},
            event(e.CancelRejected, reason=CxlRejReason.PRICE_EXCEEDS_BAND),
        ),
        (
            FIX44,
            {"exec_restatement_reasons": {}},
            event(e.OrderCanceled, reason=ExecRestatementReason.LOGOUT),
        ),
        (
            FIX44,
            {"display_instruction": True},
            event(e.OrderAccepted, details=details_of(Qualifiers(display_qty=2, refresh_qty=2))),
        ),
        (FIX50SP2, {"trade_id": "1003="}, event(e.OrderFilled)),
        (FIX50SP2, {"mass_action_report_id": False}, event(e.MassCancelReported)),
        (FIX50SP2, {"exec_trans_type": True}, event(e.OrderAccepted)),
    ],
)
def test_what_a_version_does_not_have_is_found(
    version: Version, changes: dict[str, Any], wrong: Any
) -> None:
    assert fault(encode(wrong, INSTRUMENTS, TIME, version), version) is None
    broken = replace(version, **changes)
    assert fault(encode(wrong, INSTRUMENTS, TIME, broken), version) is not None


@EVERY_VERSION
def test_codes_that_only_a_client_can_say_are_not_repeated(version: Version) -> None:
    """A venue that takes any value of a field must not send it back."""
    for changes in ({"ord_type": "~"}, {"time_in_force": "~"}, {"ord_type": "LIT"}):
        assert invalid(iter([event(e.OrderRejected, **changes)]), version) == []


@EVERY_VERSION
def test_every_refusal(version: Version, own: Path) -> None:
    for business in BusinessRejectReason:
        for ref_id in (None, "R"):
            text = BusinessReject("7", "D", business, "why", ref_id).encode(version)
            assert_valid(text, version, own)
    for session in SessionRejectReason:
        text = SessionReject("7", "D", "11", session, "why").encode(version)
        if session is not SessionRejectReason.INVALID_APPLICATION_VERSION or version.appl_ver_id:
            assert_valid(text, version, own)
    for market_data in MDReqRejReason:
        assert_valid(MarketDataReject("R", market_data, "why").encode(version), version, own)


@EVERY_VERSION
def test_market_data(version: Version, own: Path) -> None:
    for each in every_publication(version):
        text = encode_publication(each, INSTRUMENTS["AAPL"], TIME, version, "R")
        assert_valid(text, version, own)
        assert unknown_codes(text, version) == []


@EVERY_VERSION
@pytest.mark.parametrize("kind", [e.OrderEvent, e.OrderRejected], ids=lambda kind: kind.__name__)
def test_drop_copies(kind: type[e.Event], version: Version, own: Path) -> None:
    for each in ENCODERS:
        if issubclass(each, kind):
            report = encode(event(each), INSTRUMENTS, TIME, version)
            for firm in ("", "NORTH"):
                assert_valid(as_copy(report, version, "TRADER1", firm), version, own)


@EVERY_VERSION
def test_positions_and_trades(version: Version, own: Path) -> None:
    texts = list(every_back_office_answer(version))
    assert bool(texts) is version.back_office
    for text in texts:
        assert fault(text, version) is None
        assert unknown_codes(text, version) == []
    for text in texts[::50]:
        assert_valid(text, version, own)


@EVERY_VERSION
def test_numbers_of_entries_only_who_asks_can_read(version: Version) -> None:
    numbered = publication(False, numbered=True)
    text = encode_publication(numbered, INSTRUMENTS["AAPL"], TIME, version, "R")
    assert fault(text, version) is not None


@pytest.mark.parametrize(
    ("version", "lacks"),
    [(FIX42, MDEntryType.TRADE_VOLUME), (FIX42, MDEntryType.IMBALANCE)]
    + [(version, MDEntryType.AUCTION_CLEARING_PRICE) for version in (FIX42, FIX44)],
)
def test_entry_types_that_a_version_does_not_have(version: Version, lacks: MDEntryType) -> None:
    """Which is why a request for them is refused."""
    assert lacks not in version.md_entry_types
    told = publication(False, FigureUpdate(NEW, lacks, 100, 5))
    text = encode_publication(told, INSTRUMENTS["AAPL"], TIME, version, "R")
    assert unknown_codes(text, version)[0] == f"269={lacks}"


@pytest.mark.parametrize("name", FILES)
def test_the_own_dictionaries_are_for_quickfix_to_read(name: str, own: Path) -> None:
    stock, mine = dictionary(name), dictionary(name, own)
    assert mine.getVersion() == stock.getVersion()
