"""What is sent of what a throttle lets pass: in order, and not to a venue that stands still."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from venue.config import ThrottleConfig
from venue.gateway.throttle import SECOND, Throttle
from venue.web.pace import STILL_SECONDS, Pace
from venue.web.problems import Problem
from venue.web.turns import Turns

MESSAGES, RATE = 20, 20 * 0.9
AT_ONCE = 15


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def paced() -> tuple[Pace, Clock]:
    """Of who only asks: 15 at once, then 18 a second."""
    clock = Clock()
    return Pace(ThrottleConfig(messages=MESSAGES, seconds=1), only_asks=True, clock=clock), clock


def sent(pace: Pace) -> int:
    """How many can be sent now."""
    count = 0
    while pace.delay() <= 1e-9:
        pace.reserve(1, 0.001, is_question=True)
        count += 1
    return count


def test_a_venue_that_answers_gets_the_whole_rate() -> None:
    pace, clock = paced()
    total = sent(pace)
    for _ in range(100):
        clock.now += 0.1
        pace.heard()
        total += sent(pace)
    assert total == pytest.approx(AT_ONCE + 10 * RATE, abs=2)


def test_a_quiet_venue_that_was_asked_nothing_is_none_that_stands_still() -> None:
    pace, clock = paced()
    assert sent(pace) == AT_ONCE
    clock.now += STILL_SECONDS / 2
    pace.heard()
    clock.now += 10
    assert sent(pace) == AT_ONCE


@pytest.mark.parametrize("is_quiet", [False, True], ids=["busy", "quiet before"])
@pytest.mark.parametrize("stall", [0.05, 0.2, 1.0, 2.5, 30.0])
def test_a_venue_that_stands_still_is_never_sent_too_much(stall: float, is_quiet: bool) -> None:
    """It takes at once what was sent meanwhile; whatever the moment, and for how long."""
    for step in range(40):
        pace, clock = paced()
        throttle = Throttle(MESSAGES, 1, 1, 30)
        throttle.take(0)
        begins = 2.0 + step * 0.013
        waiting = 0
        while clock.now < begins + stall + 3:
            if not is_quiet or clock.now >= begins:
                waiting += sent(pace)
            clock.now += 0.005
            if begins <= clock.now < begins + stall:
                continue
            for _ in range(waiting):
                assert throttle.take(int(clock.now * SECOND)), (begins, clock.now)
            if waiting:
                pace.heard()
            waiting = 0


def test_what_is_said_before_a_message_is_sent_is_no_word_about_it() -> None:
    pace, clock = paced()
    assert pace.reserve(24, 5, is_question=True) == pytest.approx(0)
    assert pace.reserve(1, 5, is_question=True) == pytest.approx(10 / RATE)
    clock.now = 0.01
    pace.heard()
    clock.now = 100.0
    assert sent(pace) == 1  # as of 0.1 s after it was
    pace.heard()
    clock.now += 10
    assert sent(pace) == AT_ONCE


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def ended() -> None:
        async with asyncio.timeout(30):
            await scenario()

    asyncio.run(ended())


def test_in_order_and_as_soon_as_may_be() -> None:
    async def scenario() -> None:
        pace = Pace(ThrottleConfig(messages=20, seconds=1), only_asks=True)
        turns = Turns(pace, lambda _: True)
        told: list[int] = []

        def tell(number: int) -> None:
            told.append(number)
            pace.heard()
            if number == 17:
                raise Problem(503, "venue_down", "lost")

        for number in range(20):
            turns.send("connection", lambda number=number: tell(number))  # type: ignore[misc]
        assert told == list(range(AT_ONCE))
        time.sleep(0.2)  # there are tokens again, and nobody has had his turn
        turns.send("connection", lambda: tell(20))
        while len(told) < 21:
            await asyncio.sleep(0.01)
        assert told == list(range(21))
        await asyncio.sleep(0.2)
        with pytest.raises(Problem):
            turns.send("connection", lambda: tell(17))

    run(scenario)


def test_what_was_meant_for_a_connection_that_is_lost() -> None:
    async def scenario() -> None:
        pace = Pace(ThrottleConfig(messages=20, seconds=1), only_asks=True)
        here: list[object] = ["first"]
        turns = Turns(pace, lambda connection: connection in here)
        told: list[str] = []

        def tell(what: str) -> None:
            told.append(what)
            pace.heard()

        for _ in range(AT_ONCE + 2):
            turns.send("first", lambda: tell("first"))
        here[:] = ["second"]
        turns.send("second", lambda: tell("second"))
        while "second" not in told:
            await asyncio.sleep(0.01)
        assert told == ["first"] * AT_ONCE + ["second"]

    run(scenario)
