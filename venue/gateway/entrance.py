"""How QuickFIX is handed a connection that it did not accept from the client itself.

It accepts from a socket that only this process knows, and where it did, its descriptor is made the
client's connection. QuickFIX's own listening socket, which would be open to every interface, is
replaced by that private one.
"""

import os
import socket
import stat
import tempfile
from collections.abc import Callable


class Entrance:
    """The socket that QuickFIX accepts from, and the way through it."""

    def __init__(self) -> None:
        # A directory of our own: nobody else can enter it, and its path is never too long.
        self._directory = tempfile.TemporaryDirectory(prefix="venue-")
        self._path = f"{self._directory.name}/entrance"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self._path)
        self._listener.listen()

    def take_over(self, poll: Callable[[], None]) -> None:
        """Put this socket where QuickFIX, in its first `poll`, begins to listen."""
        before = socket_descriptors()
        poll()
        opened = socket_descriptors().items() - before.items()
        [listening] = [descriptor for descriptor, _ in opened if _listens(descriptor)]
        os.dup2(self._listener.fileno(), listening, inheritable=False)

    def pass_through(self, connection: socket.socket, poll: Callable[[], None]) -> int:
        """Let QuickFIX, which accepts in `poll`, find `connection` where it accepted.

        Return the descriptor that is QuickFIX's from now on. Raise `OSError` where it failed.
        """
        before = socket_descriptors()
        with socket.socket(socket.AF_UNIX) as knock:
            knock.connect(self._path)
            before[knock.fileno()] = os.fstat(knock.fileno()).st_ino
            poll()
            accepted = socket_descriptors().items() - before.items()
            if len(accepted) != 1:
                raise OSError("QuickFIX did not accept the connection")
            [(descriptor, _)] = accepted
            return os.dup2(connection.fileno(), descriptor, inheritable=False)

    def close(self) -> None:
        self._listener.close()
        self._directory.cleanup()


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
