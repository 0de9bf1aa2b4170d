"""The web asked by its own description: schemathesis makes requests of /openapi.json, right and
wrong ones, and holds the answers against it. No answer may be a 5xx, an undocumented one, or the
success of a request that the description forbids; without a token there is none.

WEB_FUZZ_SECONDS (default 4) is how long each of the runs may take; from 60 on they also follow what
an answer names to further requests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment, deployed, token

SECONDS = int(os.environ.get("WEB_FUZZ_SECONDS", "4"))
LOGIN, OPERATOR = "/v1/log(in|out)", "/v1/operator/"
NARROWED = {
    "symbol": ["AAPL", "BTC-USD", "EURUSD"],
    "client_order_id": ["a", "b", "c", "d"],
    "quantity": ["1", "10", "1000"],
    "price": ["99", "100", "101"],
    "trigger_price": ["98", "102"],
    "stop_price": ["98", "102"],
    "display_quantity": ["1", "5"],
    "min_quantity": ["1", "10"],
}
"""What leads to orders that rest, trade and end; else one in a thousand requests gets so far."""


@pytest.fixture(scope="module")
def strict_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A web that knows nobody without a token, and does not mind how often he asks."""
    options = ("--set", "web.anonymous=nobody", "--set", "web.rate.requests=100000")
    with deployed(tmp_path_factory.mktemp("fuzz"), web_options=options) as deployment:
        yield deployment


def narrowed(description: Any) -> Any:
    """A description whose requests have the values of `NARROWED` and no others."""
    for name in ("OrderRequest", "OrderChanges", "CompatRequest"):
        properties = description["components"]["schemas"][name]["properties"]
        for known in NARROWED.keys() & properties.keys():
            properties[known] = {"type": "string", "enum": NARROWED[known]}
    for item in description["paths"].values():
        for parameter in chain(*(each.get("parameters", ()) for each in item.values())):
            if parameter["name"] in NARROWED:
                parameter["schema"] = {"type": "string", "enum": NARROWED[parameter["name"]]}
    return description


def fuzz(web: Deployment, directory: Path, user: str, description: Any, *options: str) -> int:
    """Assert that schemathesis finds nothing; return how many requests of orders were answered."""
    file = directory / "openapi.json"
    bearer = f"Bearer {token(web.web.data.parent, user)}"
    file.write_text(json.dumps(description))
    phases = "examples,coverage,fuzzing" + (",stateful" if SECONDS >= 60 else "")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", web.url),
            *("--header", f"Authorization: {bearer}"),
            *("--phases", phases, "--max-time", str(SECONDS), "--warnings", "off"),
            # The venue may refuse what the description allows, an order off tick for example;
            # and an order that is canceled can still be looked at.
            *("--exclude-checks", "positive_data_acceptance,use_after_free"),
            *options,
        ],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=5 * SECONDS + 6 * DEADLINE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    web.is_sound()
    told = web.ask("GET", "/v1/performance", headers={"Authorization": bearer}).json
    answered: int = told["orders"]["count"]
    return answered


def test_whatever_is_asked_the_answer_is_as_described(
    strict_web: Deployment, tmp_path: Path
) -> None:
    description = strict_web.ask("GET", "/openapi.json").json
    fuzz(strict_web, tmp_path, "alpha", description, "--exclude-path-regex", OPERATOR)


def test_orders_that_trade_are_as_described(strict_web: Deployment, tmp_path: Path) -> None:
    description = narrowed(strict_web.ask("GET", "/openapi.json").json)
    options = ("--mode", "positive", "--exclude-path-regex", f"{OPERATOR}|{LOGIN}")
    assert fuzz(strict_web, tmp_path, "beta", description, *options) > 0


def test_an_operator_is_answered_as_described(strict_web: Deployment, tmp_path: Path) -> None:
    """The last one: it may switch off the other sessions."""
    description = strict_web.ask("GET", "/openapi.json").json
    fuzz(strict_web, tmp_path, "operator", description, "--include-path-regex", OPERATOR)
