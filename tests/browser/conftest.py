"""The page in Debian's Chromium, before a venue and a web of each file's own.

Every test has an instrument to itself, and what it does outside of that is seen by no other file,
whichever of them a process runs. What a page must never do fails whatever test it does it in: an
error in its console, a request to anybody but the web. Pictures of the views go to the directory
that VENUE_SCREENSHOTS names, else to one of pytest's.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.screen import Screen
from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import write_configuration
from tests.e2e.web_process import Deployment, deployed
from venue.client import Client, connect

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

SYMBOLS = 60
USERS = (
    "[{name: alpha, session: WEB1}, {name: beta, session: WEB2}, {name: operator, operator: WEBOP},"
    " {name: viewer, session: WEB1, read_only: true}]"
)
"""Those of the shipped configuration, and one who sees what alpha does."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
playwright.expect.set_options(timeout=1_000 * DEADLINE)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser. Without one nothing here can run."""
    found = os.environ.get("VENUE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in VENUE_CHROMIUM")
    return found


@pytest.fixture(scope="module")
def symbols() -> Iterator[str]:
    return iter([f"SYM{number}" for number in range(SYMBOLS)])


@pytest.fixture
def symbol(symbols: Iterator[str]) -> str:
    """An instrument as AAPL (tick 0.01, lot 1) that no other test trades."""
    return next(symbols)


@pytest.fixture(scope="module")
def deployment(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A venue and its web with the shipped configuration, and instruments for the tests."""
    directory = tmp_path_factory.mktemp("browser")
    configuration = directory / "venue.yaml"
    write_configuration(configuration, [f"SYM{number}" for number in range(SYMBOLS)], [])
    users = ("--set", f"web.users={USERS}", "--set", "web.anonymous=alpha")
    safe = ("--set", "journal.sync=interval")  # what was answered outlives the venue
    options = ("--config", str(configuration), *users)
    with deployed(directory, *options, venue_options=safe) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    """Of a module: while Playwright runs, no other test of the process could use asyncio."""
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the views are kept."""
    named = os.environ.get("VENUE_SCREENSHOTS")
    directory = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@pytest.fixture
def screen(
    browser: object, deployment: Deployment, pictures: Path
) -> Iterator[Callable[..., Screen]]:
    """Open pages: `screen(symbol, user="alpha", view="trade", width=1440, scheme="dark")`."""
    with ExitStack() as stack:

        def opened(*arguments: str, **more: object) -> Screen:
            made = Screen(browser, deployment, pictures)
            stack.callback(made.close)
            made.open(*arguments, **more)  # type: ignore[arg-type]
            return made

        yield opened


@pytest.fixture(scope="module")
def trader(deployment: Deployment) -> Iterator[Client]:
    """TRADER3 of firm BETA, over FIX. It sends nothing by itself."""
    quiet = {"HeartBtInt": "36000"}
    port = deployment.venue_port
    with connect("TRADER3", port=port, version="FIX.5.0SP2", quickfix=quiet) as client:
        yield client
