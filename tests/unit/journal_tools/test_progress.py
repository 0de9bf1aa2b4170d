import io
import sys

import pytest

from venue.journal_tools.progress import tracked


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert list(tracked(iter([1, 2, 3]), 3, "replay")) == [1, 2, 3]
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(tracked(iter(range(2000)), 2000, "replay")) == list(range(2000))
    assert "replay" in sys.stderr.getvalue()  # type: ignore[attr-defined]
