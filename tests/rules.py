"""fixspec/RULES.md and the dictionaries, read for `test_rules`."""

import importlib.metadata
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from venue.fix.dictionary import FILES, needs
from venue.gateway.dictionaries import venue_dictionary

RULES = Path(__file__).parent.parent / "fixspec" / "RULES.md"
SHORT = {"4.2": "FIX.4.2", "4.4": "FIX.4.4", "5.0": "FIX.5.0SP2"}
_HEADING = re.compile(r"### \w+ \((\w+)\)")


class Row(NamedTuple):
    """A line of a message's table: `need` is R, C, O or empty, `versions` are their full names."""

    tag: str
    name: str
    need: str
    versions: tuple[str, ...]
    meaning: str


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def messages(part: str) -> dict[str, list[Row]]:
    """The tables under `## In` or `## Out`, by MsgType(35)."""
    text = RULES.read_text("utf-8").partition(f"\n## {part}\n")[2].partition("\n## ")[0]
    found: dict[str, list[Row]] = {}
    table: list[Row] | None = None
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            table = found.setdefault(heading[1], [])
        elif line.startswith("| ") and line[2].isdigit() and table is not None:
            tag, name, need, versions, meaning = _cells(line)
            known = tuple(SHORT[each] for each in versions.split()) or tuple(SHORT.values())
            table.append(Row(tag, name, need, known, meaning))
    return found


def codes() -> dict[tuple[str, str], dict[str, str]]:
    """The table of codes: (tag, member) to the code in each version, empty where it has none."""
    text = RULES.read_text("utf-8").partition("\n## Codes\n")[2].partition("\n## ")[0]
    lines = [_cells(line) for line in text.splitlines() if re.match(r"\| \d", line)]
    return {(line[0], line[1]): dict(zip(SHORT.values(), line[2:5], strict=True)) for line in lines}


class Part(NamedTuple):
    """A field of a message, wherever it is in it; `required` is never so inside a group."""

    name: str
    required: bool


@lru_cache
def dictionary(name: str, stock: bool) -> ElementTree.Element:
    """The stock dictionary `name`, or the venue's own."""
    if not stock:
        return ElementTree.fromstring(venue_dictionary(name))
    files = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    return ElementTree.parse(str(files[FILES[name]].locate())).getroot()


@lru_cache
def fields(version: str, msg_type: str, stock: bool = False) -> dict[str, Part]:
    """The fields that a message may have in a version, by tag; QuickFIX sees to the header's."""
    found: dict[str, Part] = {}
    for name in dict.fromkeys(needs(version)):
        root = dictionary(name, stock)
        numbers = {each.get("name", ""): each.get("number", "") for each in root.iter("field")}
        for path in ("header", f"messages/message[@msgtype='{msg_type}']"):
            body = root.find(path)
            if body is not None:
                found |= {numbers[part.name]: part for part in _parts(root, body, path != "header")}
    return found


def _parts(root: ElementTree.Element, node: ElementTree.Element, required: bool) -> Iterator[Part]:
    for child in node:
        name, needed = child.get("name", ""), required and child.get("required") == "Y"
        if child.tag == "component":
            component = root.find(f"components/component[@name='{name}']")
            assert component is not None
            yield from _parts(root, component, needed)
            continue
        yield Part(name, needed)
        if child.tag == "group":
            yield from _parts(root, child, False)
