"""After each Logon: which orders are live, and what has become of those that are not any more."""

import asyncio
from collections.abc import Awaitable, Callable

from venue.web.link import Link
from venue.web.problems import Problem, venue_down
from venue.web.requests import Requests
from venue.web.shared import look_at
from venue.web.trading.records import Record, Records
from venue.web.trading.status import ask_all, ask_status, is_unknown, names_of
from venue.web.trading.watchers import Watchers

AT_ONCE = 50
"""Orders that are asked for one by one."""
PAUSE = 0.5
RECOVERY_SECONDS = 10.0
TRY_AGAIN = (429, 504)


class Recovery:
    """Makes the records right again. Until then they are those of before the Logon."""

    def __init__(
        self, link: Link, requests: Requests, records: Records, watchers: Watchers
    ) -> None:
        self._link = link
        self._requests = requests
        self._records = records
        self._watchers = watchers
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.end()
        self._task = asyncio.get_running_loop().create_task(self._recover())
        self._task.add_done_callback(look_at)

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def done(self) -> None:
        """Wait until the records are right; raise a Problem of 503 where they will not be soon."""
        task = self._task
        if task is None:
            raise venue_down(self._link.text)
        if not task.done():
            await asyncio.wait([task], timeout=RECOVERY_SECONDS)
        if not task.done():
            headers = {"Retry-After": "1"}
            raise Problem(503, "recovering", "the orders are still being read", headers=headers)
        if task.cancelled():
            raise venue_down(self._link.text)
        task.result()

    async def _recover(self) -> None:
        before = [record for record in self._records.working if record.is_own]
        await settle(self._link, self._requests, before, self.look_up)

    async def look_up(self, record: Record) -> None:
        """Ask what has become of one order of the firm."""
        report = await ask_status(self._link, self._requests, *names_of(record))
        if is_unknown(report):
            lost = self._records.lose(record.order_id)
            if lost is not None:
                self._watchers.order(lost)


async def settle(
    link: Link,
    requests: Requests,
    before: list[Record],
    look_up: Callable[[Record], Awaitable[None]],
) -> None:
    """Have all live orders told over a link, and `look_up` of those that were live `before` and are
    no more, some at a time; again where it was too much at once or there was no answer.
    """
    while True:
        before = [record for record in before if record.is_working]
        try:
            live = await ask_all(link, requests)
            gone = [record for record in before if record.order_id not in live]
            for at in range(0, len(gone), AT_ONCE):
                await asyncio.gather(*(look_up(record) for record in gone[at : at + AT_ONCE]))
            return
        except Problem as problem:
            if problem.status not in TRY_AGAIN:
                raise
        await asyncio.sleep(PAUSE)
