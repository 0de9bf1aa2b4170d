"""How QuickFIX is handed a connection that it did not accept from the client itself.

QuickFIX accepts from a socket that only this process knows, and hears the Logon through it. Only
when it has answered is its end made the client's connection, and the answer passed on; if it hangs
up, or says nothing, the client's connection is closed and the session is free again. What the
client sent behind its Logon stays in the kernel until then. QuickFIX's own listening socket, which
would be open to every interface, is replaced by the private one.
"""

import os
import socket
import stat
from collections.abc import Callable

from venue.scratch import ScratchDirectory

POLLS = 10
"""Rounds that QuickFIX gets to accept, and to answer a Logon; it needs two."""


class LogonRefusedError(Exception):
    """A connection is closed, for a reason that is logged; `answer` is sent over it before."""

    def __init__(self, text: str, answer: bytes = b"") -> None:
        super().__init__(text)
        self.answer = answer


class Entrance:
    """The socket that QuickFIX accepts from, and the way through it."""

    def __init__(self) -> None:
        self._listening: int | None = None
        self._open()

    def _open(self) -> None:
        self._directory = ScratchDirectory()  # whose path, unlike others, is never too long
        self._path = str(self._directory.path / "entrance")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.setblocking(False)
        self._listener.bind(self._path)
        self._listener.listen()

    def take_over(self, poll: Callable[[], None]) -> None:
        """Put this socket where QuickFIX, in its first `poll`, begins to listen."""
        before = socket_descriptors()
        poll()
        opened = socket_descriptors().items() - before.items()
        [self._listening] = [descriptor for descriptor, _ in opened if _listens(descriptor)]
        os.dup2(self._listener.fileno(), self._listening, inheritable=False)

    def _open_again(self) -> None:
        """Somebody has tidied up the temporary directory: have another socket, in the same place of
        QuickFIX's.
        """
        assert self._listening is not None
        self.close()
        self._open()
        os.dup2(self._listener.fileno(), self._listening, inheritable=False)

    def pass_through(
        self,
        connection: socket.socket,
        length: int,
        logon: bytes,
        poll: Callable[[], None],
    ) -> int:
        """Let QuickFIX, which works in `poll`, hear `logon` for the first `length` bytes of
        `connection`.

        Return the descriptor that is QuickFIX's end of the connection from now on. Raise
        `LogonRefusedError` where it refuses, after passing on what it said, and `OSError` where the
        client is gone.
        """
        connection.recv(length)
        with socket.socket(socket.AF_UNIX) as knock:
            descriptor = self._accepted(knock, poll)
            knock.sendall(logon)
            answer, hung_up = _answer(knock, poll)
            connection.sendall(answer)
            if hung_up or not answer:
                raise LogonRefusedError("QuickFIX does not accept the Logon")
            return os.dup2(connection.fileno(), descriptor, inheritable=False)

    def _accepted(self, knock: socket.socket, poll: Callable[[], None]) -> int:
        """Connect `knock`, and return the descriptor with which QuickFIX accepted it."""
        try:
            knock.connect(self._path)
        except FileNotFoundError:
            self._open_again()
            knock.connect(self._path)
        before = socket_descriptors()
        for _ in range(POLLS):
            poll()
            for descriptor, inode in socket_descriptors().items() - before.items():
                if _is_unix(descriptor):
                    return descriptor
                before[descriptor] = inode
        self._listener.accept()[0].close()
        raise LogonRefusedError("QuickFIX does not accept connections")

    def close(self) -> None:
        self._listener.close()
        self._directory.close()


def _answer(knock: socket.socket, poll: Callable[[], None]) -> tuple[bytes, bool]:
    """What QuickFIX says to a Logon, and whether it hangs up."""
    knock.setblocking(False)
    answer = b""
    for _ in range(POLLS):
        poll()
        try:
            while said := knock.recv(1 << 16):
                answer += said
            return answer, True
        except BlockingIOError:
            if answer:
                return answer, False
        except ConnectionError:
            return answer, True
    return answer, False


def socket_descriptors() -> dict[int, int]:
    """The descriptors of this process that are sockets, each with its inode."""
    found = {}
    for name in os.listdir("/dev/fd"):
        try:
            status = os.fstat(int(name))
        except OSError:
            continue
        if stat.S_ISSOCK(status.st_mode):
            found[int(name)] = status.st_ino
    return found


def _listens(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        return one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


def _is_unix(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        return one.family == socket.AF_UNIX
