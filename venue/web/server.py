"""The HTTP server of the web: uvicorn, one process, with bounds for who is slow or many."""

import asyncio
import gc
import logging
import os
import resource
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

import structlog
import uvicorn

from venue import log
from venue.config import Config
from venue.errors import VenueError
from venue.signals import at_end
from venue.web.app import build
from venue.web.http_protocol import MORE_CONNECTIONS, HttpProtocol
from venue.web.web import Web
from venue.web.ws.protocol import FrameProtocol

STOP_SECONDS = 5
READY_SECONDS = 15.0
"""It listens before, and answers 503."""
SWITCH_SECONDS = 0.0005
"""QuickFIX's threads wait for the interpreter up to so long."""
LARGEST_FRAME = 16 << 10
"""Of a WebSocket, in bytes, on the way in."""

logger = structlog.get_logger()


class _Signals:
    """Signals stop the server, or are remembered until there is one."""

    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        self.ended = False
        at_end(self._note)

    def _note(self) -> None:
        self.ended = True
        if self.server is not None:
            self.server.should_exit = True


def serve_web(config: Config) -> int:
    """Serve the web until a signal; return the exit status. Raise `VenueError` where it
    cannot start. The venue need not be there.
    """
    log.configure(config.log.format)
    _log_through_structlog()
    sys.setswitchinterval(SWITCH_SECONDS)
    _allow_many_files()
    signals = _Signals()
    app = build(config)
    web: Web = app.state.web
    settings = web.settings
    listening = _listen(settings.host, settings.port)
    most = settings.connections + MORE_CONNECTIONS
    server = _Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http=type("Protocol", (HttpProtocol,), {"most": most}),
            ws=FrameProtocol,
            ws_max_size=LARGEST_FRAME,
            ws_per_message_deflate=False,
            ws_ping_interval=20,
            ws_ping_timeout=20,
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        ),
        web,
    )
    signals.server = server
    server.should_exit = signals.ended
    server.run(sockets=[listening])
    status = 0 if server.started else 1
    if not web.has_ended:  # a thread of it would be waited for, one that logs on for example
        sys.stdout.flush()
        os._exit(status)
    return status


class _Server(uvicorn.Server):
    """Says when it is ready, tells the web before connections are closed, returns at a signal."""

    def __init__(self, config: uvicorn.Config, web: Web) -> None:
        super().__init__(config)
        self._web = web

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _keep_collector_away()
        self._saying = asyncio.create_task(self._say_ready(sockets or []))

    async def _say_ready(self, sockets: list[socket.socket]) -> None:
        """Say so when the venue is there, or is not: who reads that asks for something next."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._web.links.tried(), READY_SECONDS)
        for each in sockets:
            host, port = each.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            log.say(f"web ready on http://{shown}:{port}/")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._web.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class _Handler(logging.Handler):
    """What uvicorn and asyncio log, in the venue's log."""

    def emit(self, record: logging.LogRecord) -> None:
        with_traceback = {"exc_info": record.exc_info} if record.exc_info else {}
        tell = logger.error if record.levelno >= logging.ERROR else logger.warning
        tell(record.getMessage(), by=record.name, **with_traceback)


def _log_through_structlog() -> None:
    handler = _Handler(logging.WARNING)
    for name in ("uvicorn", "asyncio"):
        each = logging.getLogger(name)
        each.addHandler(handler)
        each.setLevel(logging.WARNING)
        each.propagate = False


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host.strip("[]"), port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=512,
        )
    except OSError as error:
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise VenueError(f"the web cannot listen on {host}:{port}: {why}") from None


def _keep_collector_away() -> None:
    """A collection of everything would stand still for as long as there are orders to look at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)


def _allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
