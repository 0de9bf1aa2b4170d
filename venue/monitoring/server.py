"""The server of `/metrics`, `/healthz` and `/status`: a loop over sockets in a process of its own.

Who asks slowly, says nothing, or does not read has `SECONDS` for all of it; who comes when there
are `MOST` takes the place of the one that is there longest.
"""

import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

import structlog

from venue.monitoring.frames import PAINT, PICTURE, PING, PONG, STATE, Frames
from venue.monitoring.http import LONGEST, BadRequestError, Request, parse, response

MOST = 64
SECONDS = 5.0
LATE_SECONDS = 1.0
"""After which a loop that has not answered is ill."""
PICTURE_SECONDS = 2.5
"""Within which it has time for a picture: it does not take one after the other."""
RUNNING = "running"

Answer = Callable[[bytes], tuple[bytes, str]]
"""What a picture is made into, and its content type."""

log = structlog.get_logger()


class Client:
    """A connection: what it asked for, and what is left to tell it."""

    def __init__(self, connection: socket.socket, now: float) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.until = now + SECONDS
        self.seen = b""
        self.request: Request | None = None
        self.asked = 0.0
        self.patience = LATE_SECONDS
        self.unsent: bytes | None = None


class Server:
    """Answers what it is asked, with what the loop at the other end of `link` tells.

    `pages` make an answer of a picture, by path; `/healthz` needs none.
    """

    def __init__(self, link: Frames, pages: dict[str, Answer]) -> None:
        self.state = "starting"
        self._link = link
        self._pages = pages
        self._made: dict[str, tuple[bytes, str]] = {}
        self._picture = b""
        self._clients: dict[socket.socket, Client] = {}
        self._listeners: list[socket.socket] = []
        self._pinged = self._painting = 0.0
        self._selector = selectors.DefaultSelector()
        self._selector.register(link.socket, selectors.EVENT_READ)

    def listen(self, listener: socket.socket) -> None:
        """Take connections from there, too."""
        listener.setblocking(False)
        self._listeners.append(listener)
        self._selector.register(listener, selectors.EVENT_READ)

    def run(self, hear: Callable[[bytes, bytes], None] = lambda kind, body: None) -> None:
        """Serve until the loop is gone; what else it tells is passed to `hear`."""
        try:
            while not self._link.is_over:
                self._step(hear)
        finally:
            for client in list(self._clients.values()):
                self._close(client)
            self._selector.close()

    def _step(self, hear: Callable[[bytes, bytes], None]) -> None:
        """Wait for whatever comes, and do what it asks for."""
        for key, _ in self._selector.select(self._patience()):
            if key.fileobj in self._listeners:
                self._accept(key.fileobj)
            elif key.fileobj in self._clients:
                self._serve(self._clients[key.fileobj])
        for kind, body in self._link.told():
            if not self._hear(kind, body):
                hear(kind, body)
        self._look()

    def _hear(self, kind: bytes, body: bytes) -> bool:
        """Take what the loop tells, if it is for here."""
        if kind == STATE:
            self.state = body.decode()
        elif kind == PONG:
            self._answer_health(self._pinged)
            self._pinged = 0.0
        elif kind == PICTURE:
            self._picture, self._made = body, {}
            self._answer_pages(self._painting)
            self._painting = 0.0
        return kind in (STATE, PONG, PICTURE)

    def _patience(self) -> float | None:
        """Seconds until there is something to do though nobody says anything."""
        times = [client.until for client in self._clients.values()]
        times += [each.asked + each.patience for each in self._clients.values() if each.asked]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            if len(self._clients) >= MOST:
                self._close(next(iter(self._clients.values())))
            self._clients[connection] = Client(connection, time.monotonic())
            self._selector.register(connection, selectors.EVENT_READ)

    def _serve(self, client: Client) -> None:
        """Read more of a request, or write more of its answer."""
        try:
            if client.unsent is not None:
                self._write(client)
                return
            more = client.socket.recv(LONGEST)
            if not more:
                self._close(client)
                return
            if client.request is None:
                client.seen += more
                client.request = parse(client.seen)
                if client.request is not None:
                    self._take(client, client.request)
        except BlockingIOError:
            pass
        except BadRequestError as error:
            self._answer(client, error.status, f"{error}\n".encode())
        except OSError:
            self._close(client)

    def _take(self, client: Client, request: Request) -> None:
        """Begin to answer; the loop may have to be asked first."""
        if request.path != "/healthz" and request.path not in self._pages:
            paths = " ".join((*self._pages, "/healthz"))
            self._answer(client, HTTPStatus.NOT_FOUND, f"there are {paths}\n".encode())
        elif self.state != RUNNING:
            self._answer(client, HTTPStatus.SERVICE_UNAVAILABLE, f"{self.state}\n".encode())
        else:
            client.asked = time.monotonic()
            client.patience = PICTURE_SECONDS if request.path in self._pages else LATE_SECONDS

    def _look(self) -> None:
        """Ask the loop for what is waited for, and give up what takes too long."""
        now = time.monotonic()
        for client in list(self._clients.values()):
            if now >= client.until:
                self._close(client)
            elif client.asked and now >= client.asked + client.patience:
                text = f"the loop has not answered for {client.patience:g} s\n"
                self._answer(client, HTTPStatus.SERVICE_UNAVAILABLE, text.encode())
        paths = {
            each.request.path for each in self._clients.values() if each.asked and each.request
        }
        if "/healthz" in paths and not self._pinged:
            self._pinged = now
            self._link.send(PING)
        if paths - {"/healthz"} and not self._painting:
            self._painting = now
            self._link.send(PAINT)

    def _answer_health(self, asked: float) -> None:
        for client in self._waiting(asked):
            if client.request is not None and client.request.path == "/healthz":
                self._answer(client, HTTPStatus.OK, b"running\n")

    def _answer_pages(self, asked: float) -> None:
        for client in self._waiting(asked):
            path = "" if client.request is None else client.request.path
            if path not in self._pages:
                continue
            try:
                if path not in self._made:
                    self._made[path] = self._pages[path](self._picture)
            except Exception:
                log.exception("defect", where=path)
                self._answer(client, HTTPStatus.INTERNAL_SERVER_ERROR, b"a defect of the venue\n")
            else:
                self._answer(client, HTTPStatus.OK, *self._made[path])

    def _waiting(self, asked: float) -> list[Client]:
        """Those who wait since before the loop was asked, so that the answer is no older."""
        return [each for each in self._clients.values() if each.asked and each.asked <= asked]

    def _answer(
        self, client: Client, status: HTTPStatus, body: bytes, content_type: str | None = None
    ) -> None:
        is_head = client.request is not None and client.request.method == "HEAD"
        kind = () if content_type is None else (content_type,)
        client.asked = 0.0
        client.unsent = response(status, body, *kind, is_head=is_head)
        with suppress(KeyError):
            self._selector.modify(client.socket, selectors.EVENT_WRITE)
        self._write(client)

    def _write(self, client: Client) -> None:
        try:
            while client.unsent:
                client.unsent = client.unsent[client.socket.send(client.unsent) :]
        except BlockingIOError:
            return
        except OSError:
            pass
        with suppress(OSError):  # what is unread would make a reset of the end
            client.socket.recv(LONGEST)
        self._close(client)

    def _close(self, client: Client) -> None:
        if self._clients.pop(client.socket, None) is not None:
            self._selector.unregister(client.socket)
            client.socket.close()
