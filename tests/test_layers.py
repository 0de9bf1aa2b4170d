"""Who may import whom. The rules are a table here; the code is only read, never run."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 350
STDLIB = sys.stdlib_module_names

CORE_BORDER = tuple(
    f"venue.core.{module}"
    for module in (
        "types",
        "qualifiers",
        "grid",
        "instrument",
        "commands",
        "events",
        "fees",
        "limits",
    )
)

# What a package may import of the outside and of the venue; what is not in the table is free.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "venue.core": ("sortedcontainers", "msgspec", "venue.core"),
    "venue.fix": ("msgspec", *CORE_BORDER, "venue.marketdata", "venue.fix"),
    "venue.marketdata": ("msgspec", *CORE_BORDER, "venue.marketdata"),
    "venue.journal": (
        "msgspec",
        "structlog",
        "venue.core",
        "venue.fix.message",
        "venue.errors",
        "venue.log",
        "venue.journal",
    ),
    "venue.journal_tools": (
        *("msgspec", "rich", "pyarrow"),
        *("venue.core", "venue.errors", "venue.journal", "venue.journal_tools"),
    ),
    # It is told what the venue is like, and cannot look for itself.
    "venue.monitoring": (
        *("msgspec", "prometheus_client", "rich", "structlog", *CORE_BORDER),
        *("venue.__version__", "venue.errors", "venue.log", "venue.monitoring"),
    ),
    # It is a FIX client and knows of the venue what a client can know.
    "venue.web": (
        *("fastapi", "starlette", "pydantic", "pydantic_core", "uvicorn", "websockets"),
        *("msgspec", "sortedcontainers", "structlog", "yaml"),
        *("venue.__version__", "venue.client", "venue.config", "venue.configuration"),
        *("venue.errors", "venue.files", "venue.log", "venue.passwords", "venue.private_file"),
        "venue.signals",
        *("venue.yaml_document", "venue.fix.dictionary", "venue.fix.masking", "venue.web"),
    ),
    # It judges the venue, so it shares nothing with it.
    "venue.conform": ("msgspec", "venue.errors", "venue.conform"),
}
# A pure package takes time and ids as data and touches nothing outside itself.
PURE = ("venue.core", "venue.fix", "venue.marketdata")
IMPURE_MODULES = (
    *("time", "random", "secrets", "uuid", "os", "socket", "threading", "asyncio"),
    *("multiprocessing", "subprocess", "importlib", "logging", "pathlib", "io"),
)
IMPURE_CALLS = ("now", "utcnow", "today", "open", "print", "input", "__import__")
# Only these modules, or what is below them, may import the key.
ONLY_BY = {
    "quickfix": (
        "venue.gateway.acceptor",
        "venue.gateway.sender",
        "venue.gateway.engine_log",
        "venue.client",
        "venue.bench",
    ),
    # Who does not start the web needs none of what it is made of.
    "venue.web": ("venue.web_command", "venue.bench"),
    "fastapi": ("venue.web",),
    "starlette": ("venue.web",),
    "uvicorn": ("venue.web",),
    "venue.app": ("venue.cli", "venue.__main__", "venue.bench.switched"),
}


def within(module: str, *packages: str) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def imports(tree: ast.Module, module: str, is_package: bool) -> Iterator[str]:
    """Every imported name in full, `from .book import Book` as `venue.core.book.Book`."""
    parents = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute | ast.Name):
                yield function.attr if isinstance(function, ast.Attribute) else function.id


def breaches(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    tree = ast.parse(source)
    for name in imports(tree, module, is_package):
        for package, allowed in MAY_IMPORT.items():
            outside = name.split(".")[0] not in STDLIB and not within(name, *allowed)
            if within(module, package) and outside:
                yield f"{module} imports {name}: {package} may not"
        if within(module, *PURE) and within(name, *IMPURE_MODULES):
            yield f"{module} imports {name}: it has to be pure"
        for guarded, importers in ONLY_BY.items():
            if within(name, guarded) and not within(module, guarded, *importers):
                yield f"{module} imports {name}: only {', '.join(importers)} may"
    if within(module, *PURE):
        for call in calls(tree):
            if call in IMPURE_CALLS:
                yield f"{module} calls {call}(): it has to be pure"
    lines = len(source.splitlines())
    if lines > LONGEST and "Longer than" not in (ast.get_docstring(tree) or ""):
        yield f"{module} has {lines} lines, more than {LONGEST}, and its docstring gives no reason"


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "venue").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


@pytest.mark.parametrize(("module", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_module_keeps_to_its_layer(module: str, path: Path) -> None:
    assert not list(breaches(path.read_text("utf-8"), module, path.name == "__init__.py"))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("venue.core.book", "import sortedcontainers, msgspec, decimal"),
        ("venue.core.book", "from venue.core.types import Side"),
        ("venue.core.book", "from . import types"),
        ("venue.core.book", "import datetime"),
        ("venue.fix.inbound", "from venue.core import commands, events"),
        ("venue.fix.inbound", "from venue.core.types import Side\nfrom .message import Message"),
        ("venue.fix.market_data", "from venue.marketdata.requests import Subscribe"),
        ("venue.marketdata.depth", "from venue.core.events import OrderFilled"),
        ("venue.journal.sqlite", "import sqlite3, os, time, msgspec"),
        ("venue.journal.recovery", "from venue.core.venue import Venue"),
        ("venue.journal.batch", "from venue.fix.message import Message"),
        ("venue.journal.batch", "from venue.errors import JournalError"),
        ("venue.conform.errors", "import socket\nfrom venue.errors import VenueError"),
        ("venue.gateway.acceptor", "import quickfix"),
        ("venue.client.session", "import quickfix as fix"),
        ("venue.bench.ceiling", "from quickfix import Session"),
        ("venue.cli", "def run():\n    from venue.app import serve"),
        ("venue.web.market.market", "from venue.client import Client\nimport fastapi"),
        ("venue.web.app", "from venue.config import Config\nfrom venue import __version__, log"),
        ("venue.web_command", "def run():\n    from venue.web.server import serve_web"),
        ("venue.app", "from venue.gateway.loop import Loop"),
    ],
)
def test_allowed(module: str, source: str) -> None:
    assert not list(breaches(source, module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("venue.core.book", "import yaml"),
        ("venue.core.book", "import venue.fix.message"),
        ("venue.core.book", "from venue import fix"),
        ("venue.core.book", "from ..fix import message"),
        ("venue.core.book", "from venue.config import Config"),
        ("venue.core.book", "if 1:\n    import quickfix"),
        ("venue.core.bookends", "def f():\n    import time"),
        ("venue.core.venue", "from time import monotonic"),
        ("venue.core.venue", "import os.path"),
        ("venue.core.venue", "import random"),
        ("venue.core.venue", "from datetime import datetime\ndatetime.now()"),
        ("venue.core.venue", "print('order')"),
        ("venue.fix.inbound", "from venue.core.book import Book"),
        ("venue.fix.inbound", "from venue.core import matching"),
        ("venue.fix.inbound", "import venue.core.venue"),
        ("venue.fix.inbound", "import quickfix"),
        ("venue.fix.inbound", "import uuid"),
        ("venue.marketdata.depth", "from venue.core.book import Book"),
        ("venue.marketdata.depth", "from venue.fix.message import Message"),
        ("venue.marketdata.depth", "import sortedcontainers"),
        ("venue.marketdata.depth", "import threading"),
        ("venue.journal.sqlite", "from venue.fix.outbound import encode"),
        ("venue.journal.sqlite", "from venue.gateway import loop"),
        ("venue.gateway.loop", "import quickfix"),
        ("venue.conform.dialect", "from venue.fix.versions import VERSIONS"),
        ("venue.conform.connection", "import quickfix"),
        ("venue.console.app", "from quickfix import Session"),
        ("venue.gateway.loop", "from venue.app import serve"),
        ("venue.client.session", "from venue import app"),
        ("venue.web.market.market", "from venue.core.types import Side"),
        ("venue.web.links", "from venue.fix.message import Message"),
        ("venue.web.app", "from venue.gateway.loop import Loop"),
        ("venue.web.tape", "import venue.journal.follower"),
        ("venue.web.link", "import quickfix"),
        ("venue.cli", "from venue.web.server import serve_web"),
        ("venue.console.app", "import fastapi"),
        ("venue.sim.flow", "\n" * 351),
        ("venue.sim.flow", '"""Long."""' + "\n" * 351),
    ],
)
def test_breach(module: str, source: str) -> None:
    assert len(list(breaches(source, module))) >= 1


def test_relative_import_of_a_package_starts_at_itself() -> None:
    tree = ast.parse("from . import book\nfrom .types import Side\nfrom ..fix import message")
    names = list(imports(tree, "venue.core", is_package=True))
    assert names == ["venue.core.book", "venue.core.types.Side", "venue.fix.message"]


def test_a_long_file_may_give_its_reason() -> None:
    reason = '"""Longer than most: one table."""'
    assert not list(breaches(reason + "\n" * 400, "venue.sim.flow"))


def test_the_venue_is_there() -> None:
    assert "venue.cli" in dict(modules())
