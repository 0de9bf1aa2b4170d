"""The wiring of the web: from a configuration to an application that a server can run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from venue import __version__
from venue.config import Config
from venue.web import api, ws
from venue.web.accounts.routes import router
from venue.web.guard import Guard
from venue.web.web import Web

STATIC = Path(__file__).parent / "static"


def build(config: Config) -> FastAPI:
    """The application; what it is made of is in `app.state.web`. Raise `VenueError` where the
    configuration or a file of the data directory is wrong.
    """
    web = Web(config)
    app = FastAPI(
        title="venue",
        version=__version__,
        lifespan=_living,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.web = web
    settings = web.settings
    host = f"[{settings.host.strip('[]')}]" if ":" in settings.host else settings.host
    app.add_middleware(Guard, web.accounts, (host, *settings.allowed_hosts), settings.cors)
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
            expose_headers=["Link", "Location", "Retry-After"],
        )
    app.include_router(router)
    api.install(app, web)
    ws.install(app, web)
    app.get("/", include_in_schema=False)(_page)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    web: Web = app.state.web
    try:
        await web.start()
        yield
    finally:
        await web.stop()


async def _page() -> FileResponse:
    return FileResponse(STATIC / "index.html")
