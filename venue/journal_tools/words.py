"""Commands and orders in FIX's words: field names, codes as words, numbers as exact decimals."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from venue.core import commands as c
from venue.core.fees import FeeRule, FeeSchedule
from venue.core.instrument import Instrument, InstrumentSpec
from venue.core.limits import Limits, Scope
from venue.core.qualifiers import Changes, Qualifiers
from venue.core.types import OrdStatus, OrdType, Side, TimeInForce
from venue.journal_tools.times import SECOND, format_iso

Instruments = Mapping[str, Instrument]

PRICES = frozenset({"price", "stop_px"})
QUANTITIES = frozenset({"order_qty", "display_qty", "refresh_qty", "min_qty", "qty"})
AS_SENT: dict[str, type[StrEnum]] = {
    "side": Side,
    "ord_type": OrdType,
    "time_in_force": TimeInForce,
    "ord_status": OrdStatus,
}
"""Fields that a refused request has as its client sent them, and whose codes they should be."""
_NAME = re.compile("(?<=[a-z])(?=[A-Z])")


def word(code: Enum) -> str:
    """A code's name, as in partially_filled."""
    return code.name.lower()


WORDS = {kind: {str(each): word(each) for each in kind} for kind in AS_SENT.values()}
"""The word of each code, by its enumeration."""


def sent_word(field: str, text: str) -> str:
    """The word for a code as a client sent it, or what it sent where that is no code."""
    return WORDS[AS_SENT[field]].get(text, text)


def describe(command: c.Command, instruments: Instruments) -> dict[str, Any]:
    """A command's name and every field in it that says something, numbers and times as text.

    What belongs to an instrument that is not in `instruments` is given in ticks and lots.
    """
    name = _NAME.sub("_", type(command).__name__).lower()
    instrument = instruments.get(getattr(command, "symbol", ""))
    return {"command": name, **_fields(command, instrument)}


def _fields(struct: Struct, instrument: Instrument | None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, default in _defaults(type(struct)):
        value = getattr(struct, name)
        if isinstance(value, Qualifiers | Changes | InstrumentSpec | Scope | Limits):
            fields |= _fields(value, instrument)
        elif isinstance(value, FeeSchedule):
            fields["rules"] = [_rule(rule) for rule in value.rules] or "none"
        elif isinstance(value, dict):
            if value:
                fields[name] = [f"{key}={each}" for key, each in value.items()]
        elif value is None and name == "limits":
            fields[name] = "none"
        elif value is not None and value not in ("", ()) and value != default:
            fields[name] = _text(name, value, instrument)
    return fields


def _rule(rule: FeeRule) -> str:
    """As in "NORTH AAPL bps 0:-0.2/0.5/0 2:half_even": of each tier its volume and the rates of
    makers, takers and auctions.
    """
    about = [each for each in (rule.firm, rule.symbol) if each]
    tiers = [
        f"{tier.volume:f}:{tier.maker:f}/{tier.taker:f}/{tier.auction:f}" for tier in rule.tiers
    ]
    terms = [f"minimum={rule.minimum:f}"] if rule.minimum else []
    terms += [f"currency={rule.currency}"] if rule.currency else []
    return " ".join((*about, rule.basis, *tiers, f"{rule.decimals}:{rule.rounding}", *terms))


@cache
def _defaults(kind: type[Struct]) -> list[tuple[str, Any]]:
    return [(field.name, field.default) for field in msgspec.structs.fields(kind)]


def _text(name: str, value: Any, instrument: Instrument | None) -> str | bool | list[str]:
    if isinstance(value, Enum):
        return word(value)
    if isinstance(value, tuple):
        return list(map(str, value))
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return sent_word(name, value) if name in AS_SENT else value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if name == "expire_time":
        return format_iso(value)
    if name == "ends":
        minutes, seconds = divmod(value // SECOND, 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if name in PRICES:
        return f"{value} ticks" if instrument is None else instrument.price.text(value)
    if name in QUANTITIES:
        return f"{value} lots" if instrument is None else instrument.qty.text(value)
    return str(value)


def line(described: Mapping[str, Any]) -> str:
    """A described command on one line; what does not print is escaped."""
    told = [str(described["command"])]
    for name, value in described.items():
        if name != "command":
            text = ",".join(value) if isinstance(value, list) else str(value)
            if isinstance(value, bool):
                text = "yes" if value else "no"
            quoted = text if text and " " not in text else f'"{text}"'
            told.append(f"{name}={quoted}")
    return printable(" ".join(told))


def printable(text: str) -> str:
    """One line of text: SOH as |, anything else that does not print escaped."""
    text = text.replace("\x01", "|")
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
