"""A stock QuickFIX dictionary made more tolerant, as fixspec/overlay.yaml says."""

from xml.etree import ElementTree

from msgspec import Struct

FILES = {"FIX.4.4": "FIX44.xml"}
"""The stock dictionary of each version, as the quickfix package names it."""


class Overlay(Struct, frozen=True, forbid_unknown_fields=True):
    """What one version's dictionary forgives; names as in the stock dictionary."""

    optional: dict[str, tuple[str, ...]] = {}
    any_value: tuple[str, ...] = ()


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
    return ElementTree.tostring(root, encoding="unicode")


def _one(root: ElementTree.Element, path: str) -> ElementTree.Element:
    found = root.find(path)
    if found is None:
        raise ValueError(f"the stock dictionary has no {path}")
    return found
