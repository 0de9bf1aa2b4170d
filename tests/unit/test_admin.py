"""`venue admin`: what each command asks for, of whom, and how the answer is told."""

from collections.abc import Callable
from typing import Any

import pytest

from venue.admin_session import Operator, listed
from venue.cli import main
from venue.client.events import OperatorReport, VenueFirm, VenueLimits, VenueSession
from venue.client.requests import OPERATOR_ACTIONS, OPERATOR_TERMS

Asked = tuple[Operator, str, dict[str, str]]
Admin = Callable[..., Asked]

COMMANDS: dict[str, tuple[str, dict[str, str]]] = {
    "define X --tick 0.1 --static-collar-percent none": (
        "define",
        {"symbol": "X", "tick": "0.1", "static_collar_percent": "none"},
    ),
    "delist X": ("delist", {"symbol": "X"}),
    "halt X": ("halt", {"symbol": "X"}),
    "halt --market MAIN": ("halt", {"market": "MAIN"}),
    "resume X --auction 5": ("resume", {"symbol": "X", "auction_seconds": "5"}),
    "resume --market MAIN": ("resume", {"market": "MAIN"}),
    "phase MAIN closed": ("phase", {"market": "MAIN", "phase": "closed"}),
    "cancel 7": ("cancel", {"order_id": "7"}),
    "cancel-firm ALPHA": ("cancel_firm", {"firm": "ALPHA"}),
    "bust 7": ("bust", {"trade_id": "7"}),
    "correct 7 --qty 5 --price 1.5": ("correct", {"trade_id": "7", "qty": "5", "price": "1.5"}),
    "limit --firm A --account B --symbol X --max-order-qty 5 --allow-short N": (
        "limit",
        {"firm": "A", "account": "B", "symbol": "X", "max_order_qty": "5", "allow_short": "N"},
    ),
    "unlimit --firm A": ("unlimit", {"firm": "A"}),
    "kill A --account B": ("kill", {"firm": "A", "account": "B"}),
    "release A": ("release", {"firm": "A"}),
    "firms": ("firms", {}),
    "limits": ("limits", {}),
    "limits A": ("limits", {"firm": "A"}),
    "session T": ("session", {"session": "T"}),
    "sessions": ("sessions", {}),
    "disconnect FIX.4.4:T --text why": ("disconnect", {"session": "FIX.4.4:T", "text": "why"}),
    "disable T": ("disable", {"session": "T"}),
    "enable T": ("enable", {"session": "T"}),
    "unlock T": ("unlock", {"session": "T"}),
    "news Head line --firm A": ("news", {"headline": "Head", "text": "line", "firm": "A"}),
    "snapshot": ("snapshot", {}),
    "end-day": ("end_day", {}),
}


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> Admin:
    """Run a command; return who asked for what."""

    def run(arguments: str, accepted: bool = True) -> Asked:
        asked: list[Any] = []

        def ask(self: Operator, action: str, terms: dict[str, str | None]) -> OperatorReport:
            given = {name: value for name, value in terms.items() if value is not None}
            asked.append((self, action, given))
            return OperatorReport(
                operator_req_id="R", action=action, accepted=accepted, text="this"
            )

        monkeypatch.setattr(Operator, "ask", ask)
        with pytest.raises(SystemExit) as exit:
            main(["admin", *arguments.split()])
        assert exit.value.code == (0 if accepted else 1)
        [found] = asked
        return found

    return run


@pytest.mark.parametrize("arguments", COMMANDS)
def test_what_is_asked_for(admin: Admin, arguments: str) -> None:
    _, action, given = admin(arguments)
    assert (action, given) == COMMANDS[arguments]
    assert given.keys() <= OPERATOR_TERMS.keys()


def test_there_is_a_command_for_every_action() -> None:
    assert {action for action, _ in COMMANDS.values()} == set(OPERATOR_ACTIONS)


def test_who_asks_and_where(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VENUE_PASSWORD", raising=False)
    operator, _, _ = admin("snapshot")
    here = Operator("OPERATOR", "127.0.0.1", 9878, "VENUE", "FIX.4.4", None, None)
    assert operator == here
    monkeypatch.setenv("VENUE_PASSWORD", "secret")
    options = "--as OPS --host h --port 5 --target V --version FIX.4.2 --username u"
    operator, _, _ = admin(f"{options} snapshot")
    assert operator == Operator("OPS", "h", 5, "V", "FIX.4.2", "u", "secret")


def report(**rows: Any) -> OperatorReport:
    return OperatorReport(operator_req_id="R", action="x", accepted=True, text="this", **rows)


def test_firms_and_limits_are_told_in_columns() -> None:
    firms = (
        VenueFirm(name="ALPHA", is_killed=True, killed_accounts=()),
        VenueFirm(name="B", is_killed=False, killed_accounts=("A 1", "A2")),
    )
    assert list(listed(report(firms=firms))) == [
        "FIRM   ORDERS  KILLED ACCOUNTS",
        "ALPHA  killed  -",
        "B      taken   A 1, A2",
    ]
    limits = (
        VenueLimits(firm=None, account=None, symbol="AAPL", limits={"max_order_qty": "5"}),
        VenueLimits(firm="A", account="X", symbol=None, limits={"a": "1", "b": "2 3"}),
    )
    assert list(listed(report(limits=limits))) == [
        "FIRM  ACCOUNT  SYMBOL  LIMITS",
        "each  -        AAPL    max_order_qty 5",
        "A     X        -       a 1, b 2 3",
    ]
    assert not list(listed(report()))


def test_sessions_are_told_in_columns() -> None:
    usual: dict[str, Any] = {"firm": "A", "state": "never", "next_out": 1, "next_in": 1}
    sessions = [
        VenueSession(comp_id="T", version="FIX.4.2", roles=("x", "y"), address=None, **usual),
        VenueSession(comp_id="LONGER", version="5.0", roles=(), address="1.2.3.4:5", **usual),
    ]
    titles, first, second = listed(report(sessions=tuple(sessions)))
    assert titles.split() == [
        *("COMP_ID", "VERSION", "FIRM", "STATE", "NEXT", "OUT", "NEXT", "IN", "ADDRESS", "ROLES")
    ]
    assert first.split() == ["T", "FIX.4.2", "A", "never", "1", "1", "-", "x", "y"]
    assert second.split() == ["LONGER", "5.0", "A", "never", "1", "1", "1.2.3.4:5"]
    assert titles.index("FIRM") == first.index("A ") == second.index("A ")


def test_the_answer_is_told(admin: Admin, capsys: pytest.CaptureFixture[str]) -> None:
    admin("halt X")
    assert capsys.readouterr() == ("this\n", "")
    admin("halt X", accepted=False)
    assert capsys.readouterr() == ("", "this\n")
