"""The dictionaries that QuickFIX validates with: stock ones, changed by fixspec/overlay.yaml."""

import importlib.metadata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree import ElementTree
from xml.etree import ElementTree

import msgspec
import yaml

from venue.files import shipped
from venue.fix.dictionary import FILES, Overlay, merge, needs


class Dictionaries(NamedTuple):
    """The files of one version; the same one twice before FIXT.1.1."""

    transport: Path
    application: Path


def write_dictionaries(versions: Iterable[str], directory: Path) -> dict[str, Dictionaries]:
    """Write the dictionaries of each version to `directory`, for QuickFIX to read."""
    wanted = {version: needs(version) for version in versions}
    written = {name: directory / FILES[name] for names in wanted.values() for name in names}
    for name, path in written.items():
        ElementTree.ElementTree(_merged(name)).write(path, "utf-8")
    return {
        version: Dictionaries(written[transport], written[application])
        for version, (transport, application) in wanted.items()
    }


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
    tree = yaml.safe_load(shipped("fixspec/overlay.yaml").read_text("utf-8"))
    return msgspec.convert(tree, dict[str, Overlay])
