"""What the venue writes itself is what QuickFIX would have written."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import quickfix

from tests.unit.fix.stock import dictionary
from venue.bench.flows import SPEC
from venue.core.instrument import Instrument
from venue.core.types import Side, TradingPhase
from venue.fix.market_data_entries import encode_body
from venue.fix.versions import VERSIONS, Version
from venue.gateway.framing import Framing, addressee
from venue.marketdata.entries import (
    BookUpdate,
    Entry,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    TradeEntry,
)
from venue.marketdata.requests import MDEntryType

TIME = "20261121-08:00:00.123"
NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE
ENTRIES: list[Entry] = [
    BookUpdate(DELETE, Side.BUY, 9_999, 0),
    BookUpdate(NEW, Side.SELL, 10_001, 7, 12),
    BookUpdate(CHANGE, Side.BUY, 9_998, 300),
    TradeEntry(10_000, 5, 3, Side.SELL, 1_795_000_000_123_000_000),
    TradeEntry(10_000, 5, 4, None, 1_795_000_000_123_000_000, TradingPhase.OPENING_AUCTION),
    FigureUpdate(CHANGE, MDEntryType.VWAP, Fraction(100_001, 10), None),
    FigureUpdate(NEW, MDEntryType.IMBALANCE, None, -40),
]
INSTRUMENT = Instrument(SPEC)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("dictionaries")
    return {name: dictionary(name, directory) for name in VERSIONS}


def publication(entries: list[Entry], snapshot: bool = False) -> Publication:
    return Publication("AAPL", snapshot, entries, 9, False, [])


def framed(version: Version, msg_type: str, body: str, number: int, md_req_id: str) -> bytes:
    framing = Framing(version.begin_string, msg_type, "VENUE", TIME, body)
    return framing.message(number, addressee("MD1", md_req_id))


def by_quickfix(version: Version, text: str, number: int, groups: dict[str, Any]) -> bytes:
    message = quickfix.Message(text, groups[version.name], False)
    header = message.getHeader()
    for tag, value in ((34, str(number)), (49, "VENUE"), (52, TIME), (56, "MD1")):
        header.setField(quickfix.StringField(tag, value))
    rendered: str = message.toString()
    return rendered.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("entry", ENTRIES, ids=repr)
def test_an_increment_byte_by_byte(version: Version, entry: Entry, groups: dict[str, Any]) -> None:
    for entries in ([entry], [entry, *ENTRIES]):
        body = encode_body(publication(entries), INSTRUMENT, TIME, version)
        for number in (1, 99, 1_234_567):
            text = f"8={version.begin_string}\x019=0\x0135=X\x01262=R1\x01{body}10=0\x01"
            expected = by_quickfix(version, text, number, groups)
            assert framed(version, "X", body, number, "R1") == expected


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_snapshot(version: Version, groups: dict[str, Any]) -> None:
    """Fields before the groups stand in another order, which means nothing."""
    body = encode_body(publication(ENTRIES, snapshot=True), INSTRUMENT, TIME, version)
    text = f"8={version.begin_string}\x019=0\x0135=W\x01262=R1\x01{body}10=0\x01"
    expected = by_quickfix(version, text, 7, groups)
    found = framed(version, "W", body, 7, "R1")
    assert sorted(found.split(b"\x01")) == sorted(expected.split(b"\x01"))
    in_groups = found.partition(b"\x01268=")[2][:-7]
    assert expected.partition(b"\x01268=")[2].startswith(in_groups)
    assert found[-7:] == b"10=%03d\x01" % (sum(found[:-7]) % 256)


@pytest.mark.parametrize("md_req_id", ["R", "x" * 64, "a-b_c.d", "\udcff\xe4"])
@pytest.mark.parametrize("number", [1, 9, 10, 99_999, 100_000, 999_999_999])
def test_length_and_sum(md_req_id: str, number: int) -> None:
    body = f"268=1\x01269=0\x01270={'1' * number.bit_length()}\x01"
    message = framed(VERSIONS["FIX.4.4"], "W", body, number, md_req_id)
    head, length, rest = message.split(b"\x01", 2)
    assert head == b"8=FIX.4.4"
    assert length == b"9=%d" % (len(rest) - 7)
    assert message[-7:] == b"10=%03d\x01" % (sum(message[:-7]) % 256)
    assert f"\x0134={number}\x01".encode() in message


def test_a_long_body(tmp_path: Path) -> None:
    body = "268=1\x01" + "\x7f" * 100_000
    message = framed(VERSIONS["FIX.5.0SP2"], "X", body, 5, "R")
    assert message[-7:] == b"10=%03d\x01" % (sum(message[:-7]) % 256)
