"""Instruments, phases and statistics as the venue reports them: typed events, and text to them."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from venue.client.events import Event
from venue.client.values import Values, decimal_of, int_of
from venue.client.wire import Field, split_group

VALID = "0"
"""SecurityRequestResult(560)."""
HALTED, DELISTED, UNKNOWN = "2", "19", "20"
"""SecurityTradingStatus(326)."""
REQUEST_REJECTED = "6"
"""TradSesStatus(340)."""
_PHASES = {
    "1": "pre_open",
    "2": "opening_auction",
    "3": "continuous",
    "4": "closing_auction",
    "5": "post_close",
    "7": "closed",
    "9": "volatility_auction",
}
"""By TradingSessionSubID(625)."""
_STATUSES = {
    HALTED: "halt",
    "5": "call",
    "17": "continuous",
    "18": "closed",
    DELISTED: "delisted",
    UNKNOWN: "unknown",
}
"""By SecurityTradingStatus(326) where there is no 625; FIX.4.2 has one code for all calls."""
_MARKET_STATUSES = {"2": "continuous", "3": "closed", "4": "pre_open", "5": "closing_auction"}
"""By TradSesStatus(340), likewise."""
_VOLATILITY = "volatility_"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument; one that has been delisted is told once more, without `is_listed`.

    `words` are those of the text, by name: what the version has no field for.
    """

    symbol: str
    is_listed: bool
    market: str | None = None
    currency: str | None = None
    security_type: str | None = None
    tick: Decimal
    lot: Decimal
    min_qty: Decimal | None = None
    max_qty: Decimal | None = None
    reference_price: Decimal | None = None
    collar_percent: Decimal | None = None
    words: Mapping[str, str] = {}
    text: str | None = None


class SecurityList(Event, frozen=True, kw_only=True):
    """35=y: instruments, an answer's in as many messages as it takes, up to `is_last`.

    News, of an instrument added, changed or delisted, come in the same form. With
    `security_request_result` other than 0 there are none: 1 invalid, 2 nothing found, 3 no role.
    """

    security_req_id: str
    security_response_id: str
    security_request_result: str
    total: int | None = None
    is_last: bool = True
    listings: tuple[Listing, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Tell whether the request was wrong; that nothing was found is no refusal."""
        return self.security_request_result not in (VALID, "2")


class DayStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """The trading day of an instrument; None of what there is none of. `volatility` is by window in
    seconds.
    """

    trades: int
    volume: Decimal
    auction_volume: Decimal
    turnover: Decimal
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    last: Decimal | None = None
    close: Decimal | None = None
    prior_close: Decimal | None = None
    vwap: Decimal | None = None
    twap: Decimal | None = None
    spread: Decimal | None = None
    volatility: Mapping[int, Decimal] = {}


class SecurityStatus(Event, frozen=True, kw_only=True):
    """35=f: the phase of an instrument, in the words of the configuration; halt, delisted, unknown.

    `statistics` come with an answer (`unsolicited` False) in versions whose f has a text.
    """

    security_status_req_id: str
    symbol: str
    market: str | None = None
    unsolicited: bool = False
    security_trading_status: str
    phase: str
    transact_time: str | None = None
    text: str | None = None
    statistics: DayStatistics | None = None

    @property
    def is_listed(self) -> bool:
        return self.security_trading_status not in (DELISTED, UNKNOWN)

    @property
    def is_halted(self) -> bool:
        return self.security_trading_status == HALTED


class TradingSessionStatus(Event, frozen=True, kw_only=True):
    """35=h: the phase of a market, in the words of the configuration, or a refusal."""

    trad_ses_req_id: str
    market: str
    unsolicited: bool = False
    trad_ses_status: str
    phase: str
    is_refused: bool
    text: str | None = None


def security_list(text: str, values: Values, fields: list[Field]) -> Event:
    return SecurityList(
        raw=text,
        security_req_id=values[320],
        security_response_id=values[322],
        security_request_result=values[560],
        total=int_of(values, 393),
        is_last=values.get(893) != "N",
        listings=tuple(_listing(each) for each in split_group(fields, 146)),
    )


def _listing(values: Values) -> Listing:
    text = values.get(58)
    words, _ = _words(text)
    return Listing(
        symbol=values[55],
        is_listed=values.get(965) != "5" and words.get("status") != "delisted",
        market=values.get(1151, values.get(336)),
        currency=values.get(15),
        security_type=values.get(167),
        tick=Decimal(values[969] if 969 in values else words["tick"]),
        lot=Decimal(values[561]),
        min_qty=decimal_of(values, 562),
        max_qty=_number(values.get(1140, words.get("max_qty"))),
        reference_price=_number(values.get(1150, words.get("reference_price"))),
        collar_percent=_number(values.get(1149, words.get("collar_percent"))),
        words=words,
        text=text,
    )


def security_status(text: str, values: Values, _: list[Field]) -> Event:
    words, rest = _words(values.get(58))
    status = values[326]
    phase = None if status == HALTED else _PHASES.get(values.get(625, ""))
    return SecurityStatus(
        raw=text,
        security_status_req_id=values[324],
        symbol=values[55],
        market=values.get(1301, values.get(336)),
        unsolicited=values.get(325) == "Y",
        security_trading_status=status,
        phase=phase or _STATUSES.get(status, status),
        transact_time=values.get(60),
        text=rest or None,
        statistics=_statistics(words) if "trades" in words else None,
    )


def trading_session_status(text: str, values: Values, _: list[Field]) -> Event:
    status = values[340]
    is_refused = status == REQUEST_REJECTED
    phase = _PHASES.get(values.get(625, ""), _MARKET_STATUSES.get(status, status))
    return TradingSessionStatus(
        raw=text,
        trad_ses_req_id=values[335],
        market=values.get(1301, values[336]),
        unsolicited=values.get(325) == "Y",
        trad_ses_status=status,
        phase="unknown" if is_refused else phase,
        is_refused=is_refused,
        text=values.get(58),
    )


def _statistics(words: Mapping[str, str]) -> DayStatistics:
    names = ("open", "high", "low", "last", "close", "prior_close", "vwap", "twap", "spread")
    return DayStatistics(
        trades=int(words["trades"]),
        volume=Decimal(words["volume"]),
        auction_volume=Decimal(words["auction_volume"]),
        turnover=Decimal(words["turnover"]),
        volatility={
            int(name.removeprefix(_VOLATILITY)): Decimal(value)
            for name, value in words.items()
            if name.startswith(_VOLATILITY)
        },
        **{name: Decimal(words[name]) for name in names if name in words},
    )


def _words(text: str | None) -> tuple[dict[str, str], str]:
    """Return the `name=value` words of a text, and the others as they stand."""
    words, others = {}, []
    for word in (text or "").split():
        name, equals, value = word.partition("=")
        if equals:
            words[name] = value
        else:
            others.append(word)
    return words, " ".join(others)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
