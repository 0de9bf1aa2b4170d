"""As much of a dictionary as QuickFIX needs.

QuickFIX unfolds every component of every message: a whole FIX.5.0SP2 dictionary costs over a second
and 80 MB. The few messages that the venue takes cost a sixth of that.
"""

from collections.abc import Container, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;"})


def in_xml(element: Element) -> str:
    """The XML of an element without text, and without descriptions, which QuickFIX does not need.

    ElementTree's own takes three times as long, which every start would feel.
    """
    kept = [(key, value) for key, value in element.items() if key != "description"]
    items = "".join([f' {key}="{value}"' for key, value in kept])
    if "&" in items or "<" in items or items.count('"') != 2 * len(kept):
        items = "".join([f' {key}="{value.translate(_ESCAPES)}"' for key, value in kept])
    if not len(element):
        return f"<{element.tag}{items}/>"
    return f"<{element.tag}{items}>{''.join([in_xml(each) for each in element])}</{element.tag}>"


class WholeDictionary:
    """A dictionary in QuickFIX's XML; what is written of it stands beside `path`, its own."""

    def __init__(self, path: Path, tree: Element | None = None) -> None:
        """`tree` is what is at `path`, or would be; without it the file is read."""
        self._path = path
        self._root = ElementTree.parse(path).getroot() if tree is None else tree
        self._components = {each.get("name"): each for each in self._section("components")}

    def write_taken(self, msg_types: Container[str]) -> tuple[Path, frozenset[str]]:
        """Write what is needed to validate messages of `msg_types`; return where, and the
        MsgType(35) of every other message.

        The fields of the others are still known, and so is every field's set of values.
        """
        types = {message.get("msgtype", "") for message in self._section("messages")}
        left_out = frozenset(each for each in types if each not in msg_types)
        return self._write("taken", msg_types, list(self._section("fields"))), left_out

    def write_groups(self, msg_types: Container[str], groups: Container[str]) -> Path:
        """Write what is needed to keep the repeating `groups` of `msg_types` in order."""
        messages = []
        for message in self._messages(msg_types):
            lean = Element("message", message.attrib)
            lean.extend(self._groups(message, groups))
            messages.append(lean)
        names = {inner.get("name") for message in messages for inner in message.iter()}
        names |= {name for tag, name in self._used(()) if tag != "component"}
        fields = [field for field in self._section("fields") if field.get("name") in names]
        bare = [Element("field", each.attrib) for each in fields]
        return self._write("groups", (), bare, messages)

    def _groups(
        self, part: Element, groups: Container[str], is_inside: bool = False
    ) -> Iterator[Element]:
        """Those of `groups` that are anywhere in `part`, with their fields and without components;
        the other fields as well where it `is_inside` one.
        """
        for inner in part:
            name = inner.get("name", "")
            if inner.tag == "component":
                yield from self._groups(self._components[name], groups, is_inside)
            elif inner.tag == "field" and is_inside:
                yield inner
            elif inner.tag == "group" and name in groups:
                lean = Element("group", inner.attrib)
                lean.extend(self._groups(inner, groups, is_inside=True))
                yield lean

    def _write(
        self,
        name: str,
        msg_types: Container[str],
        fields: list[Element],
        messages: list[Element] | None = None,
    ) -> Path:
        """Write messages of `msg_types`, or `messages` that need no components."""
        used = self._used(msg_types)
        root = Element(self._root.tag, self._root.attrib)
        for section in self._root:
            kept = list(section)
            if section.tag == "messages":
                kept = self._messages(msg_types) if messages is None else messages
            elif section.tag == "components":
                kept = [each for each in section if ("component", each.get("name")) in used]
            elif section.tag == "fields":
                kept = fields
            lean = Element(section.tag, section.attrib)
            lean.extend(kept)
            root.append(lean)
        path = self._path.with_name(f"{self._path.stem}-{name}.xml")
        path.write_text(in_xml(root), "utf-8")
        return path

    def _section(self, name: str) -> Element:
        found = self._root.find(name)
        return Element(name) if found is None else found

    def _messages(self, msg_types: Container[str]) -> list[Element]:
        messages = self._section("messages")
        return [message for message in messages if message.get("msgtype", "") in msg_types]

    def _used(self, msg_types: Container[str]) -> set[tuple[str, str | None]]:
        """Tag and name of everything that messages of `msg_types` have in them."""
        ends = self._root.findall("header") + self._root.findall("trailer")
        used: set[tuple[str, str | None]] = set()
        waiting = [*self._messages(msg_types), *ends]
        while waiting:
            for inner in waiting.pop():
                found = inner.tag, inner.get("name")
                if inner.tag == "component":
                    if found not in used:
                        waiting.append(self._components[inner.get("name")])
                elif len(inner):
                    waiting.append(inner)
                used.add(found)
        return used
