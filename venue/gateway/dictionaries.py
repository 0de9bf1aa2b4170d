"""The dictionaries that QuickFIX validates with: stock ones, changed by fixspec/overlay.yaml."""

import importlib.metadata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import msgspec
import yaml

from venue.files import shipped
from venue.fix.dictionary import FILES, Overlay, merge, needs
from venue.lean_dictionary import in_xml


class Dictionaries(NamedTuple):
    """The files of one version, the same one twice before FIXT.1.1, and what is in the second.

    That one is not written for FIXT.1.1 and later: it is large, and QuickFIX reads less of it.
    """

    transport: Path
    application: Path
    tree: ElementTree.Element


def write_dictionaries(versions: Iterable[str], directory: Path) -> dict[str, Dictionaries]:
    """Write the dictionaries that QuickFIX reads as a whole to `directory`."""
    trees: dict[str, ElementTree.Element] = {}
    found = {}
    for version in versions:
        transport, application = needs(version)
        for name in (transport, application):
            if name not in trees:
                trees[name] = _merged(name)
        paths = directory / FILES[transport], directory / FILES[application]
        paths[0].write_text(in_xml(trees[transport]), "utf-8")
        found[version] = Dictionaries(*paths, trees[application])
    return found


def venue_dictionary(name: str) -> str:
    """The XML of the dictionary `name`, one of `FILES`, as the venue reads it."""
    root = _merged(name)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _merged(name: str) -> ElementTree.Element:
    stock = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    return merge(Path(str(stock[FILES[name]].locate())).read_text("utf-8"), _overlays()[name])


@cache
def _overlays() -> dict[str, Overlay]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tree = yaml.load(shipped("fixspec/overlay.yaml").read_text("utf-8"), loader)
    return msgspec.convert(tree, dict[str, Overlay])
