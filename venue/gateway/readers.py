"""Finds the clients that do not read what they are sent, or send what QuickFIX can only keep, and
hangs up on them in time.

QuickFIX writes one message of a queue in each of its polls. So who has one is also written to with
polls of its own, as fast as it reads.
"""

import select
import socket
import time
from collections.abc import Callable, Collection, Sequence

import structlog

from venue.config import SlowReaderConfig
from venue.gateway.kernel import kernel_of
from venue.gateway.reader import Reader
from venue.gateway.sessions import Session

FEW_POLLS = 4
"""In which QuickFIX begins to write what waits for a socket."""
POLLS = 64
"""With which a queue is written down in one round of the loop."""
AT_A_TIME = 64
"""Sessions of which one look sees what they have sent."""
LAG, CAUGHT_UP = 256 << 10, 64 << 10
"""Bytes that a session leaves unread when it begins, and when it ceases, to be behind with market
data: meanwhile it is sent none.
"""

log = structlog.get_logger()


class Readers:
    """The clients of those `sessions` that are logged on."""

    def __init__(
        self,
        sessions: Collection[Session],
        config: SlowReaderConfig,
        poll: Callable[[], None],
        ask: Callable[[Session, str], None],
        dismiss: Callable[[Session, str], None],
        lagging: set[str] | None = None,
    ) -> None:
        """`poll` lets QuickFIX write, `ask` sends a TestRequest(1) with an id, and `dismiss` logs a
        session out, with a text. The names of those that are behind are kept in `lagging`.
        """
        self.lagging: set[str] = set() if lagging is None else lagging
        self._sessions = sessions
        self._config = config
        self._poll = poll
        self._ask = ask
        self._dismiss = dismiss
        self._readers: dict[Session, tuple[socket.socket, Reader]] = {}
        self._behind: list[Session] = []
        self._next_inflow = 0

    def look(self, has_room: Callable[[], bool]) -> None:
        """See who has read what; ask who seems not to read, and cut off who does not.

        Polls only while `has_room` for what comes in.
        """
        now = time.monotonic()
        inflow = range(self._next_inflow, self._next_inflow + AT_A_TIME)
        self._next_inflow = inflow.stop if inflow.stop < len(self._sessions) else 0
        suspects = []
        for place, session in enumerate(self._sessions):
            if session.socket is None:
                continue
            reader = self._reader(session, session.socket, now)
            if place in inflow or reader.unread or session.handed != reader.handed:
                kernel = kernel_of(session.socket)
                reader.note(session.handed, kernel, now)
                if reader.unread:
                    suspects.append(session)
                if place in inflow and kernel is not None:
                    fault = reader.senseless(session.link.getExpectedTargetNum(), kernel)
                    self._cut_off(session, reader, fault)
        self._behind = self._with_queues(suspects, has_room)
        self._note_lags(suspects)
        for session in suspects:
            if session.socket is not None:
                self._judge(session, self._readers[session][1], now)

    def _reader(self, session: Session, connection: socket.socket, now: float) -> Reader:
        known = self._readers.get(session)
        if known is None or known[0] is not connection:
            known = connection, Reader(self._config.bytes, self._config.seconds, now)
            self._readers[session] = known
        return known[1]

    def _with_queues(
        self, suspects: Sequence[Session], has_room: Callable[[], bool]
    ) -> list[Session]:
        """Those for whom QuickFIX has messages in a queue, as far as can be told."""
        queues = []
        for session in suspects:
            reader = self._readers[session][1]
            if reader.queued and reader.is_measured:
                queues.append(session)
        if not queues:
            return []
        for _ in range(FEW_POLLS + len(queues)):
            if not has_room():
                return [session for session in queues if session in self._behind]
            self._poll()
        behind = []
        for session in queues:
            if session.socket is not None:
                kernel = kernel_of(session.socket)
                reader = self._readers[session][1]
                full = not writable([session.socket])
                if kernel is not None and (full or not reader.is_emptied(kernel)):
                    behind.append(session)
        return behind

    def _note_lags(self, suspects: Sequence[Session]) -> None:
        """See who is behind, and who is no more."""
        lagging = set()
        for session in suspects:
            if session.socket is None:
                continue
            reader = self._readers[session][1]
            if reader.unread > (CAUGHT_UP if session.name in self.lagging else LAG):
                lagging.add(session.name)
                if not reader.has_lagged:
                    reader.has_lagged = True
                    log.info("behind", session=session.name, unread=reader.unread)
        self.lagging.clear()
        self.lagging.update(lagging)

    def _judge(self, session: Session, reader: Reader, now: float) -> None:
        if not self._cut_off(session, reader, reader.fault(now)) and reader.is_suspect(now):
            self._ask(session, test_req_id(session))
            reader.ask(now)

    def _cut_off(self, session: Session, reader: Reader, fault: str | None) -> bool:
        """Hang up for a fault, if there is one."""
        if fault is None or session.dismissed:
            return False
        log.warning(
            "cut off",
            session=session.name,
            in_venue=reader.queued,
            in_kernel=reader.waiting,
            text=fault,
        )
        self._dismiss(session, fault)
        session.link.disconnect()
        return True

    def unread(self, session: Session) -> int:
        """The bytes that wait for a session in the venue and in the kernel, when last looked at."""
        known = self._readers.get(session)
        here = known is not None and known[0] is session.socket
        return known[1].unread if known is not None and here else 0

    def hear(self, session: Session, answered: str | None) -> None:
        """Note a Heartbeat(0) with TestReqID(112)."""
        known = self._readers.get(session)
        if known is not None and answered == test_req_id(session):
            known[1].answer(time.monotonic())

    @property
    def behind(self) -> list[socket.socket]:
        """The connections for which QuickFIX has messages in a queue."""
        return [each.socket for each in self._behind if each.socket is not None]

    def write_queues(self, has_room: Callable[[], bool]) -> None:
        """Write to those who are behind and can be written to, for a while and while `has_room` for
        what comes in.
        """
        for _ in range(POLLS):
            behind = self.behind
            if not behind or not has_room() or not writable(behind):
                break
            self._poll()


def writable(connections: Sequence[socket.socket]) -> bool:
    """Whether any of them can take more."""
    poll = select.poll()
    for connection in connections:
        poll.register(connection, select.POLLOUT)
    return bool(poll.poll(0))


def test_req_id(session: Session) -> str:
    """TestReqID(112) of what a session is asked with."""
    return f"READ-{session.name}"
