"""The operator's view: sessions, FIX messages, halt and resume, the kill switch."""

import re
import time
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.screen import Screen, box
from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment
from venue.client import Client, LoggedOut, connect

Open = Callable[..., Screen]


def test_sessions_and_messages(screen: Open, trader: Client, symbol: str) -> None:
    page = screen(user="operator", view="operator")
    row = page("#sessions tbody tr").filter(has_text="TRADER3").filter(has_text="FIX.5.0SP2")
    expect(row).to_contain_text("On")
    heads = page("#sessions thead th").filter(has_text="Venue")
    expect(heads).to_have_text(["Venue expects", "Venue sends next"])
    assert box(row.get_by_role("button")).right <= box(page("#sessions")).right
    before = int(row.locator("td").nth(2).inner_text())
    trader.new_order(symbol, "buy", 5, Decimal("90"))
    expect(row.locator("td").nth(2)).to_have_text(f"{before + 1}")
    page("#messages-head input[type=search]").fill("35=U2 9202=sessions")
    page("#messages-head").get_by_label("Heartbeats").check()
    line = page("#messages tbody tr").first
    expect(line).to_contain_text(re.compile("OperatorReport.* 9202=sessions"))
    line.click()
    decoded = page("#decoded")
    expect(decoded.locator("tr").filter(has_text="OperatorAction")).to_contain_text("sessions")
    expect(decoded.locator("tr").filter(has_text="MsgType")).to_contain_text("U2")
    page.picture("operator")
    page.is_accessible()
    page("#messages-head").get_by_role("button", name="Pause").click()
    expect(page("#messages-head .legend")).to_contain_text("Paused")
    count = page("#messages tbody tr").count()
    expect(page("#messages-head .legend")).not_to_contain_text("Paused, 0 more")
    assert page("#messages tbody tr").count() == count
    page("#messages-head").get_by_role("button", name="Go on").click()
    expect(page("#messages-head .legend")).to_contain_text(" of ")


def test_halt_and_resume(screen: Open, symbol: str) -> None:
    operator, alpha = screen(user="operator", view="operator"), screen(symbol)
    row = operator("#halts tbody tr").filter(has=operator.page.get_by_text(symbol, exact=True))
    row.get_by_role("button", name="Halt").click()
    operator.is_accessible()
    operator("dialog").get_by_role("button", name="Halt").click()
    expect(row).to_contain_text("Halted")
    expect(alpha("#symbol-phase")).to_have_text("Halted")
    alpha.refusals_expected = True
    alpha.fill(quantity="5", price="90.00")
    alpha("#send").click()
    expect(alpha("#ticket-problem")).to_contain_text("halt")
    row.get_by_role("button", name="Resume").click()
    expect(row).to_contain_text("Continuous")
    expect(alpha("#symbol-phase")).to_have_text("Continuous")
    alpha.send("new")


def test_the_kill_switch_asks_first(screen: Open, symbol: str) -> None:
    """The firm's name has to be typed. Then its orders go and none come, until it is released."""
    operator, beta = screen(user="operator", view="operator"), screen(symbol, user="beta")
    beta.fill(quantity="5", price="90.00")
    beta.send("new")
    firm = operator("#firms tbody tr").filter(has_text="BETA")
    firm.get_by_role("button", name="Kill").click()
    kill = operator("dialog").get_by_role("button", name="Kill BETA")
    expect(kill).to_be_disabled()
    operator("dialog input").fill("ALPHA")
    expect(kill).to_be_disabled()
    operator("dialog input").fill("BETA")
    expect(firm).to_contain_text("Trading")
    kill.click()
    expect(operator("#toasts")).to_contain_text("BETA")
    expect(firm).to_contain_text("Killed")
    expect(operator("#firms-legend")).to_contain_text("1 of ")
    expect(firm.get_by_role("button", name="Kill")).to_have_count(0)
    operator.is_accessible()
    expect(beta.working.filter(has_text=symbol)).to_have_count(0)
    beta.refusals_expected = True
    beta("#send").click()
    expect(beta("#ticket-problem")).not_to_be_empty()
    firm.get_by_role("button", name="Release").click()
    expect(operator("#toasts .toast").nth(1)).to_be_visible()
    expect(firm).to_contain_text("Trading")
    beta.send("new")
    beta.working.filter(has_text=symbol).get_by_role("button", name="Cancel").click()
    expect(beta.working.filter(has_text=symbol)).to_have_count(0)


def test_a_kill_that_somebody_else_has_done(screen: Open, deployment: Deployment) -> None:
    """Of accounts, too."""
    page = screen(user="operator", view="operator")
    row = page("#firms tbody tr").filter(has_text="BETA")
    expect(row).to_contain_text("Trading")
    quickfix = {"UseDataDictionary": "N"}
    with connect("OPERATOR", port=deployment.venue_port, quickfix=quickfix) as console:
        for account in ("A1", "A,2"):
            console.operate("kill", firm="BETA", account=account)
        try:
            expect(row).to_contain_text("2 accounts killed")
            told = "Orders of A,2, A1 are refused."
            expect(row.locator(".badge")).to_have_attribute("title", told)
        finally:
            for account in ("A1", "A,2"):
                console.operate("release", firm="BETA", account=account)
        expect(row).to_contain_text("Trading")


def test_disconnecting_a_session(screen: Open, deployment: Deployment) -> None:
    with connect("TRADER4", port=deployment.venue_port, version="FIX.5.0SP2") as client:
        page = screen(user="operator", view="operator")
        row = page("#sessions tbody tr").filter(has_text="TRADER4").filter(has_text="FIX.5.0SP2")
        row.get_by_role("button", name="Disconnect").click()
        page("dialog").get_by_role("button", name="Disconnect").click()
        expect(page("#toasts")).to_contain_text("TRADER4")
        assert any(isinstance(event, LoggedOut) for event in client.events(timeout=DEADLINE))


def test_who_is_no_operator(screen: Open) -> None:
    """Sees the web's sessions of his and their messages, and no buttons; an operator no ticket."""
    page = screen(view="operator")
    expect(page("#operator-link")).to_have_text("FIX log")
    expect(page("#sessions tbody tr")).to_have_count(1)
    row = page("#sessions tbody tr")
    expect(row).to_contain_text("WEB1")
    expect(row.locator("td").nth(2)).to_have_text(re.compile(r"^\d+$"))
    operator = screen(user="operator", view="operator")
    numbers = operator("#sessions tbody tr", has_text="WEB1").locator("td")
    for column in (2, 3):  # both are told now and then, and heartbeats count meanwhile
        deadline = time.monotonic() + DEADLINE
        while (own := row.locator("td").nth(column).inner_text()) != (
            told := numbers.nth(column).inner_text()
        ):
            assert time.monotonic() < deadline, (own, told)
    expect(page("#firms")).not_to_be_visible()
    expect(page("#halts")).not_to_be_visible()
    operator = screen("SYM0", user="operator")
    expect(operator("#ticket")).to_contain_text("operator does not trade.")
    operator.is_accessible()


def test_what_screens_ask_all_the_time(screen: Open, deployment: Deployment, symbol: str) -> None:
    """Is hidden until it is asked for, so that orders are found."""
    for path in ("/v1/positions", "/v1/orders", "/v1/fills"):
        assert deployment.ask("GET", path).status == 200
    order = {"symbol": symbol, "side": "buy", "type": "limit", "quantity": "5", "price": "90"}
    assert deployment.ask("POST", "/v1/orders", order).status == 201
    page = screen(user="operator", view="operator")
    page("#messages-head select").select_option("WEB1")
    messages = page("#messages tbody tr")
    expect(messages.filter(has_text="NewOrderSingle").first).to_be_visible()
    asked = messages.filter(has_text=re.compile("RequestForPositions|OrderStatusRequest"))
    expect(asked).to_have_count(0)
    expect(messages.filter(has_text="790=")).to_have_count(0)
    page("#messages-head").get_by_label("Status and back office").check()
    expect(asked.first).to_be_visible()
    page("#messages-head input[type=search]").fill("35=no-such")
    expect(page("#messages .empty")).to_contain_text("hidden by what is chosen above")
    page("#messages-head input[type=search]").fill(f"35=D {symbol}")
    expect(messages).to_have_count(1)


def test_sessions_that_were_never_here(screen: Open) -> None:
    """Are shown when they are asked for; on a phone, too, each says its version."""
    page = screen(user="operator", view="operator", width=390)
    rows = page("#sessions tbody tr")
    expect(rows.filter(has_text="WEB1")).to_be_visible()
    never = rows.filter(has_text="Never")
    expect(never).to_have_count(0)
    tick = page("#view-operator label", has_text="that were never here")
    count = int(tick.inner_text().split()[0])
    tick.get_by_role("checkbox").check()
    expect(never).to_have_count(count)
    expect(never.locator(".note", has_text="FIX.4.2").first).to_be_visible()
    assert page.page.evaluate(LONG_NUMBERS), "the button lies over a number"
    page.is_accessible()


LONG_NUMBERS = """async () => {
  const { sessions } = await import("/static/js/operator/sessions.js");
  sessions.set(sessions.value.map((each) => ({ ...each, next_in: 9876543, next_out: 9876543 })));
  return [...document.querySelectorAll("#sessions tbody tr")].every((row) => {
    const edge = row.querySelector(".actions").getBoundingClientRect().left;
    return [...row.querySelectorAll("td:not(.actions)")].every(
      (cell) => !cell.offsetParent || cell.getBoundingClientRect().right <= edge + 1);
  });
}"""


def test_the_sessions_on_a_small_desktop(screen: Open) -> None:
    """No column lies over another."""
    page = screen(user="operator", view="operator", width=1024)
    row = page("#sessions tbody tr").filter(has_text="WEB1").filter(has_text="FIX.5.0SP2")
    expect(row.get_by_role("button")).to_be_visible()
    *cells, buttons = map(box, row.locator("td").all())
    assert len(cells) == 7 and max(cell.right for cell in cells) <= buttons.left
    for text in ("FIX.5.0SP2", "order entry"):
        expect(row.get_by_role("cell", name=text, exact=True)).to_be_visible()
    page.is_accessible()
