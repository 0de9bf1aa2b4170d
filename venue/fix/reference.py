"""Instruments to SecurityList (y) and SecurityDefinition (d).

What a version has no field for stands in Text(58) as `name=value` words, under the names of the
configuration.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from venue.core.instrument import Instrument, InstrumentSpec
from venue.fix.message import format_message
from venue.fix.versions import Version

MOST_INSTRUMENTS = 100
"""Instruments of one SecurityList; more come in several, see LastFragment(893)."""
Pairs = list[tuple[str, object]]


class SecurityRequestResult(StrEnum):
    """SecurityRequestResult(560)."""

    VALID = "0"
    INVALID = "1"
    NO_INSTRUMENTS_FOUND = "2"
    NOT_AUTHORIZED = "3"


class SecurityResponseType(StrEnum):
    """SecurityResponseType(323)."""

    ACCEPTED_AS_IS = "1"
    LIST_OF_SECURITIES = "4"
    REJECTED = "5"
    CANNOT_MATCH_SELECTION = "6"


class SecurityStatus(StrEnum):
    """SecurityStatus(965)."""

    ACTIVE = "1"
    DELISTED = "5"

    @property
    def word(self) -> str:
        return self.name.lower()


Listing = tuple[Instrument, SecurityStatus]


class SecurityListReject(Struct, frozen=True):
    """A SecurityList (y) that refuses; it has no Text(58) to say why."""

    req_id: str
    ref_seq_num: str
    result: SecurityRequestResult

    def encode(self, version: Version) -> str:
        return _list_head(version, self.req_id, self.ref_seq_num, self.result)


class SecurityDefinitionReject(Struct, frozen=True):
    """A SecurityDefinition (d) that refuses."""

    req_id: str
    ref_seq_num: str
    text: str

    def encode(self, version: Version) -> str:
        return _definition(
            version,
            self.req_id,
            self.ref_seq_num,
            SecurityResponseType.REJECTED,
            0,
            [("58", self.text)],
        )


def encode_security_list(
    listings: Sequence[Listing], version: Version, req_id: str, response_id: str
) -> Iterator[str]:
    """SecurityList (y), in as many messages as it takes. `response_id` is SecurityResponseID(322),
    the same in all of them.
    """
    if not listings:
        found_nothing = SecurityRequestResult.NO_INSTRUMENTS_FOUND
        yield _list_head(version, req_id, response_id, found_nothing)
    for first in range(0, len(listings), MOST_INSTRUMENTS):
        part = listings[first : first + MOST_INSTRUMENTS]
        is_last = first + len(part) == len(listings)
        fields: Pairs = [
            ("393", len(listings)),
            ("893", "Y" if is_last else "N"),
            ("146", len(part)),
        ]
        for instrument, status in part:
            fields += _entry(instrument.spec, status, version)
        yield _list_head(version, req_id, response_id, SecurityRequestResult.VALID, fields)


def encode_security_definition(
    listings: Sequence[Listing],
    version: Version,
    req_id: str,
    response_id: str,
    time: str,
    one: bool,
) -> Iterator[str]:
    """SecurityDefinition (d), one an instrument; `one` where a single one was asked for."""
    if not listings:
        why = "no instrument is what is asked for"
        cannot = SecurityResponseType.CANNOT_MATCH_SELECTION
        yield _definition(version, req_id, response_id, cannot, 0, [("58", why)])
    kind = SecurityResponseType.ACCEPTED_AS_IS if one else SecurityResponseType.LIST_OF_SECURITIES
    for instrument, status in listings:
        fields = _definition_fields(instrument.spec, status, version)
        fields.append(("60", time if version.market_id else None))
        yield _definition(version, req_id, response_id, kind, len(listings), fields)


def _list_head(
    version: Version,
    req_id: str,
    response_id: str,
    result: SecurityRequestResult,
    fields: Sequence[tuple[str, object]] = (),
) -> str:
    head = ("320", req_id), ("322", response_id), ("560", result)
    return format_message(version.begin_string, "y", *head, *fields)


def _definition(
    version: Version,
    req_id: str,
    response_id: str,
    kind: SecurityResponseType,
    count: int,
    fields: Pairs,
) -> str:
    return format_message(
        version.begin_string,
        "d",
        ("320", req_id),
        ("322", response_id),
        ("323", version.security_response_types.get(kind, kind)),
        # TotalNumSecurities, as the field is called where a list has no message of its own.
        ("393", None if version.security_lists else count),
        *fields,
    )


def _entry(spec: InstrumentSpec, status: SecurityStatus, version: Version) -> Pairs:
    """An entry of NoRelatedSym(146)."""
    if version.market_id:
        rules = _trading_rules(spec)
        return [*_instrument(spec, status), *rules, ("15", spec.currency), _text(spec)]
    return [*_terms(spec), *_lots(spec), *_session(spec, status, True)]


def _definition_fields(spec: InstrumentSpec, status: SecurityStatus, version: Version) -> Pairs:
    if version.market_id:
        named = [*_instrument(spec, status), ("15", spec.currency), _text(spec)]
        return [*named, ("1310", 1), ("1301", spec.market), *_trading_rules(spec)]
    lots = _lots(spec) if version.security_lists else []
    return [*_terms(spec), *lots, *_session(spec, status, bool(lots))]


def _instrument(spec: InstrumentSpec, status: SecurityStatus) -> Pairs:
    """The component Instrument of FIX 5.0SP2."""
    return [
        ("55", spec.symbol),
        ("1151", spec.market),
        ("167", spec.security_type or None),
        ("965", status),
        ("969", _number(spec.tick)),
    ]


def _trading_rules(spec: InstrumentSpec) -> Pairs:
    """The component BaseTradingRules of FIX 5.0SP2: the collar in percent, and quantities."""
    return [
        ("1306", "2"),
        ("1148", _number(spec.collar_percent)),
        ("1149", _number(spec.collar_percent)),
        ("1150", _number(spec.reference_price)),
        ("562", _number(spec.min_qty)),
        ("1140", _number(spec.max_qty)),
        ("561", _number(spec.lot)),
    ]


def _terms(spec: InstrumentSpec) -> Pairs:
    """An instrument before FIX 5.0."""
    return [("55", spec.symbol), ("167", spec.security_type or None), ("15", spec.currency)]


def _lots(spec: InstrumentSpec) -> Pairs:
    return [("561", _number(spec.lot)), ("562", _number(spec.min_qty))]


def _session(spec: InstrumentSpec, status: SecurityStatus, has_lots: bool) -> Pairs:
    """The market before FIX 5.0, and in words what has no field."""
    words = {"status": status.word, "tick": _number(spec.tick)}
    if not has_lots:
        words |= {"lot": _number(spec.lot), "min_qty": _number(spec.min_qty)}
    words["max_qty"] = _number(spec.max_qty)
    words["reference_price"] = _number(spec.reference_price)
    words["collar_percent"] = _number(spec.collar_percent)
    return [("336", spec.market), _text(spec, words)]


def _text(spec: InstrumentSpec, words: dict[str, str] | None = None) -> tuple[str, str | None]:
    """Text(58): `words`, and what no version has a field for, where it is given."""
    words = dict(words or {})
    for name in ("dynamic_collar_percent", "static_collar_percent"):
        percent = getattr(spec, name)
        if percent is not None:
            words[name] = _number(percent)
    for name in ("interruption_seconds", "interruption_random_seconds"):
        seconds = getattr(spec, name)
        if seconds:
            words[name] = str(seconds)
    return "58", " ".join(f"{name}={value}" for name, value in words.items()) or None


def _number(value: object) -> str:
    return f"{value:f}"
