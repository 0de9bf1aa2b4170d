"""Looks whether passwords are right, in a thread of its own: a hash takes some 50 ms, which nobody
else is to wait for. hashlib gives the interpreter's lock away meanwhile.
"""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from venue.password_file import PasswordFile
from venue.passwords import NOBODYS, PasswordHash, hash_password, matches, parse_hash, same

MOST_WAITING = 64
"""Checks that wait for the thread, which takes some 20 a second."""
MOST_OF_ONE = 4
"""Of them from one address."""


class Check:
    """A user and a password to look at, and what comes of it.

    `is_done` is the last to change. `fault` is not empty where nothing can be said; `new_hash` is
    that of `new_password`, made only if the password is right, `old_hash` the one it has replaced.
    """

    __slots__ = (
        *("address", "expected", "fault", "is_done", "is_dropped", "is_right", "known"),
        *("new_hash", "new_password", "old_hash", "password", "username"),
    )

    def __init__(
        self,
        address: object,
        expected: str,
        known: Callable[[], PasswordHash | None],
        username: str,
        password: str,
        new_password: str | None = None,
    ) -> None:
        """`expected` is the right username, `known` tells the right password's hash; it is called
        in another thread, and may raise `VenueError`.
        """
        self.address = address
        self.expected = expected
        self.known = known
        self.username = username
        self.password = password
        self.new_password = new_password
        self.new_hash: PasswordHash | None = None
        self.old_hash: PasswordHash | None = None
        self.is_right = self.is_done = self.is_dropped = False
        self.fault = ""

    def look(self) -> None:
        """Decide. A wrong user, a wrong password and none at all take the same time."""
        try:
            known = self.known()
            right_password = matches(self.password, known or NOBODYS)
            right_user = same(self.username, self.expected)
            self.is_right = right_password & right_user & (known is not None)
            if self.is_right and self.new_password is not None:
                self.new_hash = hash_password(self.new_password)
        except Exception as error:  # whatever it is, the thread goes on, and nobody is let in
            self.fault = str(error) or repr(error)
            self.is_right = False
        finally:
            self.password = self.new_password = ""
            self.is_done = True


class PasswordChecks:
    """A thread that begins with the first check, and the checks that wait for it."""

    def __init__(self, data: Path) -> None:
        """Stored passwords are in the directory `data`."""
        self.file = PasswordFile(data)
        self._queue: queue.SimpleQueue[Check | None] = queue.SimpleQueue()
        self._waiting: list[Check] = []
        self._thread: threading.Thread | None = None

    def known(self, comp_id: str, configured: str | None) -> Callable[[], PasswordHash | None]:
        """What tells the hash of a CompID's password: the one `configured`, else the file."""
        if configured is not None:
            own = parse_hash(configured)
            return lambda: own
        return lambda: self.file.hashes().get(comp_id)

    def begin(self, check: Check) -> bool:
        """Have a password looked at; False while there are too many before it."""
        waiting = self._waiting = [each for each in self._waiting if not each.is_done]
        of_one = sum(each.address == check.address for each in waiting)
        if len(waiting) >= MOST_WAITING or of_one >= MOST_OF_ONE:
            return False
        waiting.append(check)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="passwords", daemon=True)
            self._thread.start()
        self._queue.put(check)
        return True

    def close(self) -> None:
        """End the thread, with the check it is at."""
        for check in self._waiting:
            check.is_dropped = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (check := self._queue.get()) is not None:
            if check.is_dropped:
                check.is_done = True
            else:
                check.look()
