"""A stock QuickFIX dictionary made more tolerant, as fixspec/overlay.yaml says."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from msgspec import Struct

TRANSPORT = "FIXT.1.1"
"""The dictionary of header, trailer and session messages of FIX 5.0 and later."""
FILES = {
    "FIX.4.2": "FIX42.xml",
    "FIX.4.4": "FIX44.xml",
    "FIX.5.0SP2": "FIX50SP2.xml",
    TRANSPORT: "FIXT11.xml",
}
"""The stock dictionaries, as the quickfix package names them."""


class FieldType(NamedTuple):
    """A field that the stock dictionary does not have: its tag, and QuickFIX's type."""

    number: int
    type: str


class MessageType(NamedTuple):
    """A message that the stock dictionary does not have: its MsgType(35), and its fields."""

    msg_type: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class Overlay(Struct, frozen=True, forbid_unknown_fields=True):
    """How one dictionary differs; names as in the stock dictionary, or as declared in `fields`."""

    optional: dict[str, tuple[str, ...]] = {}
    any_value: tuple[str, ...] = ()
    fields: dict[str, FieldType] = {}
    extra: dict[str, tuple[str, ...]] = {}
    messages: dict[str, MessageType] = {}


def needs(version: str) -> tuple[str, str]:
    """The names of the transport and the application dictionary of a version's sessions."""
    return (TRANSPORT if version.startswith("FIX.5") else version), version


def merge(stock: str, overlay: Overlay) -> str:
    """The XML of `stock` with `overlay` applied. Raise `ValueError` where it does not fit."""
    root = ElementTree.fromstring(stock)
    for message, names in overlay.optional.items():
        for name in names:
            part = _one(root, f"messages/message[@name='{message}']/*[@name='{name}']")
            part.set("required", "N")
    for name in overlay.any_value:
        field = _one(root, f"fields/field[@name='{name}']")
        for value in list(field):
            field.remove(value)
    _declare(_one(root, "fields"), overlay.fields)
    _declare_messages(root, overlay.messages)
    for message, names in overlay.extra.items():
        body = _one(root, f"messages/message[@name='{message}']")
        for name in names:
            _one(root, f"fields/field[@name='{name}']")
            if body.find(f"*[@name='{name}']") is not None:
                raise ValueError(f"the stock dictionary's {message} has {name}")
            ElementTree.SubElement(body, "field", name=name, required="N")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _declare(known: ElementTree.Element, fields: Mapping[str, FieldType]) -> None:
    for name, (number, kind) in fields.items():
        for key, value in (("name", name), ("number", str(number))):
            if known.find(f"field[@{key}='{value}']") is not None:
                raise ValueError(f"the stock dictionary has a field of {key} {value}")
        ElementTree.SubElement(known, "field", number=str(number), name=name, type=kind)


def _declare_messages(root: ElementTree.Element, messages: Mapping[str, MessageType]) -> None:
    known = _one(root, "messages")
    for name, message in messages.items():
        for key, value in (("name", name), ("msgtype", message.msg_type)):
            if known.find(f"message[@{key}='{value}']") is not None:
                raise ValueError(f"the stock dictionary has a message of {key} {value}")
        msg_types = root.find("fields/field[@name='MsgType']")
        if msg_types is not None and len(msg_types):
            ElementTree.SubElement(msg_types, "value", enum=message.msg_type, description=name)
        attributes = {"name": name, "msgtype": message.msg_type, "msgcat": "app"}
        body = ElementTree.SubElement(known, "message", attributes)
        for fields, required in ((message.required, "Y"), (message.optional, "N")):
            for field in fields:
                _one(root, f"fields/field[@name='{field}']")
                ElementTree.SubElement(body, "field", name=field, required=required)


def _one(root: ElementTree.Element, path: str) -> ElementTree.Element:
    found = root.find(path)
    if found is None:
        raise ValueError(f"the stock dictionary has no {path}")
    return found
