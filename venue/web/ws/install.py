"""Puts the WebSocket into the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from venue.web.ws.endpoint import router
from venue.web.ws.hub import Hub

if TYPE_CHECKING:
    from venue.web.web import Web


def install(app: FastAPI, web: Web) -> None:
    """Add the routes, and what they need when the web starts and stops."""
    hub = web.hub = Hub(web)
    app.include_router(router(web, hub))
    web.starting += [web.market.start, hub.start]
    web.closing.append(hub.close)
    web.stopping += [hub.stop, web.market.stop]
    web.performance.add("websocket", hub.figures)
    web.performance.add("market", web.market.figures)
