"""The terms of an order behind its price: what may follow `buy 10 AAPL 100`. Pure."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any

from venue.client.codes import SELF_MATCH_PREVENTION_INSTRUCTIONS
from venue.console.line import GrammarError, Words

TIMES_IN_FORCE = {
    "day": "day",
    "gtc": "gtc",
    "ioc": "ioc",
    "fok": "fok",
    "open": "at_the_opening",
    "close": "at_the_close",
}
ENTER_TERMS = (*TIMES_IN_FORCE, "gtd", "show", "refresh", "min", "post", "aon", "smp")
REPLACE_TERMS = ("day", "gtc", "gtd", "stop", "touch", "limit", "show", "refresh")
INSTRUCTIONS = tuple(SELF_MATCH_PREVENTION_INSTRUCTIONS)

Terms = dict[str, Any]


def parse_terms(words: Words, allowed: Collection[str], before: Terms | None = None) -> Terms:
    """Take all words that are left as terms, each said once; return them by field name.

    `before` are those that have been said already.
    """
    terms = dict(before or {})
    while words.left:
        word = words.next("").lower()
        if word not in allowed:
            raise GrammarError(f"{word!r} is not a term: expected {', '.join(allowed)}")
        said = _said(word, words)
        if said.keys() & terms.keys():
            raise GrammarError(f"{word!r} says again what has been said")
        terms |= said
    return terms


def _said(word: str, words: Words) -> Terms:
    if word in TIMES_IN_FORCE:
        return {"time_in_force": TIMES_IN_FORCE[word]}
    return _PARSERS[word](words)


def _gtd(words: Words) -> Terms:
    expected = "a date such as 2026-12-01, or with the time (UTC) 2026-12-01T15:30"
    word = words.next(expected)
    try:
        day = len(word) == len("2026-12-01")
        expire = date.fromisoformat(word) if day else datetime.fromisoformat(word)
    except ValueError:
        raise GrammarError(f"{word!r} is not {expected}") from None
    if isinstance(expire, datetime) and expire.tzinfo is None:
        expire = expire.replace(tzinfo=UTC)
    return {"time_in_force": "gtd", "expire": expire}


def _smp(words: Words) -> Terms:
    terms: Terms = {"self_match_prevention_id": words.next("an id")}
    if words.left and words.left[0].lower() in INSTRUCTIONS:
        terms["self_match_prevention_instruction"] = words.next("").lower()
    return terms


_PARSERS: dict[str, Callable[[Words], Terms]] = {
    "gtd": _gtd,
    "stop": lambda words: {"stop_px": words.number("a trigger price")},
    "touch": lambda words: {"stop_px": words.number("a trigger price")},
    "limit": lambda words: {"price": words.number("a price")},
    "show": lambda words: {"display_qty": words.number("a quantity")},
    "refresh": lambda words: {"refresh_qty": words.number("a quantity")},
    "min": lambda words: {"min_qty": words.number("a quantity")},
    "post": lambda _: {"post_only": True},
    "aon": lambda _: {"all_or_none": True},
    "smp": _smp,
}
