"""Orders of the firm's other sessions: those that are live when a drop copy begins, and copies."""

import asyncio
from collections.abc import Awaitable, Callable

from venue.client import (
    BusinessReject,
    Event,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    SessionReject,
)
from venue.web.link import Link
from venue.web.requests import Requests
from venue.web.shared import look_at
from venue.web.trading.records import Record, Records
from venue.web.trading.recovery import RECOVERY_SECONDS, settle
from venue.web.trading.status import apply_status


class Copies:
    """Reports of others than the owner of `records`, each given to `apply` with whose it is.

    After each Logon the venue is asked for all live orders, as nothing is told of before, and with
    `look_up` for what was live before and is no more.
    """

    def __init__(
        self,
        link: Link,
        records: Records,
        apply: Callable[[ExecutionReport, str], None],
        look_up: Callable[[Record], Awaitable[None]],
    ) -> None:
        self._link = link
        self._requests = Requests(link)
        self._records = records
        self._apply = apply
        self._look_up = look_up
        self._task: asyncio.Task[None] | None = None
        link.listen(self._hear)

    async def done(self) -> None:
        """Wait until the live orders are known, or the venue has not told them for some seconds:
        without them a list is shorter, and not wrong.
        """
        if self._task is not None:
            await asyncio.wait([self._task], timeout=RECOVERY_SECONDS)

    def _hear(self, event: Event) -> None:
        match event:
            case ExecutionReport(copy_of=copy_of):
                if copy_of not in (None, self._records.session):
                    self._apply(event, copy_of)
                if event.mass_status_req_id is not None:
                    apply_status(self._requests, event)
            case LoggedOn():
                self._end()
                self._task = asyncio.get_running_loop().create_task(self._ask())
                self._task.add_done_callback(look_at)
            case LoggedOut():
                self._requests.apply(event)
                self._end()
            case BusinessReject() | SessionReject():
                self._requests.apply(event)

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def _ask(self) -> None:
        before = [record for record in self._records.working if not record.is_own]
        await settle(self._link, self._requests, before, self._look_up)
