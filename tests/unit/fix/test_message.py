import importlib.metadata
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fix.texts import wire
from venue.fix.dictionary import FILES
from venue.fix.message import SOH, format_message, format_time, parse_fields, parse_pairs

VALUES = st.text(st.characters(codec="ascii", exclude_characters="\x01"), min_size=1)
TAGS = st.integers(1, 9999).map(str).filter(lambda tag: tag not in LENGTHS)
LENGTHS = {"93": "89"} | {
    str(tag): str(tag + 1)
    for tag in (90, 95, 212, 348, 354, 364, 445, 618, 621, 1184, 1277, 1401, 2797, 40004, 42947)
}
"""Data fields of every version: tag of the length and tag of the data."""
DATA = st.text(st.characters(codec="ascii"), min_size=1) | st.sampled_from(
    ["\x01", "=", "\x0138=9\x01", "a\x01b", "\x0110=000\x01", "==", "\x01="]
)


def stock_text(name: str) -> str:
    files = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    return Path(str(files[FILES[name]].locate())).read_text("utf-8")


def test_fields_by_tag() -> None:
    text = wire("8=FIX.4.4|9=5|35=D|34=7|11=X|10=000|")
    assert parse_fields(text) == {
        "8": "FIX.4.4",
        "9": "5",
        "35": "D",
        "34": "7",
        "11": "X",
        "10": "000",
    }


def test_equals_signs_belong_to_the_value() -> None:
    text = wire("8=F|35=D|1=a=b=|11==|58=x=1|10=0|")
    assert parse_fields(text) == {
        "8": "F",
        "35": "D",
        "1": "a=b=",
        "11": "=",
        "58": "x=1",
        "10": "0",
    }


def test_the_first_of_repeated_tags_counts() -> None:
    assert parse_fields(wire("35=V|262=R|269=0|269=1|55=A|55=B|"))["269"] == "0"
    pairs = [("35", "V"), ("269", "0"), ("269", "1"), ("55", "A"), ("55", "B")]
    assert parse_pairs(wire("35=V|269=0|269=1|55=A|55=B|")) == pairs


@pytest.mark.parametrize(
    ("before", "data", "after"),
    [
        ("11=X|58=a=b|59=3|", "354=3|355=x|y|", ""),
        ("1=a=b|11=X|59=3|", "354=3|355=x|y|", ""),
        ("", "212=15|213=<a>|38=999|</a>|", "11=X|38=5|"),
        ("", "90=12|91=|97=Y|54=2|x|", "11=X|54=1|"),
        ("11=X|", "354=7|355=|10=000|", ""),
        ("11=X|", "354=1|355=||", ""),
        ("11=X|", "354=2|355==||", ""),
    ],
)
def test_a_data_field_is_its_value_alone(before: str, data: str, after: str) -> None:
    text = wire(f"8=F|9=1|35=D|34=2|{before}{data}{after}10=000|")
    fields = parse_fields(text)
    plain = parse_fields(wire(f"8=F|9=1|35=D|34=2|{before}{after}10=000|"))
    length_tag, rest = data.split("=", 1)
    length, rest = rest.split("|", 1)
    tag, rest = rest.split("=", 1)
    assert fields == plain | {length_tag: length, tag: wire(rest[:-1])}
    assert len(parse_pairs(text)) == len(fields)


@given(
    st.dictionaries(TAGS.filter(lambda tag: tag not in LENGTHS.values()), VALUES, min_size=1),
    st.dictionaries(st.sampled_from(sorted(LENGTHS)), DATA),
    st.randoms(use_true_random=False),
)
def test_every_field_is_found_whatever_the_values_hold(
    fields: dict[str, str], data: dict[str, str], random: object
) -> None:
    parts = [[(tag, value)] for tag, value in fields.items()]
    parts += [[(tag, str(len(v))), (LENGTHS[tag], v)] for tag, v in data.items()]
    random.shuffle(parts)  # type: ignore[attr-defined]
    pairs = [pair for part in parts for pair in part]
    text = "".join(f"{tag}={value}{SOH}" for tag, value in pairs)
    assert parse_pairs(text) == pairs
    assert parse_fields(text) == dict(pairs)


@given(st.text() | st.text("=|\x010123456789"))
def test_junk_never_raises(text: str) -> None:
    pairs = parse_pairs(wire(text))
    assert isinstance(parse_fields(wire(text)), dict)
    assert sum(len(tag) + len(value) for tag, value in pairs) <= len(text)


@pytest.mark.parametrize("name", FILES)
def test_the_data_fields_of_the_stock_dictionaries(name: str) -> None:
    """QuickFIX takes the length of a data field from the tag before, and of Signature from 93."""
    root = ElementTree.fromstring(stock_text(name))
    types = {field.get("number", ""): field.get("type") for field in root.iter("field")}
    data = [tag for tag, kind in types.items() if kind in ("DATA", "XMLDATA")]
    assert "91" in data
    for tag in data:
        length_tag = "93" if tag == "89" else str(int(tag) - 1)
        text = wire(f"11=X|{length_tag}=6|{tag}=|38=9||59=3|")
        if types.get(length_tag) == "LENGTH":
            assert ("59", "3") in parse_pairs(text) and ("38", "9") not in parse_pairs(text)
            assert "38" not in parse_fields(text)
        else:
            assert parse_fields(text)["38"] == "9"


def test_a_message_leaves_out_what_is_none() -> None:
    text = format_message("FIX.4.4", "8", ("37", 1), ("11", None), ("58", "a=b"))
    assert text == wire("8=FIX.4.4|9=0|35=8|37=1|58=a=b|10=0|")


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "19700101-00:00:00.000"),
        (1_709_208_000_000_000_000, "20240229-12:00:00.000"),
        (1_709_208_000_999_999_999, "20240229-12:00:00.999"),
        (1_709_251_199_001_000_000, "20240229-23:59:59.001"),
    ],
)
def test_format_time(nanoseconds: int, text: str) -> None:
    assert format_time(nanoseconds) == text


@given(st.integers(0, 4_102_444_800_000_000_000))
def test_times_are_cut_to_the_millisecond(nanoseconds: int) -> None:
    text = format_time(nanoseconds)
    assert re.fullmatch(r"\d{8}-\d\d:\d\d:\d\d\.\d{3}", text)
    parsed = datetime.strptime(text, "%Y%m%d-%H:%M:%S.%f").replace(tzinfo=UTC)
    assert round(parsed.timestamp() * 1000) == nanoseconds // 1_000_000
