"""JSON as it is sent, with nothing lost or guessed: no NaN, no member twice, no float."""

import json
from typing import Any, NamedTuple, NoReturn

from venue.web.problems import Problem

MOST_DIGITS = 40
"""Of an integer that is taken as one; longer ones are a `JsonNumber`."""


class JsonNumber(NamedTuple):
    """A number as it was written, `1.50` or `1e3`; a float would not be the same."""

    text: str


def parse(body: bytes) -> Any:
    """Read a JSON text; raise `Problem` 400 where it is none.

    Integers are `int`, every other number is a `JsonNumber`.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_int=_integer,
            parse_float=JsonNumber,
            parse_constant=_no_constant,
            object_pairs_hook=_members,
        )
    except json.JSONDecodeError as error:
        raise _malformed(f"{error.msg} at character {error.pos + 1}") from None
    except UnicodeDecodeError as error:
        raise _malformed(f"byte {error.start + 1} is not UTF-8") from None
    except RecursionError:
        raise _malformed("it is nested too deeply") from None


def _integer(text: str) -> int | JsonNumber:
    return int(text) if len(text) <= MOST_DIGITS else JsonNumber(text)


def _no_constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not a JSON number")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed(f"the member {twice[:64]!a} is there twice")
    return members


def _malformed(what: str) -> Problem:
    return Problem(400, "malformed_json", f"the body is not JSON: {what}")
