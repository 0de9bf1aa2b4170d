"""fixspec/RULES.md, the dictionaries and the code say the same: of every message, in and out, which
fields it has, which it needs, which mean something, and which codes are sent.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from tests.rules import Row, codes, fields, messages
from tests.unit.fix.events import every_event
from tests.unit.fix.notices import every_notice, every_operator_report, news
from tests.unit.fix.publications import every_publication
from tests.unit.fix.reports import every_back_office_answer
from tests.unit.fix.texts import INSTRUMENTS, TIME, TRADER, message
from venue.core import commands as c
from venue.core import types
from venue.fix.inbound import INQUIRIES, TAKEN, parse
from venue.fix.market_data_entries import encode_publication
from venue.fix.message import parse_pairs
from venue.fix.outbound import ENCODERS, encode
from venue.fix.party import Party
from venue.fix.phases import SecurityTradingStatus
from venue.fix.positions import PositionReject, PosReqResult
from venue.fix.reference import (
    SecurityDefinitionReject,
    SecurityListReject,
    SecurityRequestResult,
    SecurityResponseType,
)
from venue.fix.refusal import (
    BusinessReject,
    BusinessRejectReason,
    MarketDataReject,
    SessionReject,
    SessionRejectReason,
)
from venue.fix.trade_capture import TradeReject, TradeRequestResult
from venue.fix.versions import FIX44, FIX50SP2, VERSIONS, Version
from venue.marketdata.requests import MDReqRejReason

IN, OUT = messages("In"), messages("Out")
ALIASES = {"LastShares": "LastQty", "PegDifference": "PegOffsetValue"}
"""What a field was called in FIX.4.2, and is called since."""
FRAME = {"8", "9", "10", "35"}
REFUSALS = (
    c.RefuseOrder,
    c.RefuseCancel,
    c.RefuseMassCancel,
    BusinessReject,
    SessionReject,
    MarketDataReject,
    SecurityListReject,
    SecurityDefinitionReject,
    PositionReject,
    TradeReject,
)
NOTICES = {"y", "d", "f", "h"}
BACK_OFFICE = {"AO", "AP", "AQ", "AE"}
OWN = {"U1", "U2"}
"""Messages that no stock dictionary has."""
_ORDER = {"11": "X", "38": "500", "40": "2", "44": "100", "54": "1", "55": "AAPL", "60": TIME}
_ORDERS: tuple[dict[str, str | None], ...] = (
    {},
    {"59": "1"},
    {"59": "4", "18": "G"},
    {"40": "3", "44": None, "99": "101"},
    {"40": "K", "44": None},
    {"59": "6", "432": "20300101"},
    {"59": "6", "126": "20300101-12:00:00"},
    {"1138": "50", "1088": "60"},
    {"1100": "4", "1102": "99", "1109": "D"},
    {"2362": "S", "2964": "2"},
)
SAMPLES: dict[str, list[dict[str, str | None]]] = {
    "D": [_ORDER | each for each in _ORDERS],
    "G": [_ORDER | each | {"41": "W"} for each in _ORDERS],
    "F": [{"11": "Y", "41": "X", "54": "1", "55": "AAPL", "60": TIME}],
    "H": [{"11": "X", "54": "1", "55": "AAPL"}],
    "q": [{"11": "Y", "530": "7", "60": TIME}, {"11": "Y", "530": "1", "55": "AAPL", "60": TIME}],
    "AF": [{"584": "M", "585": "7"}, {"584": "M", "585": "1", "55": "AAPL"}],
    "V": [
        {"262": "R", "263": "1", "264": "0", "265": "1", "269": "0", "55": "AAPL"},
        {"262": "R", "263": "0", "264": "0", "269": "0", "55": "AAPL"},
    ],
    "x": [
        {"320": "R", "559": "4", "263": "1"},
        {"320": "R", "559": "0", "55": "AAPL"},
        {"320": "R", "559": "1", "167": "CS"},
        {"320": "R", "559": "3", "336": "MAIN"},
    ],
    "c": [{"320": "R", "321": "0", "55": "AAPL", "263": "1"}, {"320": "R", "321": "3"}],
    "e": [{"324": "R", "55": "AAPL", "263": "1"}],
    "g": [{"335": "R", "263": "1"}, {"335": "R", "263": "1", "336": "MAIN"}],
    "AN": [{"710": "R", "724": "0", "60": TIME, "448": "NORTH", "452": "1"}],
    "AD": [
        {"568": "R", "569": "0", "448": "NORTH", "452": "1"},
        {"568": "R", "569": "1", "263": "1", "75": "20240229"},
    ],
    "U1": [{"9201": "R", "9202": "halt", "55": "AAPL"}],
}
"""Messages of each type, accepted as they are, in which a field may make a difference."""
PARTIES = [replace(TRADER, version=each, operator=True) for each in (FIX44, FIX50SP2)]
"""Who asks: what a message means is the same for both, but of inquiries."""
VALUES = ("0", "1", "2", "4", "6", "D", "U", "Y", "NONE", "S", "60", "99", "20310101")
VALUES += ("20310101-12:00:00", "EUR", "zz")
COUNTS = {"146", "267", "268", "453", "580"}
"""Fields whose value QuickFIX checks: how many entries a group has."""
HEADER = {"50", "115", "1128"}
"""What has a meaning in the header of every message."""


def rows(tables: dict[str, list[Row]]) -> list[Any]:
    return [
        pytest.param(msg_type, row, id=f"{msg_type}-{row.tag}")
        for msg_type, table in tables.items()
        for row in table
    ]


def asked(msg_type: str, sample: dict[str, str | None], party: Party = TRADER) -> object:
    return parse(message(msg_type, sample), party, INSTRUMENTS)


def matters(msg_type: str, *tags: str) -> bool:
    """Tell whether fields, with some value or without one, change what some message means."""
    parties = PARTIES if msg_type in INQUIRIES else PARTIES[:1]
    for sample, party in product(SAMPLES[msg_type], parties):
        meant = asked(msg_type, sample, party)
        for value in (*VALUES, None):
            if asked(msg_type, sample | dict.fromkeys(tags, value), party) != meant:
                return True
    return False


def test_every_message_has_its_table() -> None:
    assert IN.keys() == {*TAKEN, "A"}
    assert OUT.keys() == {"8", "9", "r", "W", "X", "Y", "j", "3", *NOTICES, *BACK_OFFICE, "B", "U2"}
    for tables in (IN, OUT):
        for msg_type, table in tables.items():
            tags = [(row.tag, version) for row in table for version in row.versions]
            assert len(tags) == len(set(tags)), msg_type


@pytest.mark.parametrize(("msg_type", "row"), rows(IN | OUT))
def test_the_dictionaries_have_the_field(msg_type: str, row: Row) -> None:
    for version in VERSIONS:
        field = fields(version, msg_type, stock=msg_type in OUT.keys() - OWN).get(row.tag)
        if version in row.versions:
            assert field is not None, f"{version} has no such field"
            assert ALIASES.get(field.name, field.name) == row.name


@pytest.mark.parametrize("msg_type", IN | OUT)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_dictionary_requires_is_in_the_table(msg_type: str, version: str) -> None:
    table = {row.tag: row for row in (IN | OUT)[msg_type] if version in row.versions}
    for tag, part in fields(version, msg_type, stock=msg_type in OUT.keys() - OWN).items():
        if part.required:
            assert tag in table, f"{part.name}({tag}) is missing"
            assert table[tag].need == "R", f"{part.name}({tag}) is required"


@pytest.mark.parametrize("msg_type", SAMPLES)
def test_the_samples_are_accepted(msg_type: str) -> None:
    for sample in SAMPLES[msg_type]:
        meant = asked(msg_type, sample, replace(TRADER, operator=True))
        assert not isinstance(meant, (*REFUSALS, type(None))), sample


@pytest.mark.parametrize(
    ("msg_type", "row"), rows({key: table for key, table in IN.items() if key != "A"})
)
def test_a_required_field_is_missed(msg_type: str, row: Row) -> None:
    if row.need != "R":
        return
    by_dictionary = all(fields(each, msg_type)[row.tag].required for each in row.versions)
    sample = SAMPLES[msg_type][0] | {row.tag: None}
    without = asked(msg_type, sample, replace(TRADER, operator=True))
    # What the order is said to be, and is not, the core refuses.
    contradicts = isinstance(without, c.CancelOrder) and not (without.symbol and without.side)
    assert by_dictionary or contradicts or isinstance(without, REFUSALS)


@pytest.mark.parametrize(
    ("msg_type", "row"), rows({key: table for key, table in IN.items() if key != "A"})
)
def test_a_field_in_the_table_means_something(msg_type: str, row: Row) -> None:
    ignored = row.meaning == "not looked at" or row.tag in COUNTS
    assert matters(msg_type, row.tag) is not ignored


@pytest.mark.parametrize("msg_type", SAMPLES)
def test_a_field_that_means_something_is_in_the_table(msg_type: str) -> None:
    known = {row.tag for row in IN[msg_type]} | COUNTS | HEADER | FRAME
    parts = {tag: part for version in VERSIONS for tag, part in fields(version, msg_type).items()}
    others = [tag for tag in parts if tag not in known]
    alone = {tag for tag in others if parts[tag].name.endswith("Len")} | {"34", "49", "56", "115"}
    together = [tag for tag in others if tag not in alone]
    suspects = [tag for tag in others if tag in alone]
    if matters(msg_type, *together):
        suspects = others
    assert [parts[tag].name for tag in suspects if matters(msg_type, tag)] == []
    assert suspects is not others, "some of them together"


def sent(version: Version) -> Iterator[str]:
    """Every kind of message that the venue sends in a version."""
    for kind in ENCODERS:
        for event in every_event(kind):
            yield encode(event, INSTRUMENTS, TIME, version)
    for publication in every_publication(version):
        yield encode_publication(publication, INSTRUMENTS["AAPL"], TIME, version, "R")
    yield BusinessReject("1", "D", BusinessRejectReason.OTHER, "why", "X").encode(version)
    yield SessionReject("1", "D", "11", SessionRejectReason.VALUE_IS_INCORRECT, "why").encode(
        version
    )
    yield MarketDataReject("R", MDReqRejReason.UNKNOWN_SYMBOL, "why").encode(version)
    yield from every_notice(version)
    yield from every_operator_report(version)
    yield news(version)
    yield from every_back_office_answer(version)


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_what_is_sent_is_what_the_tables_say(version: Version) -> None:
    found: dict[str, set[str]] = {}
    for text in sent(version):
        pairs = parse_pairs(text)
        found.setdefault(dict(pairs)["35"], set()).update(tag for tag, _ in pairs)
    if not version.mass_requests:
        del found["r"]
        found["8"] -= {"584", "911", "912"}
    for msg_type, tags in found.items():
        told = {row.tag for row in OUT[msg_type] if version.name in row.versions}
        assert tags - FRAME == told, msg_type


@pytest.mark.parametrize(
    ("tag", "members", "mapping"),
    [
        ("103", types.OrdRejReason, "ord_rej_reasons"),
        ("102", types.CxlRejReason, "cxl_rej_reasons"),
        ("378", types.ExecRestatementReason, "exec_restatement_reasons"),
        ("532", types.MassCancelRejectReason, ""),
        ("380", BusinessRejectReason, "business_reject_reasons"),
        ("326", SecurityTradingStatus, "security_trading_statuses"),
        ("323", SecurityResponseType, "security_response_types"),
        ("560", SecurityRequestResult, ""),
        ("728", PosReqResult, ""),
        ("749", TradeRequestResult, ""),
    ],
)
def test_the_codes(tag: str, members: type[StrEnum], mapping: str) -> None:
    table = {member: told for (of, member), told in codes().items() if of == tag}
    assert table.keys() == {member.name for member in members}
    for member in members:
        for version in VERSIONS.values():
            code = (getattr(version, mapping) if mapping else {}).get(member, member.value)
            if tag == "532" and not version.mass_requests:
                code = ""
            if tag == "560" and not version.security_lists:
                code = ""
            if tag in ("728", "749") and not version.back_office:
                code = ""
            assert table[member.name][version.name] == code, version.name
