"""Asking a running venue how it is."""

import socket
from pathlib import Path

from venue.errors import VenueError
from venue.monitoring.unix_socket import connect

SECONDS = 3.0
"""For which an answer is waited for: the venue's own limit is below."""
LARGEST = 1 << 28


def ask(path: Path, page: str) -> bytes:
    """What the process that listens at `path` tells on `page`. Raise `VenueError` where there is
    none, or it has nothing to tell.
    """
    try:
        with connect(path, SECONDS) as connection:
            connection.sendall(f"GET {page} HTTP/1.1\r\n\r\n".encode())
            whole = _everything(connection)
    except TimeoutError:
        raise VenueError(f"{path}: no answer within {SECONDS:g} s") from None
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        raise VenueError(f"nothing runs in {path.parent}: nobody listens at {path}") from None
    except OSError as error:
        raise VenueError(f"{path}: {error}") from None
    head, _, body = whole.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise VenueError(f"{path}: {body.decode(errors='replace').strip() or 'no answer'}")
    return body


def _everything(connection: socket.socket) -> bytes:
    whole = bytearray()
    while (chunk := connection.recv(1 << 16)) and len(whole) < LARGEST:
        whole += chunk
    return bytes(whole)
