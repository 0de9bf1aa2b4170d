"""What the loop copies of the venue when it is asked: numbers and names, as they are at one moment.

Everything else is made of it elsewhere. Times are nanoseconds since 1970 UTC, prices ticks,
quantities lots.
"""

from msgspec import Struct

Buckets = tuple[tuple[float, ...], list[int], float]
"""A histogram: its bounds, the counts, the sum."""


class SessionPicture(Struct, array_like=True, gc=False):
    """A FIX session. `since` is when it logged on, 0 while it is away; `unread` are the bytes that
    wait for it, in the venue and in the kernel; `next_in` and `next_out` are the MsgSeqNum(34) of
    the next message from and to it.
    """

    name: str
    firm: str
    roles: list[str]
    since: int
    address: str
    next_in: int
    next_out: int
    unread: int
    is_behind: bool
    is_resending: bool


class BookPicture(Struct, array_like=True, gc=False):
    """An instrument's trading. A `bid` and an `offer` are (price, shown qty), None where there is
    none or a call hides the book; `levels` are of each side, `waiting` are stops and the like.
    """

    symbol: str
    market: str
    tick: str
    lot: str
    phase: str
    is_halted: bool
    is_listed: bool
    bid: tuple[int, int] | None
    offer: tuple[int, int] | None
    last: tuple[int, int] | None
    levels: tuple[int, int]
    waiting: int


class Picture(Struct, array_like=True, gc=False):
    """A venue, or its market data process.

    `rates` are by what is counted, per second over the last 1, 10 and 60 seconds. `lag` are the
    seconds by which a market data process is behind its venue, and how many batches, as far as it
    knows. `numbers` are the plain counters and gauges by name.
    """

    comp_id: str
    address: str
    versions: list[str]
    begun: int
    time: int
    batch: int
    numbers: dict[str, int]
    lag: float
    events: dict[str, int]
    refused: list[tuple[str, str, int]]
    rates: dict[str, tuple[float, float, float]]
    turn_messages: Buckets
    turn_seconds: Buckets
    commit_seconds: Buckets
    sessions: list[SessionPicture]
    books: list[BookPicture]
