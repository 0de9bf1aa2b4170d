"""The command line: what it hands on, and that a mistake is one line on stderr and status 2."""

import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import venue
from venue.cli import main
from venue.config import Config
from venue.errors import JournalError
from venue.files import shipped


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(list(arguments))
    assert isinstance(exit.value.code, int)
    return exit.value.code


class FakeApp(ModuleType):
    """Stands in for `venue.app`, which would open sockets."""

    served: Config
    status = 0

    def serve(self, config: Config) -> int:
        self.served = config
        if self.status < 0:
            raise JournalError("var/journal.sqlite: not a database")
        return self.status


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    fake = FakeApp("venue.app")
    monkeypatch.setitem(sys.modules, "venue.app", fake)
    return fake


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version", "config") == 0
    assert capsys.readouterr().out == f"venue {venue.__version__}\n"


def test_config_ok(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config") == 0
    assert capsys.readouterr().out == "config OK: 13 sessions, 4 instruments\n"


@pytest.mark.parametrize("command", ["config", "serve"])
def test_a_config_error_is_one_line_and_status_2(
    command: str, tmp_path: Path, app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("venue:\n  prot: 1\n")
    assert run(command, "--config", str(file)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{file}:2: venue.prot: found an unknown key, expected one of ")
    assert err.count("\n") == 1
    assert not hasattr(app, "served")


def test_serve_with_the_shipped_configuration(app: FakeApp) -> None:
    assert run("serve") == 0
    assert app.served.venue.port == 9878
    assert len(app.served.sessions) == 13


def test_serve_hands_on_its_options(app: FakeApp) -> None:
    overrides = ["--set", "venue.port=1", "--set", "instruments.AAPL.tick=0.05"]
    data = 'a: "b" # ü🙂'
    assert run("serve", "--port", "9999", "--host", "::1", "--data", data, *overrides) == 0
    assert (app.served.venue.port, app.served.venue.host) == (9999, "::1")
    assert app.served.venue.data == data
    assert str(app.served.instruments[2].tick) == "0.05"


def test_serve_hands_on_how_to_log(app: FakeApp) -> None:
    assert run("serve") == 0
    assert (app.served.log.format, app.served.log.messages) == ("text", False)
    assert run("serve", "--log", "json", "--log-messages") == 0
    assert (app.served.log.format, app.served.log.messages) == ("json", True)
    assert run("serve", "--log", "xml") == 2


def test_status_of_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--data", str(tmp_path)) == 1
    assert capsys.readouterr().err.startswith(f"nothing runs in {tmp_path}: ")


def test_serve_on_any_free_port(app: FakeApp) -> None:
    assert run("serve", "--port", "0") == 0
    assert app.served.venue.port == 0


def test_serve_with_a_port_out_of_range(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--port", "65536") == 2
    assert capsys.readouterr().err == (
        "command line: venue.port: found 65536, expected a port number from 0 to 65535\n"
    )


def test_the_status_of_serve_is_the_status_of_the_command(app: FakeApp) -> None:
    app.status = 7
    assert run("serve") == 7


def test_another_error_of_the_venue_is_status_1(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app.status = -1
    assert run("serve") == 1
    assert capsys.readouterr().err == "var/journal.sqlite: not a database\n"


def test_trade(monkeypatch: pytest.MonkeyPatch) -> None:
    console = ModuleType("venue.console.app")
    calls = []
    monkeypatch.setattr(console, "run", lambda *args: calls.append(args) or 3, raising=False)
    monkeypatch.setitem(sys.modules, "venue.console.app", console)
    assert run("trade", "--as", "TRADER1") == 3
    where = ("--host", "h", "--port", "5", "--target", "MARKET", "--version", "FIX.4.2")
    assert run("trade", "--as", "TRADER2", *where) == 3
    monkeypatch.setenv("VENUE_PASSWORD", "correct horse")
    assert run("trade", "--as", "TRADER3", "--username", "ME") == 3
    assert calls == [
        ("TRADER1", "127.0.0.1", 9878, "VENUE", "FIX.4.4", None, None),
        ("TRADER2", "h", 5, "MARKET", "FIX.4.2", None, None),
        ("TRADER3", "127.0.0.1", 9878, "VENUE", "FIX.4.4", "ME", "correct horse"),
    ]


def test_trade_needs_somebody_to_be() -> None:
    assert run("trade") == 2


def test_python_m_venue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["venue", "--version"])
    with pytest.raises(SystemExit) as exit:
        runpy.run_module("venue", run_name="__main__")
    assert exit.value.code == 0
    assert venue.__version__ in capsys.readouterr().out


def test_start_is_light() -> None:
    heavy = {"quickfix", "yaml", "msgspec", "sortedcontainers", "sqlite3", "structlog", "rich"}
    code = f"import sys, venue.cli; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "[]\n"


def test_shipped_files_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shipped("config/venue.yaml").is_file()
    monkeypatch.setattr("venue.files._SOURCE_TREE", tmp_path)
    monkeypatch.setattr("venue.files._INSTALLED", tmp_path / "share" / "venue")
    assert shipped("config/venue.yaml") == tmp_path / "share" / "venue" / "config" / "venue.yaml"
