"""The process beside the venue that answers who wants to see how it is.

It is forked before the venue has anything that would have to be shared: no thread, no journal, no
session. So whoever asks, however often, slowly or wrongly, is none of the loop's business, and
where the loop hangs there is somebody to say so.
"""

import errno
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from venue.errors import VenueError
from venue.monitoring.frames import OPEN, PAINT, PICTURE, PING, PONG, REFUSED, STATE, Frames
from venue.monitoring.picture import Picture
from venue.monitoring.server import RUNNING, Answer, Server
from venue.monitoring.unix_socket import listen

NICE = 10
"""Of 19: the venue comes first."""
PATIENCE = 2.0
"""Seconds that the process has to open its socket."""
SHARE = 100
"""So often the time that a picture took the next has to wait: all get a hundredth of the loop's."""
LONGEST = 1.0
"""Seconds that it has to wait at most."""

log = structlog.get_logger()


class Lookout:
    """The venue's end. `open` once the data directory is ours, `tick` in the loop, `end` last.

    Where it cannot be, or dies, the venue goes on without.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._process = os.fork()
        if not self._process:
            ours.close()
            _run(Frames(theirs))
        theirs.close()
        self._link = Frames(ours)
        self._is_gone = self._is_wanted = self._has_ended = False
        self._not_before = 0.0
        self._mine: tuple[Path, int] | None = None

    def open(self, path: Path, host: str, port: int | None) -> None:
        """Have it listen at `path`, and at a port if there is one. Raise `VenueError` where that
        cannot be had.
        """
        whole = bytes(path.absolute())
        if port is None:
            self._link.hand_over(OPEN, whole, [])
        else:
            with _listen(host, port) as listener:
                log.info("monitoring", address=f"{host}:{listener.getsockname()[1]}")
                self._link.hand_over(OPEN, whole, [listener.fileno()])
        until = time.monotonic() + PATIENCE
        answer = b""
        while not answer and not self._link.is_over and time.monotonic() < until:
            select.select([self._link.socket], [], [], max(0.0, until - time.monotonic()))
            answer = self._link.read()
        if answer == OPEN:
            self._mine = path, path.stat().st_ino

    def say(self, state: str) -> None:
        """Tell what the venue does; while it is not `RUNNING`, nothing else is told."""
        self._link.tell(STATE, state.encode())

    def run(self) -> None:
        self.say(RUNNING)

    def tick(self, picture: Callable[[], Picture]) -> None:
        """Answer what was asked since the last time."""
        link = self._link
        if self._is_gone:
            return
        asked = link.read()
        if link.is_over:
            self._is_gone = True
            log.error("nobody can ask for the status any more, its process has ended")
            return
        if PING in asked:
            link.tell(PONG)
        if PAINT in asked:
            self._is_wanted = True
        link.send()
        now = time.monotonic()
        if self._is_wanted and link.is_clear and now >= self._not_before:
            self._is_wanted = False
            begun = time.thread_time()
            link.tell(PICTURE, msgspec.msgpack.encode(picture()))
            self._not_before = now + min(SHARE * (time.thread_time() - begun), LONGEST)

    def end(self) -> None:
        """End the process, and take its socket file away. May be called again."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._mine is not None:
            path, inode = self._mine
            with suppress(OSError):
                if path.stat().st_ino == inode:
                    path.unlink()
        self._link.socket.close()
        with suppress(OSError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=128)
        except (OSError, OverflowError) as error:
            # The one of a venue that was killed is about to see it.
            taken = getattr(error, "errno", None) == errno.EADDRINUSE
            if not taken or time.monotonic() > until:
                text = f"cannot listen on {host}:{port} (monitoring): {error}"
                raise VenueError(text) from None
            time.sleep(0.05)


def _run(link: Frames) -> None:
    """All that the process does."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the venue says when
        os.setsid()
        server = Server(link, _pages())

        def hear(kind: bytes, body: bytes) -> None:
            if kind == OPEN:
                opened = _opened(Path(os.fsdecode(body)))
                for descriptor in link.descriptors:
                    server.listen(socket.socket(fileno=descriptor))
                if opened is not None:
                    server.listen(opened)
                link.send(REFUSED if opened is None else OPEN)
                os.nice(NICE)

        server.run(hear)
    except Exception:
        log.exception("defect", where="status")
    finally:
        os._exit(0)


def _opened(path: Path) -> socket.socket | None:
    """Listen there, or log why that cannot be."""
    until = time.monotonic() + PATIENCE / 2
    while True:
        try:
            return listen(path)
        except OSError as error:
            if not isinstance(error, FileExistsError) or time.monotonic() > until:
                log.warning("no socket for `venue status`", path=str(path), reason=str(error))
                return None
            time.sleep(0.02)


def _pages() -> dict[str, Answer]:
    """What is asked for is imported when it is, which takes 0.2 s."""

    def metrics(picture: bytes) -> tuple[bytes, str]:
        from venue.monitoring.metrics import metrics

        return metrics(msgspec.msgpack.decode(picture, type=Picture))

    def status(picture: bytes) -> tuple[bytes, str]:
        from venue.monitoring.status import status

        return status(msgspec.msgpack.decode(picture, type=Picture))

    return {"/metrics": metrics, "/status": status}
