"""A question that many ask."""

import asyncio

import pytest

from venue.web.shared import Shared


def test_who_comes_later_gets_a_later_answer() -> None:
    async def scenario() -> list[int]:
        asked = 0

        async def ask() -> int:
            nonlocal asked
            asked += 1
            mine = asked
            await asyncio.sleep(0.01)
            return mine

        shared = Shared(ask)
        first = asyncio.ensure_future(shared.answer())
        await asyncio.sleep(0)
        others = [asyncio.ensure_future(shared.answer()) for _ in range(3)]
        answers = [await first, *[await other for other in others], await shared.answer()]
        assert asked == 3
        return answers

    assert asyncio.run(scenario()) == [1, 2, 2, 2, 3]


def test_who_goes_away_leaves_it_to_the_others() -> None:
    async def scenario() -> str:
        may_answer = asyncio.Event()

        async def ask() -> str:
            await may_answer.wait()
            return "answer"

        shared = Shared(ask)
        asked = [asyncio.ensure_future(shared.answer()) for _ in range(3)]
        await asyncio.sleep(0)
        for each in asked[:2]:
            each.cancel()
            await asyncio.sleep(0)
        may_answer.set()
        return await asked[2]

    assert asyncio.run(scenario()) == "answer"


def test_failure_is_everybodys_and_ends_with_the_question() -> None:
    async def scenario() -> str:
        fails = True

        async def ask() -> str:
            await asyncio.sleep(0)
            if fails:
                raise ConnectionError
            return "answer"

        shared = Shared(ask)
        asked = [asyncio.ensure_future(shared.answer()) for _ in range(3)]
        for each in asked:
            with pytest.raises(ConnectionError):
                await each
        fails = False
        return await shared.answer()

    assert asyncio.run(scenario()) == "answer"
