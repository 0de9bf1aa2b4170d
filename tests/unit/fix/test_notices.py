"""Notices of instruments and markets, and operators' reports: what each version can say."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.fix.notices import every_notice, every_operator_report, news
from tests.unit.fix.stock import fault
from venue.fix.versions import FIX42, FIX44, FIX50SP2, VERSIONS, Version

EVERY_VERSION = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dictionaries")


@EVERY_VERSION
def test_every_answer_about_instruments_and_markets(version: Version, own: Path) -> None:
    texts = set(every_notice(version))
    assert len(texts) > 50
    for text in (*texts, news(version)):
        assert fault(text, version) is None
        assert fault(text, version, own) is None


@EVERY_VERSION
def test_an_operator_report_is_for_who_has_our_dictionary(version: Version, own: Path) -> None:
    for text in every_operator_report(version):
        assert fault(text, version, own) is None
        assert fault(text, version) is not None


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        (FIX42, {"security_trading_statuses": {}}),
        (FIX42, {"trading_session_sub_id": True}),
        (FIX42, {"security_status_text": True}),
        (FIX42, {"security_lists": True}),
        (FIX42, {"market_id": True}),
        (FIX44, {"security_trading_statuses": {}}),
        (FIX44, {"security_response_types": {}}),
        (FIX44, {"security_lists": False}),
        (FIX44, {"market_id": True}),
        (FIX50SP2, {"market_id": False}),
    ],
)
def test_what_a_version_does_not_have_of_notices(version: Version, changes: dict[str, Any]) -> None:
    broken = replace(version, **changes)
    assert any(fault(text, version) is not None for text in every_notice(broken))
