"""A FIX session of the web, kept up for ever.

Everything here runs on the event loop, but for what QuickFIX's thread calls: it notes a message,
and that there is something to read. Each connection is made in a thread, by a client of its own,
and tried until there is one: after a refusal more and more seldom, as the venue counts failures.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
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
from venue.errors import VenueError
from venue.web.messages import MessageLog, time_text
from venue.web.pace import Pace
from venue.web.problems import Problem, venue_down
from venue.web.shapes import LinkState, LinkStatus
from venue.web.shared import look_at
from venue.web.turns import Turns

log = structlog.get_logger()

Handler = Callable[[Event], None]

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
"""Seconds between two tries to connect."""
FIRST_REFUSED, LONGEST_REFUSED, LONGEST_WRONG = 1.0, 5.0, 60.0
"""The same after a Logon that was refused, or a Logout that says why: with a password, which may be
the wrong one and counts against a lock-out, up to the last, unless there is another one meanwhile.
"""
STEADY_SECONDS = 10.0
"""A session that was up for so long may come back as fast as at first."""
LOGON_SECONDS = 5.0
AT_ONCE, SLICE = 100, 0.004
"""So many events are handed out, and so many seconds it takes, before others have their turn."""
QUICKFIX = {"HeartBtInt": "10", "ReconnectInterval": "86400"}


class LinkSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who logs on, to whom and where. `password` is asked for before each Logon, and may raise
    `VenueError`. `quickfix` overrides settings of QuickFIX, `throttle` is what the venue allows the
    session, which `only_asks` if it enters no orders.
    """

    comp_id: str
    host: str
    port: int
    target_comp_id: str = "VENUE"
    version: str = "FIX.5.0SP2"
    username: str | None = None
    password: Callable[[], str | None] = lambda: None
    quickfix: Mapping[str, str] = {}
    throttle: ThrottleConfig | None = None
    only_asks: bool = False


class Link:
    """One FIX session. `listen` before `start`; who listens hears LoggedOn and LoggedOut, too."""

    def __init__(self, logon: LinkSettings, messages: MessageLog) -> None:
        self.comp_id = logon.comp_id
        self.state: LinkState = "connecting"
        self.since = time_text(time.time())
        self.text: str | None = None
        self.tried = asyncio.Event()
        self._logon = logon
        self._messages = messages
        self._handlers: list[Handler] = []
        self._client: Client | None = None
        self._tried: str | None = None
        self._refused_pause = FIRST_REFUSED
        self._up_since = 0.0
        self._connecting: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = ThreadPoolExecutor(1, f"link-{logon.comp_id}")
        self._loop_thread = 0
        self._is_due = False
        self._is_stopping = False
        self._sent_seq: int | None = None
        self._pace = None if logon.throttle is None else Pace(logon.throttle, logon.only_asks)
        self._turns = None if self._pace is None else Turns(self._pace, self._is_live)

    @property
    def is_up(self) -> bool:
        """Tell whether requests can be sent."""
        return self.state == "up"

    @property
    def status(self) -> LinkStatus:
        return LinkStatus(comp_id=self.comp_id, state=self.state, since=self.since, text=self.text)

    @property
    def next_numbers(self) -> tuple[int, int] | None:
        """The MsgSeqNum(34) of the next message to the venue and of the next one from it; None
        before the first connection.
        """
        return None if self._client is None else self._client.next_numbers

    def listen(self, handler: Handler) -> None:
        """Call `handler` with every event, in arrival order. What it raises is logged."""
        self._handlers.append(handler)

    def client(self) -> Client:
        """Return the session; raise a Problem of 503 unless it is up."""
        if self._client is None or self.state != "up":
            raise venue_down(self.text)
        return self._client

    def reserve(self, messages: int, patience: float, is_question: bool = True) -> float:
        """Return in how many seconds so many messages may be sent; raise a Problem of 429 where the
        venue's throttle does not let them pass within `patience`.
        """
        return 0 if self._pace is None else self._pace.reserve(messages, patience, is_question)

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

    def when_allowed(self, send: Callable[[], object]) -> None:
        """Call `send`, which sends one message, as soon as the venue's throttle lets it pass; not
        at all where the connection is lost before. What goes out so stays in order.
        """
        if self._turns is None:
            send()
        else:
            self._turns.send(self._client, send)

    def _is_live(self, connection: object) -> bool:
        return self._client is connection and self.is_up

    async def start(self) -> None:
        """Begin to connect; do not wait for it."""
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._begin()

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
        """End the connection that there is; runs in the thread."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _begin(self, was_sent_away: bool = False) -> None:
        connecting = self._connect(was_sent_away)
        self._connecting = asyncio.get_running_loop().create_task(connecting)
        self._connecting.add_done_callback(look_at)

    async def _connect(self, was_sent_away: bool) -> None:
        loop = asyncio.get_running_loop()
        if was_sent_away:
            await self._wait()
        pause = FIRST_PAUSE
        while True:
            try:
                await loop.run_in_executor(self._thread, self._close)
                await self._reach()
                await loop.run_in_executor(self._thread, self._log_on)
                break
            except OSError as error:  # a TimeoutError is one
                number = error.errno or 0
                self._failed(os.strerror(number) if number > 0 else "no answer")
            except LogonFailed as failure:
                self._failed(str(failure).partition(": ")[2])
                if failure.is_refused:
                    await self._wait()
            except VenueError as error:
                self._failed(str(error))
            except Exception:
                log.exception("no connection", session=self.comp_id)
                self._change("down", "a defect, which the log tells")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._read()

    async def _wait(self) -> None:
        """Wait longer each time, or until there is another password."""
        end = time.monotonic() + self._refused_pause
        longest = LONGEST_REFUSED if self._tried is None else LONGEST_WRONG
        self._refused_pause = min(2 * self._refused_pause, longest)
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(1.0, left))
            with suppress(VenueError):
                if self._logon.password() != self._tried:
                    return

    async def _reach(self) -> None:
        """Raise OSError where nobody listens: QuickFIX would find out at a much higher price."""
        opening = asyncio.open_connection(self._logon.host, self._logon.port)
        _, writer = await asyncio.wait_for(opening, LOGON_SECONDS)
        writer.close()

    def _failed(self, reason: str) -> None:
        if (self.state, self.text) != ("down", reason):
            self._change("down", reason)

    def _log_on(self) -> None:
        self._tried = password = self._logon.password()
        self._client = connect(
            self.comp_id,
            host=self._logon.host,
            port=self._logon.port,
            target_comp_id=self._logon.target_comp_id,
            version=self._logon.version,
            username=self._logon.username if password is not None else None,
            password=password,
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
        client = self._client
        if client is None:
            return
        end = time.monotonic() + SLICE
        for _ in range(AT_ONCE):
            try:
                event = client.take()
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
        if self._pace is not None:
            self._pace.heard()
        if isinstance(event, LoggedOn):
            self._up_since = time.monotonic()
            self._change("up", None)
        elif isinstance(event, LoggedOut):
            self._change("down", event.text or "the connection is lost")
            if time.monotonic() - self._up_since >= STEADY_SECONDS:
                self._refused_pause = FIRST_REFUSED
            if not self._is_stopping:
                self._begin(was_sent_away=event.text is not None)
        for handler in self._handlers:
            try:
                handler(event)
            except Exception:
                log.exception("defect", session=self.comp_id, hearing=type(event).__name__)

    def _change(self, state: LinkState, text: str | None) -> None:
        self.state, self.since, self.text = state, time_text(time.time()), text
        self.tried.set()
        tell = log.info if state == "up" else log.warning
        tell("venue", session=self.comp_id, state=state, **({"text": text} if text else {}))
