"""What Tab offers. Pure."""

from collections.abc import Sequence

from venue.console.grammar import ALIASES, COMMANDS, TIMES_IN_FORCE


def completions(text: str, symbols: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return the words that can stand in place of the last, unfinished word of a line."""
    *before, partial = text.split(" ")
    words = [word.lower() for word in before if word]
    if not words:
        candidates: Sequence[str] = COMMANDS
    else:
        match ALIASES.get(words[0], words[0]), len(words):
            case (("buy" | "sell"), 2):
                candidates = symbols
            case (("buy" | "sell"), 3):
                candidates = ["mkt"]
            case (("buy" | "sell"), 4):
                candidates = TIMES_IN_FORCE
            case "cancel", 1:
                candidates = [*map(str, numbers), "all"]
            case "cancel", 2 if words[1] == "all":
                candidates = symbols
            case (("cancel" | "replace" | "status"), _) if words[0] == "cancel" or len(words) == 1:
                candidates = [*map(str, numbers)]
            case (("book" | "tape"), 1):
                candidates = symbols
            case (("sub" | "unsub"), _):
                candidates = symbols
            case "orders", 1:
                candidates = ["all"]
            case _:
                candidates = ()
    return [word for word in candidates if word.lower().startswith(partial.lower())]
