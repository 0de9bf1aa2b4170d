"""What an OperatorReport (U2) lists: sessions, firms or limits, a field for each column.

Without a dictionary, as operators may be, QuickFIX refuses whatever has a tag twice, and so every
group: a field has the words of all rows, with spaces between.
"""

from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct, structs

NONE = "none"
ALL = "*"
"""Any firm, account or instrument: what is written out is never this."""
NO_ACCOUNT = "()"
"""Likewise."""


class SessionState(Struct, frozen=True):
    """How a session stands, in words: `version` is as in FIX.4.4, `roles` have commas between,
    `state` is logged_on, logged_off, never or disabled, `address` none while it is not there.
    """

    comp_id: str
    version: str
    firm: str
    roles: str
    state: str
    next_out: str
    next_in: str
    address: str


class FirmState(Struct, frozen=True):
    """Whether orders of a firm are taken: `state` is trading, or killed; `killed` are the accounts
    whose own kill switch is engaged, written out with commas between, or `NO_ACCOUNT`.
    """

    firm: str
    state: str
    killed: str


class LimitState(Struct, frozen=True):
    """Limits of a scope, whose parts are written out, or `ALL`: without a firm they are those of
    each by itself. `limits` are name=value, values written out, with commas between.
    """

    firm: str
    account: str
    symbol: str
    limits: str


Row = SessionState | FirmState | LimitState
FIRST_TAG = {SessionState: 9241, FirmState: 9251, LimitState: 9261}
"""Where the first column is told; each next one in the next tag."""


def written_out(text: str) -> str:
    """A text without spaces, commas and `ALL`: percent-encoded (RFC 3986)."""
    return quote(text, safe="")


def columns(rows: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    """Tag and text of each column; rows are all of a kind."""
    if rows:
        first = FIRST_TAG[type(rows[0])]
        for offset, column in enumerate(zip(*map(structs.astuple, rows), strict=True)):
            yield str(first + offset), " ".join(column)
