"""A Unix socket by its place in the file system, however long that is: the kernel takes 107 bytes
of a path, of which most can be a descriptor's.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

LONGEST = 100
"""Bytes of a path that every system takes."""


@contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """A short name of `path`, while it is used. Raise `OSError`."""
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def connect(path: Path, seconds: float) -> socket.socket:
    """A connection that waits at most so long for anything. Raise `OSError`."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        with _reachable(path) as name:
            connection.connect(name)
    except BaseException:
        connection.close()
        raise
    return connection


def listen(path: Path) -> socket.socket:
    """Listen at `path`, for this user alone, in place of who listened there and is gone. Raise
    `OSError` where that cannot be, `FileExistsError` where somebody still does.
    """
    if path.exists():
        with suppress(ConnectionRefusedError), closing(connect(path, 0.5)):
            raise FileExistsError(f"another process listens at {path}")
    listener = socket.socket(socket.AF_UNIX)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.unlink(missing_ok=True)
        with _reachable(new) as name:
            listener.bind(name)
        new.chmod(0o600)
        listener.listen()
        new.replace(path)
    except BaseException:
        listener.close()
        with suppress(OSError):
            new.unlink()
        raise
    return listener
