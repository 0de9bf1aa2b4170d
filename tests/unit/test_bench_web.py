"""What `scripts/bench --web` makes of what it has measured."""

import random
from itertools import pairwise

import pytest

from venue.bench.blocks import LEAST, SETTLE, Block, Row, Span, beside, micros, more, order, quads
from venue.bench.web_cost import summary
from venue.bench.web_switches import PING, pings_of

MS = 1_000_000
SPAN = 100 * MS
TURN_MESSAGES = 50


def course(
    cost: float, spans: int = 8, late: int = 0, noise: float = 0.0, there: tuple[int, int] = (7, 3)
) -> tuple[list[Row], list[Span]]:
    """A venue that becomes slower by and by, of 20 us an order at first and `cost` more where the
    thing is, so many milliseconds after it was switched; `noise` is what a turn takes more at most.
    """
    rng = random.Random(5)
    rows: list[Row] = []
    clock = cpu = messages = 0
    while clock < spans * SPAN:
        is_on = order(max(0, clock - late * MS) // SPAN)
        rows.append(Row(clock, cpu, messages, there[0] if is_on else there[1]))
        slow = 1 + clock / (spans * SPAN)
        took = round(20_000 * slow * (1 + cost * is_on) * TURN_MESSAGES * rng.uniform(1, 1 + noise))
        clock, cpu, messages = clock + 2 * took, cpu + took, messages + TURN_MESSAGES
    return rows, [
        Span(order(number), number * SPAN, (number + 1) * SPAN, SPAN // 4)
        for number in range(spans)
    ]


def test_the_order_is_abba() -> None:
    assert "".join("BA"[order(number)] for number in range(8)) == "ABBAABBA"
    switches = sum(one is not other for one, other in pairwise(map(order, range(9))))
    assert switches == 4


@pytest.mark.parametrize("cost", [0.0, 0.05, 0.2])
def test_the_cost_is_found_in_a_machine_that_becomes_slower(cost: float) -> None:
    rows, spans = course(cost, spans=400, late=20, noise=0.3)
    found = summary(quads(rows, spans))
    assert found["differences"] == 100
    for measure in ("cpu", "clock"):
        low, high = found[f"{measure}_from_to"]
        assert low < found[f"{measure}_percent"] < high and high - low < 4
        assert found[f"{measure}_percent"] == pytest.approx(100 * cost, abs=1.5)
    assert found["clock_us"] == pytest.approx(2 * found["cpu_us"], rel=0.01)
    assert found["web_percent"] == 25


def test_what_comes_late_counts_from_when_it_is_there() -> None:
    rows, spans = course(0.5, late=20)
    found = quads(rows, spans)
    assert [more(quad, "cpu") for quad in found] == pytest.approx([0.5, 0.5], abs=0.05)
    for at, there in ((1, 3), (3, 7)):
        own = [row for row in rows if at * SPAN <= row.clock <= (at + 1) * SPAN]
        late = sum(row.there != there for row in own)
        turns = len(own) - late - SETTLE - 1
        assert late and found[0][at].messages == turns * TURN_MESSAGES
    for at in (0, 2):  # nothing was switched before these
        turns = sum(at * SPAN <= row.clock <= (at + 1) * SPAN for row in rows) - 1
        assert found[0][at].messages == turns * TURN_MESSAGES


def test_four_that_are_not_all_there_are_no_quad() -> None:
    rows, spans = course(0.1)
    assert len(quads(rows, spans)) == 2
    assert len(quads(rows, spans[:7])) == 1
    idle = [row for row in rows if not 520 * MS < row.clock < 580 * MS]
    few = [row for row in idle if not 500 * MS < row.clock < 520 * MS]
    assert len(quads(few, spans)) == 1, f"fewer than {LEAST} messages"
    stranger = [Row(*row_of(row, 9 if row.clock > 790 * MS else row.there)) for row in rows]
    assert len(quads(stranger, spans)) == 1, "somebody else came"


def row_of(row: Row, there: int) -> tuple[int, int, int, int]:
    return row.clock, row.cpu, row.messages, there


@pytest.mark.parametrize("there", [(3, 3), (0, 0), (2, 3)])
def test_what_never_got_there_is_not_compared(there: tuple[int, int]) -> None:
    assert quads(*course(0.1, there=there)) == []
    with pytest.raises(SystemExit, match="to compare anything"):
        summary([])


def test_blocks_count_alike_whatever_was_done_in_them() -> None:
    sizes = {True: (4000, 1000), False: (1000, 4000)}
    costs = {True: (30_000, 10_000), False: (10_000, 20_000)}
    quad = [
        Block(is_on, sizes[is_on][at], 0, sizes[is_on][at] * costs[is_on][at], beside=at / 2)
        for is_on, at in ((True, 0), (False, 0), (False, 1), (True, 1))
    ]
    assert (micros(quad, True, "clock"), micros(quad, False, "clock")) == (20, 15)
    assert more(quad, "clock") == pytest.approx(1 / 3)
    assert beside([quad], True) == 0.25


@pytest.mark.parametrize("size", [0, 125, 126, 0xFFFF, 0x10000])
def test_pings_are_found_among_frames(size: int) -> None:
    def frame(code: int, payload: bytes) -> bytes:
        many = len(payload)
        if many < 126:
            return bytes((code, many)) + payload
        if many <= 0xFFFF:
            return bytes((code, 126)) + many.to_bytes(2, "big") + payload
        return bytes((code, 127)) + many.to_bytes(8, "big") + payload

    update = frame(0x81, bytes((PING,)) * size)
    whole = update + frame(PING, b"one") + update + frame(PING, b"") + frame(PING, b"two")
    assert pings_of(whole) == ([b"one", b"", b"two"], b"")
    for cut in {0, 1, 3, len(update) - 1, len(update) + 3, len(whole) - 1}:
        first, rest = pings_of(whole[:cut])
        second, nothing = pings_of(rest + whole[cut:])
        assert ([*first, *second], nothing) == ([b"one", b"", b"two"], b"")
