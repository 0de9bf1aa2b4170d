"""What Tab offers. Pure."""

from collections.abc import Sequence

from venue.console.grammar import ALIASES, COMMANDS, PRICE_WORDS
from venue.console.terms import ENTER_TERMS, INSTRUCTIONS, REPLACE_TERMS, TIMES_IN_FORCE

SIDES = ("buy", "sell")
TAKE_A_VALUE = ("@", "at", "stop", "touch", "limit", "show", "refresh", "min", "gtd", "smp")


def completions(text: str, symbols: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return the words that can stand in place of the last, unfinished word of a line."""
    *before, partial = text.split(" ")
    words = [word.lower() for word in before if word]
    candidates = _candidates(words, symbols, numbers)
    return [word for word in candidates if word.lower().startswith(partial.lower())]


def _candidates(words: list[str], symbols: Sequence[str], numbers: Sequence[int]) -> Sequence[str]:
    if not words:
        return COMMANDS
    match ALIASES.get(words[0], words[0]), len(words):
        case (("buy" | "sell"), 2):
            return symbols
        case (("buy" | "sell"), 3):
            return PRICE_WORDS
        case (("buy" | "sell"), count) if count > 3:
            return _terms(words[3:], ENTER_TERMS)
        case "cancel", 1:
            return [*map(str, numbers), "all", *symbols]
        case "cancel", 2 if words[1] == "all":
            return [*symbols, *SIDES]
        case "cancel", _ if words[1].removeprefix("#").isdigit():
            return [*map(str, numbers)]
        case "cancel", count if words[-1] not in SIDES and count < 4:
            return SIDES
        case (("replace" | "status"), 1):
            return [*map(str, numbers)]
        case "replace", _:
            return _terms(words[2:], REPLACE_TERMS)
        case (("book" | "tape"), 1):
            return symbols
        case (("sub" | "unsub"), _):
            return symbols
        case "orders", 1:
            return ["all"]
    return ()


def _terms(said: list[str], allowed: Sequence[str]) -> Sequence[str]:
    """Return the terms that may follow; nothing where the last word wants a value."""
    if said and said[-1] in TAKE_A_VALUE:
        return ()
    kinds = {*said} | ({*TIMES_IN_FORCE, "gtd"} if {*TIMES_IN_FORCE, "gtd"} & {*said} else set())
    left = [word for word in allowed if word not in kinds]
    match said:
        case ["stop" | "touch", _] if "limit" not in left:
            return ["limit", *left]
        case [*_, "smp", _]:
            return [*INSTRUCTIONS, *left]
    return left
