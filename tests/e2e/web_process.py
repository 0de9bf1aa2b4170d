"""The web as its users run it: `python -m venue web` in a process of its own, beside a venue."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import VenueProcess

NO_SYNC = ("--set", "journal.sync=off")


_reserved: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody else is given as long as this process lives. Who asks for it by its number
    can listen there, again and again; before that connections are refused.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _reserved.append(holder)
    port: int = holder.getsockname()[1]
    return port


class WebProcess(VenueProcess):
    """`venue web` of a venue on `venue_port`; it listens when the constructor returns."""

    READY = "web ready on http://"

    def __init__(self, directory: Path, venue_port: int, *options: str, **more: Any) -> None:
        venue = ("--set", f"venue.port={venue_port}")
        super().__init__(directory, *venue, *options, command=("venue", "web"), **more)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


class Answer:
    """What came back: `status`, `headers`, `text`, and `json` if it is that."""

    def __init__(self, status: int, headers: HTTPMessage, content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.text = content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def __repr__(self) -> str:
        return f"<{self.status} {self.text[:2000]}>"


class Deployment:
    """A venue and its web, each on a port of its own that it keeps over restarts.

    `config` and `options` are those of both. Logs and data are in `directory`.
    """

    def __init__(
        self,
        directory: Path,
        *options: str,
        venue_options: tuple[str, ...] = (),
        web_options: tuple[str, ...] = (),
        wait: bool = True,
    ) -> None:
        self._directory = directory
        self._both = (*NO_SYNC, *options)
        self._venue_options, self._web_options = venue_options, web_options
        self.venue_port, self.web_port = free_port(), free_port()
        self.start_venue()
        try:
            self.start_web()
            if wait:
                self.wait_until_up()
        except BaseException:
            self.venue.kill()
            if hasattr(self, "web"):
                self.web.kill()
            raise

    @property
    def url(self) -> str:
        return self.web.url

    def start_venue(self) -> None:
        """Start it, on the port and the data of the one before."""
        where = ("--port", str(self.venue_port))
        options = (*self._both, *where, *self._venue_options)
        self.venue = VenueProcess(self._directory / "venue", *options)

    def start_web(self) -> None:
        """Start it, on the port and the data of the one before."""
        where = ("--port", str(self.web_port))
        options = (*self._both, *where, *self._web_options)
        self.web = WebProcess(self._directory / "web", self.venue_port, *options)

    def restart_venue(self) -> None:
        self.venue.stop()
        self.start_venue()

    def restart_web(self) -> None:
        self.web.stop()
        self.start_web()

    def wait_until(self, venue: str, at_most: float = 6 * DEADLINE) -> None:
        """Wait until /v1/status says that all its sessions are "up", or that they are "down"."""
        deadline = time.monotonic() + at_most
        while True:
            answer = self.ask("GET", "/v1/status")
            links = {link["state"] for link in answer.json["links"]}
            if links == {"up"} if venue == "up" else "up" not in links:
                return
            assert time.monotonic() < deadline, f"the venue is not {venue}: {answer}"
            time.sleep(0.05)

    def wait_until_up(self) -> None:
        self.wait_until("up")

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send a request; `body` as JSON, or `content` as it is."""
        return ask(self.url + path, method, body, headers, content)

    def is_sound(self) -> None:
        """Assert that both run, and have met no defect."""
        self.venue.is_sound()
        self.web.is_sound()

    def stop(self) -> None:
        """End both as users do, the web first."""
        try:
            self.web.stop()
        finally:
            self.venue.stop()

    def kill(self) -> None:
        self.web.kill()
        self.venue.kill()


def ask(
    url: str,
    method: str = "GET",
    body: object = None,
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
) -> Answer:
    """Send a request and wait for the answer, whatever its status."""
    sent = dict(headers or {})
    if body is not None:
        content = json.dumps(body).encode()
    if content is not None:
        sent.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, content, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=3 * DEADLINE) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def token(directory: Path, *arguments: str) -> str:
    """What `venue web-token` prints, of the data in `directory`/data."""
    command = [sys.executable, "-m", "venue", "web-token", "--data", str(directory / "data")]
    made = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    return made.stdout.strip()


@contextmanager
def deployed(directory: Path, *options: str, **more: Any) -> Iterator[Deployment]:
    """A venue and its web, which must have met no defect in the end."""
    deployment = Deployment(directory, *options, **more)
    try:
        yield deployment
        deployment.web.is_sound()
        deployment.stop()
    finally:
        deployment.kill()
