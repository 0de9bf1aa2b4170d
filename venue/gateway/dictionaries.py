"""The dictionaries that QuickFIX validates with: stock ones, changed by fixspec/overlay.yaml."""

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

import msgspec
import yaml

from venue.files import shipped
from venue.fix.dictionary import FILES, Overlay, merge


def write_dictionaries(versions: Iterable[str], directory: Path) -> dict[str, Path]:
    """Write the dictionary of each version to `directory`, for QuickFIX to read."""
    overlays = yaml.safe_load(shipped("fixspec/overlay.yaml").read_text("utf-8"))
    stock = {path.name: path for path in importlib.metadata.files("quickfix") or ()}
    written = {}
    for version in versions:
        overlay = msgspec.convert(overlays[version], Overlay)
        name = FILES[version]
        written[version] = directory / name
        text = Path(str(stock[name].locate())).read_text("utf-8")
        written[version].write_text(merge(text, overlay), "utf-8")
    return written
