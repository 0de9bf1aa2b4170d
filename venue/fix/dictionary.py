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


def merge(stock: str, overlay: Overlay) -> ElementTree.Element:
    """The XML of `stock` with `overlay` applied. Raise `ValueError` where it does not fit."""
    return _Merge(stock).apply(overlay)


class _Merge:
    """A dictionary that is changed, with the names in it at hand: to look for each from the
    beginning would take longer than all the rest of a start.
    """

    def __init__(self, stock: str) -> None:
        self._root = ElementTree.fromstring(stock)
        self._fields = _Section(self._root, "fields", "number")
        self._messages = _Section(self._root, "messages", "msgtype")

    def apply(self, overlay: Overlay) -> ElementTree.Element:
        for message, names in overlay.optional.items():
            body = self._messages.named(message)
            for name in names:
                _part(body, name).set("required", "N")
        for name in overlay.any_value:
            field = self._fields.named(name)
            for value in list(field):
                field.remove(value)
        for name, (number, kind) in overlay.fields.items():
            self._fields.add({"number": str(number), "name": name, "type": kind})
        for name, declared in overlay.messages.items():
            self._declare(name, declared)
        for message, names in overlay.extra.items():
            body = self._messages.named(message)
            for name in names:
                if _find(body, name) is not None:
                    raise ValueError(f"the stock dictionary's {message} has {name}")
                self._append(body, name, "N")
        return self._root

    def _declare(self, name: str, message: MessageType) -> None:
        attributes = {"name": name, "msgtype": message.msg_type, "msgcat": "app"}
        body = self._messages.add(attributes)
        msg_types = self._fields.find("MsgType")
        if msg_types is not None and len(msg_types):
            ElementTree.SubElement(msg_types, "value", enum=message.msg_type, description=name)
        for fields, required in ((message.required, "Y"), (message.optional, "N")):
            for field in fields:
                self._append(body, field, required)

    def _append(self, body: ElementTree.Element, field: str, required: str) -> None:
        self._fields.named(field)
        ElementTree.SubElement(body, "field", name=field, required=required)


class _Section:
    """The fields or the messages of a dictionary, by name and by `code`."""

    def __init__(self, root: ElementTree.Element, name: str, code: str) -> None:
        found = root.find(name)
        if found is None:
            raise ValueError(f"the stock dictionary has no {name}")
        self._section, self._code = found, code
        self._kind = name.removesuffix("s")
        self._by_name = {each.get("name"): each for each in found}
        self._codes = {each.get(code) for each in found}

    def find(self, name: str) -> ElementTree.Element | None:
        return self._by_name.get(name)

    def named(self, name: str) -> ElementTree.Element:
        found = self.find(name)
        if found is None:
            raise ValueError(f"the stock dictionary has no {self._kind} {name}")
        return found

    def add(self, attributes: Mapping[str, str]) -> ElementTree.Element:
        known = {"name": self._by_name, self._code: self._codes}
        for key, taken in known.items():
            if attributes[key] in taken:
                text = f"a {self._kind} of {key} {attributes[key]}"
                raise ValueError(f"the stock dictionary has {text}")
        added = ElementTree.SubElement(self._section, self._kind, dict(attributes))
        self._by_name[attributes["name"]] = added
        self._codes.add(attributes[self._code])
        return added


def _find(body: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((each for each in body if each.get("name") == name), None)


def _part(body: ElementTree.Element, name: str) -> ElementTree.Element:
    found = _find(body, name)
    if found is None:
        raise ValueError(f"the stock dictionary's {body.get('name')} has no {name}")
    return found
