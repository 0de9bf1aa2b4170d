"""What REST adds to the web."""

from typing import TYPE_CHECKING

from fastapi import FastAPI

from venue.web.api import account, compat, market, operations, orders, status
from venue.web.api.handlers import install_handlers
from venue.web.api.openapi import install_docs

if TYPE_CHECKING:
    from venue.web.web import Web


def install(app: FastAPI, web: "Web") -> None:
    """Add paths, answers to whatever goes wrong, and the description of it all."""
    install_handlers(app)
    for each in (orders, market, account, operations, status, compat):
        app.include_router(each.router)
    install_docs(app, web.accounts.cookie_name)
    web.performance.add("websocket", lambda: web.hub.figures() if web.hub else {})
    web.performance.add("market", lambda: web.market.figures())
    web.starting.append(web.performance.start)
    web.stopping.append(web.performance.stop)
