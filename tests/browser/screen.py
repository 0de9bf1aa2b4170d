"""A page in a browser as its user sees it, and what it must never do."""

import re
import time
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment

HEIGHTS = {1440: 900, 1024: 768, 1000: 800, 390: 844, 375: 720}
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What Chromium itself writes of an answer; the page tells of it at the ticket."""
LOOKED_AT = """
addEventListener("DOMContentLoaded", () => {
  const news = document.querySelector("#toasts");
  const look = () => {
    for (const each of news.children) each.dispatchEvent(new Event("mouseenter"));
  };
  if (news) new MutationObserver(look).observe(news, { childList: true });
});
"""
"""News stay as long as they are looked at: however slow a test is, it finds them."""


class Box(NamedTuple):
    """Where an element is, in pixels from the corner of the window."""

    left: float
    top: float
    right: float
    bottom: float


def box(place: Locator) -> Box:
    """Where an element is as soon as it is anywhere: it may be drawn anew just now."""
    deadline = time.monotonic() + DEADLINE
    while not (found := place.bounding_box()):
        assert time.monotonic() < deadline, f"{place} is not seen"
    left, top = found["x"], found["y"]
    return Box(left, top, left + found["width"], top + found["height"])


class Screen:
    """A browser's context with one page. `close` asserts that the page kept the rules."""

    def __init__(self, browser: Browser, deployment: Deployment, pictures: Path) -> None:
        self._browser, self._deployment, self._pictures = browser, deployment, pictures
        self.refusals_expected = False
        self.losses_expected = False
        self.errors: list[str] = []
        self.strangers: list[str] = []

    def open(
        self,
        symbol: str | None = None,
        *,
        user: str | None = "alpha",
        view: str = "trade",
        width: int = 1440,
        scheme: str = "dark",
    ) -> None:
        """Show a view, logged in as a user without a password, or as whom the web takes one for."""
        size: Any = {"width": width, "height": HEIGHTS[width]}
        self.context = self._browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        self.context.set_default_timeout(1_000 * DEADLINE)
        self.context.add_init_script(LOOKED_AT)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(f"{error}"))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self._asked(socket.url))
        if user:
            answer = self.context.request.post(
                f"{self._deployment.url}/v1/login",
                data={"user": user},
                headers={"Origin": self._deployment.url},
            )
            assert answer.ok, answer.text()
        self.url = f"{self._deployment.url}/"
        self.page.goto(f"{self.url}#{view}" + (f"/{symbol}" if symbol else ""))
        self.is_live()

    def is_live(self) -> None:
        """Wait until the page says that what it shows is of now."""
        expect(self("#links .lamp")).to_have_class("lamp up")
        if self.page.evaluate("document.body.dataset.view") == "trade":
            expect(self("#symbol-name")).not_to_have_text("…")

    def _asked(self, url: str) -> None:
        host = self._deployment.url.partition("//")[2]
        if url.partition("//")[2].partition("/")[0] != host and not url.startswith("data:"):
            self.strangers.append(url)

    def __call__(self, selector: str, **more: Any) -> Locator:
        return self.page.locator(selector, **more)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def fill(self, **fields: str) -> None:
        """Fill fields of the ticket, which must be seen."""
        for name, text in fields.items():
            field = self(f"#ticket-{name}")
            if name in ("type", "time_in_force", "self_match_prevention"):
                field.select_option(text)
            else:
                field.fill(text)

    def side(self, side: str) -> None:
        self(f"#ticket .sides input[value={side}]").check(force=True)

    def shown_fields(self) -> set[str]:
        """The fields of the ticket that are seen without opening anything."""
        names = self("#ticket .field:visible :is(input, select)").evaluate_all(
            "each => each.map(one => one.name)"
        )
        return {name for name in names if name}

    def send(self, answer: str | re.Pattern[str]) -> None:
        """Send the ticket and wait for what the venue says."""
        self("#send").click()
        expect(self("#ticket-answer")).to_contain_text(answer)

    @property
    def working(self) -> Locator:
        return self("#panel-working tbody tr[data-key]")

    def amending(self, field: str) -> Locator:
        """A field of the form under a working order, by its label."""
        return self("form.amend").get_by_label(field, exact=True)

    @property
    def toasts(self) -> Locator:
        return self("#toasts .toast p")

    def level(self, side: str, price: str) -> Locator:
        """The row of the ladder with a price."""
        return self(f"#ladder tr.{side}").filter(has=self.page.get_by_text(price, exact=True))

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png")

    def is_accessible(self) -> None:
        """Assert that axe-core finds nothing, best practices included."""
        results = Axe().run(self.page)
        found = [
            f"{each['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
            for each in results.response["violations"]
            for node in each["nodes"]
        ]
        assert not found, "\n".join(found)

    def close(self) -> None:
        """Close it, and assert that it has had no error and asked nobody but its web."""
        self.context.close()
        errors = self.errors
        if self.refusals_expected:
            errors = [each for each in errors if not REFUSED.match(each)]
        if self.losses_expected:
            errors = [
                each for each in errors if "Failed to load" not in each and "WebSocket" not in each
            ]
        assert not errors, errors
        assert not self.strangers, self.strangers
