"""What FIX calls things: the stock dictionaries of the quickfix package, and our own tags."""

import asyncio
import importlib.metadata
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import yaml

from venue.client.versions import VERSIONS
from venue.files import shipped
from venue.fix.dictionary import Overlay
from venue.web.api.shapes import Dictionary, FixField

VERSION = "FIX.5.0SP2"
TRANSPORT = "FIXT.1.1"


async def dictionary() -> bytes:
    """The dictionary as JSON. It is read once, beside the loop."""
    return await asyncio.to_thread(_written)


@cache
def _written() -> bytes:
    return msgspec.json.encode(read())


def read() -> Dictionary:
    """Read the stock dictionaries of our version, and what fixspec/overlay.yaml adds to them."""
    fields: dict[int, FixField] = {}
    messages: dict[str, str] = {}
    for name in VERSIONS[VERSION].dictionaries:
        root = ElementTree.parse(_stock(name)).getroot()
        for field in root.iterfind("fields/field"):
            values = {each.get("enum", ""): _word(each.get("description")) for each in field}
            name_ = field.get("name", "")
            known = FixField(name=name_, type=field.get("type", ""), values=values)
            fields.setdefault(int(field.get("number", "0")), known)
        for message in root.iterfind("messages/message"):
            messages.setdefault(message.get("msgtype", ""), message.get("name", ""))
    tree = yaml.safe_load(shipped("fixspec/overlay.yaml").read_text("utf-8"))
    for version in (VERSION, TRANSPORT):
        overlay = msgspec.convert(tree[version], Overlay)
        for name, (number, kind) in overlay.fields.items():
            fields.setdefault(number, FixField(name=name, type=kind, values={}))
        messages |= {each.msg_type: name for name, each in overlay.messages.items()}
    return Dictionary(
        version=VERSION,
        fields={str(tag): fields[tag] for tag in sorted(fields)},
        messages=dict(sorted(messages.items())),
    )


def _stock(name: str) -> Path:
    files = importlib.metadata.files("quickfix") or ()
    return Path(str(next(each for each in files if each.name == name).locate()))


def _word(description: str | None) -> str:
    return (description or "").replace("_", " ").lower()
