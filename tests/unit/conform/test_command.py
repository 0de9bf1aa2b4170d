"""The `venue conform` command: its report, its files, its exit status."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.unit.conform.peer import Peer
from tests.unit.conform.test_runner import NEW
from venue.cli import main

ORDER = "iLOGON\nI8=FIX.4.4|35=D|11=<ID:X>|55=<SYMBOL>\nE8=FIX.4.4|35=8|11=<ID:X>|39="


def conform(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(["conform", *arguments])
    assert isinstance(exit.value.code, int)
    return exit.value.code


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """One that is right, one that is wrong, one that needs a variable."""
    (tmp_path / "a.fix").write_text(f"title: Right\ncovers: A.1.a\n{ORDER}0")
    (tmp_path / "b.fix").write_text(f"title: Wrong\n{ORDER}1")
    (tmp_path / "c.fix").write_text(f"title: Not here\nneeds: DAY_END\n{ORDER}1")
    return tmp_path


def test_report(scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    peer = Peer([[NEW], [], [NEW.replace("E1", "E2")]])
    files = ["--junit", str(scripts / "r.xml"), "--json", str(scripts / "r.json")]
    where = ["--port", str(peer.port), "--versions", "4.4", "--timeout", "2", str(scripts)]
    assert conform(*where, *files) == 1
    peer.close()
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in (out[0], out[1], out[-2])] == [
        ["ok", "FIX.4.4", "a"],
        ["FAILED", "FIX.4.4", "b"],
        ["n/a", "FIX.4.4", "c"],
    ]
    assert out[2].strip() == f"{scripts}/b.fix:4"
    assert "39: expected 1, got 0" in out[-3]
    assert out[-1] == "3 scripts: 1 ok, 1 failed, 1 not applicable"
    records = json.loads((scripts / "r.json").read_bytes())
    assert [record["outcome"] for record in records] == ["ok", "FAILED", "n/a"]
    suite = ElementTree.parse(scripts / "r.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert [len(case) for case in suite] == [0, 1, 1]


def test_all_is_well(scripts: Path) -> None:
    peer = Peer([[NEW]])
    assert conform("--port", str(peer.port), "--versions", "FIX.4.4", str(scripts / "a.fix")) == 0
    peer.close()


@pytest.mark.parametrize("username", [None, "me@alpha"])
def test_every_logon_has_the_password(
    scripts: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    username: str | None,
) -> None:
    """A script's own, too; what is printed has it not."""
    (scripts / "d.fix").write_text("title: Own\niCONNECT\nI8=FIX.4.4|35=A|98=0|108=30\nE8=F|35=1")
    monkeypatch.setenv("VENUE_PASSWORD", "correct horse")
    peer = Peer([[NEW]])
    usual = ["--port", str(peer.port), "--versions", "4.4", "--timeout", "2"]
    usual += [] if username is None else ["--username", username]
    assert conform(*usual, str(scripts / "a.fix"), str(scripts / "d.fix")) == 1
    peer.close()
    logons = [each for each in peer.received if each.type == "A"]
    assert [(each.get("553"), each.get("554")) for each in logons] == [
        (username or "TRADER1", "correct horse")
    ] * 2
    assert all(each.get("554") is None for each in peer.received if each.type != "A")
    assert "correct horse" not in capsys.readouterr().out


def test_script_that_is_wrong(scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (scripts / "d.fix").write_text("title: T\nnonsense")
    assert conform(str(scripts)) == 2
    assert capsys.readouterr().err.startswith(f"{scripts}/d.fix:2: ")


def test_version_that_there_is_not(scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert conform("--versions", "FIX.4.3", str(scripts)) == 2
    assert "'FIX.4.3' is not one of FIX.4.2, FIX.4.4, FIX.5.0SP2" in capsys.readouterr().err
