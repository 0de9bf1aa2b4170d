"""The stock dictionaries of the quickfix package, as judges of what the venue sends."""

import importlib.metadata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import quickfix

from tests.unit.fix.texts import TIME
from venue.fix.dictionary import FILES, needs
from venue.fix.message import parse_pairs
from venue.fix.versions import Version
from venue.gateway.dictionaries import venue_dictionary


@lru_cache
def dictionary(name: str, directory: Path | None = None) -> Any:
    """A stock dictionary, or the venue's own, written to `directory`."""
    if directory is None:
        files = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
        return quickfix.DataDictionary(str(files[FILES[name]].locate()))
    path = directory / FILES[name]
    path.write_text(venue_dictionary(name), "utf-8")
    return quickfix.DataDictionary(str(path))


def fault(text: str, version: Version, directory: Path | None = None) -> str | None:
    """What a client of that version that validates finds wrong with a message, None for nothing."""
    transport, application = needs(version.name)
    of_session = any(f"\x0135={msg_type}\x01" in text for msg_type in "3A")
    names = [transport] if of_session else dict.fromkeys((transport, application))
    dictionaries = [dictionary(name, directory) for name in names]
    message = quickfix.Message(text, *dictionaries, False)
    header = message.getHeader()
    for tag, value in ((34, "1"), (49, "VENUE"), (52, TIME), (56, "TRADER1")):
        header.setField(quickfix.StringField(tag, value))
    try:
        if len(dictionaries) == 1:
            dictionaries[0].validate(message)
        else:
            quickfix.DataDictionary.validate(message, *dictionaries)
    except Exception as error:  # QuickFIX has one kind for each fault, and no common one
        return f"{error}: {text}".replace("\x01", "|")
    return None


@lru_cache
def codes(name: str) -> dict[str, frozenset[str]]:
    """The values that a stock dictionary knows of each field, by tag, where it lists them."""
    files = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    root = ElementTree.parse(str(files[FILES[name]].locate())).getroot()
    return {
        field.get("number", ""): frozenset(value.get("enum", "") for value in field)
        for field in root.iterfind("fields/field")
        if len(field)
    }


def unknown_codes(text: str, version: Version) -> list[str]:
    """Codes in a message that its version lacks; QuickFIX does not look at those in groups."""
    known = codes(needs(version.name)[1])
    return [
        f"{tag}={value}"
        for tag, value in parse_pairs(text)
        if tag in known and tag != "35" and not known[tag].issuperset(value.split(" "))
    ]
