"""A FIX session of the web, kept up for ever.

Everything here runs on the event loop, but for what QuickFIX's thread calls: it notes a message,
and that there is something to read. The first connection is made in a thread and tried until there
is one; from then on QuickFIX comes back by itself.
"""

import asyncio
import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import msgspec
import structlog

from venue.client import (
    Client,
    ClientError,
    Event,
    LoggedOn,
    LoggedOut,
    LogonFailed,
    NotLoggedOn,
    connect,
)
from venue.client.wire import SOH, Field
from venue.config import ThrottleConfig
from venue.web.messages import MessageLog, time_text
from venue.web.problems import Problem, venue_down
from venue.web.shapes import LinkState, LinkStatus

log = structlog.get_logger()

Handler = Callable[[Event], None]

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
"""Seconds between two tries to connect."""
LOGON_SECONDS = 5.0
AT_ONCE, SLICE = 100, 0.004
"""So many events are handed out, and so many seconds it takes, before others have their turn."""
QUICKFIX = {"HeartBtInt": "10"}


SHARE_AT_ONCE, SHARE_OF_RATE = 0.75, 0.9
"""Of the venue's throttle: messages do not arrive as evenly as they are sent, and some are neither
asked for nor waited for.
"""


class LinkSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs on, to whom and where. `quickfix` overrides settings of QuickFIX, `throttle` is what
    the venue allows the session.
    """

    comp_id: str
    host: str
    port: int
    target_comp_id: str = "VENUE"
    version: str = "FIX.5.0SP2"
    username: str | None = None
    password: str | None = None
    quickfix: Mapping[str, str] = {}
    throttle: ThrottleConfig | None = None


class Pace:
    """Keeps a session below the venue's throttle: a bucket of tokens, one a message."""

    def __init__(
        self, throttle: ThrottleConfig, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = max(1.0, SHARE_AT_ONCE * throttle.messages)
        self._a_second = SHARE_OF_RATE * throttle.messages / throttle.seconds
        self._clock = clock
        self._left, self._time = self._most, clock()

    def reserve(self, messages: int, patience: float) -> float:
        """Take the tokens of messages, return in how many seconds they may be sent. Raise a Problem
        of 429, and take none, where that is longer than `patience`.
        """
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._time) * self._a_second)
        self._time = now
        delay = max(0.0, (min(messages, self._most) - self._left) / self._a_second)
        if delay > patience:
            headers = {"Retry-After": str(math.ceil(delay))}
            detail = "too many messages: the venue would not take so many of this session"
            raise Problem(429, "throttled", detail, headers=headers)
        self._left -= messages
        return delay


class Link:
    """One FIX session. `listen` before `start`; who listens hears LoggedOn and LoggedOut, too."""

    def __init__(self, logon: LinkSettings, messages: MessageLog) -> None:
        self.comp_id = logon.comp_id
        self.state: LinkState = "connecting"
        self.since = time_text(time.time())
        self.text: str | None = None
        self._logon = logon
        self._messages = messages
        self._handlers: list[Handler] = []
        self._client: Client | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = ThreadPoolExecutor(1, f"link-{logon.comp_id}")
        self._loop_thread = 0
        self._is_due = False
        self._is_stopping = False
        self._sent_seq: int | None = None
        self._pace = None if logon.throttle is None else Pace(logon.throttle)

    @property
    def is_up(self) -> bool:
        """Tell whether requests can be sent."""
        return self.state == "up"

    @property
    def status(self) -> LinkStatus:
        return LinkStatus(comp_id=self.comp_id, state=self.state, since=self.since, text=self.text)

    def listen(self, handler: Handler) -> None:
        """Call `handler` with every event, in arrival order. What it raises is logged."""
        self._handlers.append(handler)

    def client(self) -> Client:
        """Return the session; raise a Problem of 503 unless it is up."""
        if self._client is None or self.state != "up":
            raise venue_down(self.text)
        return self._client

    def reserve(self, messages: int, patience: float) -> float:
        """Return in how many seconds so many messages may be sent; raise a Problem of 429 where the
        venue's throttle does not let them pass within `patience`.
        """
        return 0 if self._pace is None else self._pace.reserve(messages, patience)

    def send(self, msg_type: str, fields: Iterable[Field]) -> int | None:
        """Send a message, return its MsgSeqNum(34). Raise a Problem of 503 if it was not sent, and
        of 422 for a value that would end its field or is not ASCII.
        """
        client = self.client()
        fields = tuple(fields)
        for tag, text in fields:
            if SOH in text or not text.isascii():
                raise Problem(
                    422, "invalid", f"field {tag}: expected ASCII without control characters"
                )
        self._sent_seq = None
        try:
            client.send(msg_type, fields)
        except NotLoggedOn:
            raise venue_down("the connection is lost") from None
        return self._sent_seq

    async def start(self) -> None:
        """Begin to connect; do not wait for it."""
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._connecting = self._loop.create_task(self._connect())

    async def stop(self) -> None:
        """Log out. A connection that is being made is waited for, and closed."""
        self._is_stopping = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)
        if self.state == "up":
            self._hand_out(LoggedOut(text="stopped"))

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            try:
                await self._reach()
                await loop.run_in_executor(self._thread, self._log_on)
                break
            except OSError as error:  # a TimeoutError is one
                number = error.errno or 0
                self._failed(os.strerror(number) if number > 0 else "no answer")
            except LogonFailed as failure:
                self._failed(str(failure).partition(": ")[2])
            except Exception:
                log.exception("no connection", session=self.comp_id)
                self._change("down", "a defect, which the log tells")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._read()

    async def _reach(self) -> None:
        """Raise OSError where nobody listens: QuickFIX would find out at a much higher price."""
        opening = asyncio.open_connection(self._logon.host, self._logon.port)
        _, writer = await asyncio.wait_for(opening, LOGON_SECONDS)
        writer.close()

    def _failed(self, reason: str) -> None:
        if (self.state, self.text) != ("down", reason):
            self._change("down", reason)

    def _log_on(self) -> None:
        self._client = connect(
            self.comp_id,
            host=self._logon.host,
            port=self._logon.port,
            target_comp_id=self._logon.target_comp_id,
            version=self._logon.version,
            username=self._logon.username if self._logon.password is not None else None,
            password=self._logon.password,
            timeout=LOGON_SECONDS,
            quickfix=QUICKFIX | dict(self._logon.quickfix),
            on_arrival=self._arrived,
            on_message=self._note,
        )

    def _note(self, direction: Literal["in", "out"], text: str) -> None:
        self._messages.add(self.comp_id, direction, text)
        if direction == "out" and threading.get_ident() == self._loop_thread:
            found = text.find(f"{SOH}34=")
            self._sent_seq = int(text[found + 4 : text.index(SOH, found + 4)])

    def _arrived(self) -> None:
        if not self._is_due and self._loop is not None and not self._is_stopping:
            self._is_due = True
            self._loop.call_soon_threadsafe(self._read)

    def _read(self) -> None:
        """Hand out what there is, a part at a time."""
        self._is_due = False  # before looking: what comes from now on calls again
        if self._client is None:
            return
        end = time.monotonic() + SLICE
        for _ in range(AT_ONCE):
            try:
                event = self._client.take()
            except ClientError as error:
                log.warning("unreadable", session=self.comp_id, text=str(error))
                continue
            if event is None:
                return
            self._hand_out(event)
            if time.monotonic() > end:
                break
        self._arrived()

    def _hand_out(self, event: Event) -> None:
        if isinstance(event, LoggedOn):
            self._change("up", None)
        elif isinstance(event, LoggedOut):
            self._change("down", event.text or "the connection is lost")
        for handler in self._handlers:
            try:
                handler(event)
            except Exception:
                log.exception("defect", session=self.comp_id, hearing=type(event).__name__)

    def _change(self, state: LinkState, text: str | None) -> None:
        self.state, self.since, self.text = state, time_text(time.time()), text
        tell = log.info if state == "up" else log.warning
        tell("venue", session=self.comp_id, state=state, text=text)
