"""What a thing costs that is there by turns: for a span it is, for a span it is not, in the order
ABBA, in which what grows or shrinks steadily does not count. Pure.

Who switches says when; what was done meanwhile is cut out of rows that the process under load has
noted itself.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

SETTLE = 2
"""Rows that do not count after what was switched has got there: books are sent whole, for example.
"""
LEAST = 500
"""Messages of a block. With fewer the load was not there all the time."""


class Row(Struct, frozen=True, array_like=True):
    """Before a turn of the loop: nanoseconds on the clock, and of a processor; messages so far; and
    how many sessions and subscriptions are there.
    """

    clock: int
    cpu: int
    messages: int
    there: int


class Span(Struct, frozen=True):
    """From when to when the thing was to be there or not, in nanoseconds on the clock; `beside` is
    the processor time that the process beside had meanwhile.
    """

    is_on: bool
    start: int
    end: int
    beside: int = 0


class Block(Struct, frozen=True):
    """What so many messages took of the loop's processor time, and on the clock; and what of a
    processor the process beside had in the block's span, as a share.
    """

    is_on: bool
    messages: int
    cpu: int
    clock: int
    beside: float = 0.0


Quad = Sequence[Block]
"""Four blocks that follow each other, ABBA or BAAB."""


def order(number: int) -> bool:
    """Whether the thing is there in span `number`, from 0 on."""
    return number % 4 in (0, 3)


def quads(rows: Sequence[Row], spans: Sequence[Span]) -> list[Quad]:
    """Of every four spans their blocks, where there are all four."""
    within = [(span, _within(rows, span)) for span in spans]
    usual = {is_on: _usual(within, is_on) for is_on in (True, False)}
    if usual[True] <= usual[False]:
        return []
    blocks = [_block(own, span, usual[span.is_on]) for span, own in within]
    found: list[Quad] = []
    for first in range(0, len(blocks) - 3, 4):
        four = [each for each in blocks[first : first + 4] if each is not None]
        if len(four) == 4:
            found.append(four)
    return found


def _within(rows: Sequence[Row], span: Span) -> Sequence[Row]:
    first = bisect_left(rows, span.start, key=lambda row: row.clock)
    return rows[first : bisect_right(rows, span.end, key=lambda row: row.clock)]


def _usual(within: Sequence[tuple[Span, Sequence[Row]]], is_on: bool) -> int:
    """How many are there where the thing is, or is not; 0 where nothing was done."""
    ends = Counter(rows[-1].there for span, rows in within if rows and span.is_on is is_on)
    return max(ends, key=lambda each: ends[each], default=0)


def _block(rows: Sequence[Row], span: Span, usual: int) -> Block | None:
    """What was done in a span once all were there. None where there was too little to do."""
    late = [at for at, row in enumerate(rows) if row.there != usual]
    counted = rows[late[-1] + 1 + SETTLE :] if late else rows
    if not counted or counted[-1].messages - counted[0].messages < LEAST:
        return None
    begin, end = counted[0], counted[-1]
    messages, cpu = end.messages - begin.messages, end.cpu - begin.cpu
    share = span.beside / (span.end - span.start)
    return Block(span.is_on, messages, cpu, end.clock - begin.clock, share)


def micros(quad: Quad, is_on: bool, measure: Literal["cpu", "clock"]) -> float:
    """Microseconds a message in those blocks of a quad. Each counts as much as the other, for else
    what becomes slower would count as the larger ones lie.
    """
    own = [getattr(each, measure) / each.messages for each in quad if each.is_on is is_on]
    return float(sum(own)) / len(own) / 1000


def more(quad: Quad, measure: Literal["cpu", "clock"]) -> float:
    """By what part of the time without the thing a message takes longer with it."""
    return micros(quad, True, measure) / micros(quad, False, measure) - 1


def beside(quads: Sequence[Quad], is_on: bool) -> float:
    """The share of a processor that the process beside had, on average."""
    shares = [each.beside for quad in quads for each in quad if each.is_on is is_on]
    return sum(shares) / len(shares)
