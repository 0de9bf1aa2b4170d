"""Dictionaries without the messages that nobody needs: small, and right."""

import importlib.metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
import quickfix

from tests.unit.fix.notices import every_notice
from tests.unit.fix.publications import every_publication
from tests.unit.fix.reports import every_back_office_answer
from tests.unit.fix.texts import INSTRUMENTS, TIME
from venue.fix.market_data_entries import encode_publication
from venue.fix.message import parse_pairs
from venue.fix.versions import FIX42, FIX44, FIX50SP2
from venue.gateway.acceptor import GROUPED, GROUPS
from venue.gateway.engine_settings import TAKEN
from venue.lean_dictionary import WholeDictionary, in_xml

BEGIN_STRING = {"FIX42.xml": "FIX.4.2", "FIX44.xml": "FIX.4.4", "FIX50SP2.xml": "FIXT.1.1"}
BODY = "268=2|269=0|270=99|271=5|269=1|270=101|271=7|".replace("|", "\x01")
CHANGE = "268=2|279=0|269=0|55=X|270=99|279=2|269=1|55=X|270=101|".replace("|", "\x01")


@pytest.fixture(params=BEGIN_STRING)
def stock(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    files = importlib.metadata.files("quickfix") or ()
    [found] = [path for path in files if path.name == request.param]
    copy = tmp_path / request.param
    copy.write_bytes(Path(str(found.locate())).read_bytes())
    return copy


@pytest.mark.parametrize(("msg_type", "body"), [("W", BODY), ("X", CHANGE)])
def test_groups_keep_their_entries(stock: Path, msg_type: str, body: str) -> None:
    """Without it QuickFIX sorts the fields of all entries by tag."""
    before = stock.read_bytes()
    lean = WholeDictionary(stock).write_groups(GROUPED, GROUPS)
    dictionary = quickfix.DataDictionary(str(lean))
    text = f"8={BEGIN_STRING[stock.name]}\x019=0\x0135={msg_type}\x01262=R\x01{body}10=0\x01"
    assert body in quickfix.Message(text, dictionary, False).toString()
    assert stock.read_bytes() == before

    assert lean.stat().st_size < stock.stat().st_size / 2


VERSION = {"FIX42.xml": FIX42, "FIX44.xml": FIX44, "FIX50SP2.xml": FIX50SP2}


def test_nothing_of_a_group_that_is_sent_gets_lost(stock: Path) -> None:
    """Whatever is in a group is as often in what QuickFIX makes of it, one beside the other."""
    version = VERSION[stock.name]
    lean = WholeDictionary(stock).write_groups(GROUPED, GROUPS)
    dictionary = quickfix.DataDictionary(str(lean))
    texts = [
        encode_publication(each, INSTRUMENTS["AAPL"], TIME, version, "R")
        for each in every_publication(version)
    ]
    texts += [*every_notice(version), *every_back_office_answer(version)]
    for text in texts:
        sent = parse_pairs(quickfix.Message(text, dictionary, False).toString())
        assert sorted(sent[3:-1]) == sorted(parse_pairs(text)[3:-1])
        for first in ("54", "448", "703", "707", "137", "279"):
            assert _entries(sent, first) == _entries(parse_pairs(text), first), text


def _entries(pairs: list[tuple[str, str]], first: str) -> list[set[tuple[str, str]]]:
    """What belongs to entries that begin with a tag, but for the last one, whose end is unknown."""
    found: list[set[tuple[str, str]]] = []
    for tag, value in pairs:
        if tag == first:
            found.append(set())
        if found:
            found[-1].add((tag, value))
    return found[:-1]


def test_what_is_written_is_what_is_read(stock: Path) -> None:
    """But for the descriptions of values; and whatever stands in an attribute."""
    root = ElementTree.parse(stock).getroot()
    root[0].set("name", "a \"<&>\" 'b'")
    root[0].set("other", "c & d")
    again = ElementTree.fromstring(in_xml(root))
    for each in root.iter():
        each.attrib.pop("description", None)
    assert [(each.tag, each.attrib, len(each)) for each in again.iter()] == [
        (each.tag, each.attrib, len(each)) for each in root.iter()
    ]


def test_what_is_taken_is_all_there(stock: Path) -> None:
    lean, left_out = WholeDictionary(stock).write_taken(TAKEN)
    before, after = (quickfix.DataDictionary(str(path)) for path in (stock, lean))
    assert {"D", "V"}.isdisjoint(left_out)
    assert {"AE", "8"} & left_out
    assert not any(after.isMsgType(msg_type) for msg_type in left_out)
    for msg_type in TAKEN:
        assert after.isMsgType(msg_type) == before.isMsgType(msg_type)
        for tag in range(1, 2000):
            assert after.isField(tag) == before.isField(tag)
            assert after.isMsgField(msg_type, tag) == before.isMsgField(msg_type, tag)
            assert after.isRequiredField(msg_type, tag) == before.isRequiredField(msg_type, tag)
            assert after.hasFieldValue(tag) == before.hasFieldValue(tag)
