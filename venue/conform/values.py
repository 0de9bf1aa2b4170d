"""What stands in angle brackets in a script, and the units of prices and quantities.

    <TIME> <TIME+5>   UTCTimestamp now, or seconds off; expected: any UTCTimestamp
    <DATE> <DATE+1>   UTC date, or days off
    <ID:X>            an id of our own for X: the same all through the script, never used before
    <PX> <PX-2.5>     the price that the run gives, and ticks added to it
    <SEQ> <SEQ-1>     MsgSeqNum(34) of our next message on this connection, of the one before
    <*>               expected: any value
    <~A~B>            expected: a value that contains A and B
    <NAME>            what the run has set; else bound to what comes first, and equal from then on;
                      also as a part of a value, as in `trade <T>`

Quantities are written in lots.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from venue.conform.errors import ScriptError
from venue.conform.script import Field

QUANTITIES = frozenset(
    ("14", "32", "38", "110", "111", "151", "271", "424", "425", "704", "705", "1088", "1138")
)
PRICES = frozenset(("6", "31", "44", "99", "270", "426", "730", "734", "1102"))
NUMBERS = QUANTITIES | PRICES | {"9", "34", "36", "45", "268", "708", "727", "748", "911"}
"""Fields whose values are compared as numbers."""

_TERM = re.compile(r"<([^<>]+)>")
_OFFSET = re.compile(r"(TIME|DATE|PX|SEQ)([+-]\d+(?:\.\d+)?)?")
_NUMBER = re.compile(r"-?\d+(\.\d*)?")
_UTC_TIMESTAMP = re.compile(r"\d{8}-\d\d:\d\d:\d\d(\.\d{1,9})?")


def utc_timestamp(seconds: float = 0) -> str:
    """Now, or so many seconds from now."""
    time = datetime.now(UTC) + timedelta(seconds=seconds)
    return time.strftime("%Y%m%d-%H:%M:%S.") + f"{time.microsecond // 1000:03}"


def decimal(name: str, text: str) -> Decimal:
    """A number that the run was given. Raises ScriptError."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ScriptError(f"{name}: {text!r} is not a decimal number") from None


class Values:
    """The variables of one run of one script."""

    def __init__(self, variables: dict[str, str], unique: str) -> None:
        """`variables` have PX, TICK and LOT, decimals; `unique` ends every id of this run."""
        self.variables = dict(variables)
        self._unique = unique
        self.seq = 1
        self._px, self._tick, self._lot = (
            decimal(name, self.variables.get(name, "")) for name in ("PX", "TICK", "LOT")
        )

    def shown(self, field: Field) -> str:
        """A field of a script as far as its value is known."""
        if field.value is None:
            return f"!{field.tag}|"
        try:
            return f"{field.tag}={self.to_send(field.tag, field.value)}|"
        except ScriptError:
            return f"{field.tag}={field.value}|"

    def to_send(self, tag: str, text: str) -> str:
        """The value of a field of ours. Raises ScriptError for a variable nobody has bound."""
        if tag in QUANTITIES and _NUMBER.fullmatch(text):
            return _plain(Decimal(text) * self._lot)
        return _TERM.sub(lambda term: self._term(term[1]), text)

    def mismatch(self, tag: str, text: str, got: str) -> str | None:
        """What was expected instead of `got`, or None where it is right. Binds variables."""
        if text == "<*>":
            return None
        if text == "<TIME>":
            return None if _UTC_TIMESTAMP.fullmatch(got) else "a UTCTimestamp"
        if text.startswith("<~"):
            missing = [part for part in text[2:-1].split("~") if part not in got]
            return f"a text with {', '.join(map(repr, missing))}" if missing else None
        term = _TERM.fullmatch(text)
        if term and self._is_unbound(term[1]):
            self.variables[term[1]] = got
            return None
        self._bind_part(text, got)
        expected = self.to_send(tag, text)
        return None if _equal(tag, expected, got) else expected

    def _bind_part(self, text: str, got: str) -> None:
        """Bind a variable that is a part of a value, as in `trade <T>`, if that can be."""
        unbound = [term for term in _TERM.finditer(text) if self._is_unbound(term[1])]
        if len(unbound) == 1:
            start, end = unbound[0].span()
            head, tail = text[:start], text[end:]
            if got.startswith(head) and got.endswith(tail) and len(got) > len(head + tail):
                self.variables[unbound[0][1]] = got[len(head) : len(got) - len(tail)]

    def _is_unbound(self, term: str) -> bool:
        is_special = _OFFSET.fullmatch(term) or term.startswith("ID:")
        return not is_special and term not in self.variables

    def _term(self, term: str) -> str:
        if term.startswith("ID:"):
            return f"{term[3:]}-{self._unique}"
        offset = _OFFSET.fullmatch(term)
        if offset is None:
            if term not in self.variables:
                raise ScriptError(f"<{term}> has no value yet")
            return self.variables[term]
        kind, by = offset[1], Decimal(offset[2] or 0)
        if kind == "TIME":
            return utc_timestamp(float(by))
        if kind == "DATE":
            return (datetime.now(UTC) + timedelta(days=int(by))).strftime("%Y%m%d")
        if kind == "SEQ":
            return str(self.seq + int(by))
        return _plain(self._px + by * self._tick)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _equal(tag: str, expected: str, got: str) -> bool:
    if tag in NUMBERS and _NUMBER.fullmatch(expected) and _NUMBER.fullmatch(got):
        return Decimal(expected) == Decimal(got)
    return expected == got
