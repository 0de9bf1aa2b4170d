"""A question that many ask and few are needed for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from venue.web.problems import Problem

log = structlog.get_logger()

T = TypeVar("T")


class Shared(Generic[T]):
    """Who asks while an answer is awaited shares the next one with all who do so.

    So an answer is never older than its question, and no more than two are under way. Whoever goes
    away leaves it to the others.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._now: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def answer(self) -> T:
        """Return the answer, or raise what asking raises."""
        if self._now is None or self._now.done():
            self._now = self._start(None)
            return await asyncio.shield(self._now)
        if self._next is None:
            self._next = self._start(self._now)
        return await asyncio.shield(self._next)

    def _start(self, before: "asyncio.Task[T] | None") -> "asyncio.Task[T]":
        task = asyncio.get_running_loop().create_task(self._after(before))
        task.add_done_callback(look_at)
        return task

    async def _after(self, before: "asyncio.Task[T] | None") -> T:
        if before is not None:
            await asyncio.wait([before])
            self._now, self._next = self._next, None
        return await self._ask()


def look_at(task: "asyncio.Task[T]") -> None:
    """A Problem that nobody waits for any more is nobody's business; anything else is a defect."""
    if not task.cancelled():
        error = task.exception()
        if error is not None and not isinstance(error, Problem):
            log.error("defect", exc_info=error)
