"""`venue web` and `venue web-token`: what they hand on, make, and refuse."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from venue import web_command
from venue.cli import main
from venue.config import Config
from venue.web.accounts.tokens import Token, TokenFile, hashed


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(list(arguments))
    assert isinstance(exit.value.code, int)
    return exit.value.code


class FakeServer(ModuleType):
    """Stands in for `venue.web.server`, which would open sockets."""

    served: Config
    status = 0

    def serve_web(self, config: Config) -> int:
        self.served = config
        return self.status


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    fake = FakeServer("venue.web.server")
    monkeypatch.setitem(sys.modules, "venue.web.server", fake)
    return fake


def test_options_override_the_configuration(server: FakeServer, tmp_path: Path) -> None:
    server.status = 3
    options = ["--host", "::1", "--port", "0", "--data", str(tmp_path), "--log", "json"]
    assert run("web", *options, "--set", "web.connections=7", "--set", "venue.port=1234") == 3
    config = server.served
    assert config.web is not None
    assert (config.web.host, config.web.port, config.web.connections) == ("::1", 0, 7)
    assert (config.venue.data, config.venue.port) == (str(tmp_path), 1234)
    assert config.log.format == "json"


def test_without_options_there_is_no_section(server: FakeServer) -> None:
    assert run("web") == 0
    assert server.served.web is None


def test_what_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(web_command, "NEEDED", ("json", "no_such_package", "neither_this"))
    assert run("web") == 1
    expected = (
        "venue web needs no_such_package, neither_this: pip install no_such_package neither_this\n"
    )
    assert capsys.readouterr().err == expected


def test_every_package_of_the_extra_is_looked_for() -> None:
    text = (Path(__file__).parents[2] / "setup.cfg").read_text()
    extra = text.partition("\nweb =\n")[2].partition("\ntest =")[0]
    names = [line.strip().partition(">")[0] for line in extra.splitlines()]
    assert sorted(names) == sorted(web_command.NEEDED)


def test_a_token_is_printed_once_and_its_hash_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "made" / "data"
    where = ("--data", str(data))
    assert run("web-token", "alpha", *where) == 0
    text = capsys.readouterr().out.strip()
    assert run("web-token", "beta", *where, "--name", "x", "--read-only") == 0
    read_only = capsys.readouterr().out.strip()
    assert run("web-token", "beta", *where, "--name", "y", "--expires", "2999-12-31") == 0
    expiring = capsys.readouterr().out.strip()
    assert TokenFile(data).tokens() == [
        Token("alpha", "token", hashed(text), False, None),
        Token("beta", "x", hashed(read_only), True, None),
        Token("beta", "y", hashed(expiring), False, date(2999, 12, 31)),
    ]
    assert run("web-token", "alpha", *where) == 1
    assert capsys.readouterr().err == "alpha has a token token: give another --name\n"
    for told in ("token token of alpha removed\n", "alpha had no token token\n"):
        assert run("web-token", "alpha", *where, "--remove") == 0
        assert capsys.readouterr().out == told
    assert [each.user for each in TokenFile(data).tokens()] == ["beta", "beta"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["stranger"],
            "command line: USER: found stranger, expected one of the users alpha, beta, operator",
        ),
        (
            ["alpha", "--expires", "tomorrow"],
            "command line: --expires: found tomorrow, expected a date to come, YYYY-MM-DD",
        ),
        (
            ["alpha", "--expires", f"{datetime.now(UTC):%Y-%m-%d}"],
            "expected a date to come, YYYY-MM-DD",
        ),
        (["alpha", "--name", "a b"], "expected 1 to 32 printable ASCII characters without spaces"),
        (["alpha", "--name", ""], "expected 1 to 32 printable ASCII characters without spaces"),
    ],
)
def test_what_makes_no_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert run("web-token", *arguments, "--data", str(tmp_path)) == 2
    out, err = capsys.readouterr()
    assert expected in err and err.count("\n") == 1 and not out
    assert TokenFile(tmp_path).tokens() == []


def test_no_data_directory_is_no_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "none"
    assert run("web-token", "alpha", "--remove", "--data", str(nowhere)) == 0
    assert capsys.readouterr().out == "alpha had no token token\n"
    assert not nowhere.exists()
