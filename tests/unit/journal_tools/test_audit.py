"""What `venue audit` tells of operators: each request, done or refused, and no other."""

import csv
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.journal_tools.made import Writer, new
from venue.cli import main
from venue.core import commands as c
from venue.errors import ConfigError, JournalError
from venue.journal_tools.audit import COLUMNS, Wanted, audit
from venue.journal_tools.show import show

HALT = c.RecordOperation("FIX.4.4:OPS", "1", "halt", {"symbol": "AAPL"}, True, "AAPL is halted")
NEWS = c.RecordOperation(
    "FIX.4.2:OPS", "2", "news", {"headline": "Early close", "text": "at\nnoon"}, True, "told"
)
BURN = c.RecordOperation("FIX.4.4:DESK", "3", "burn", {}, False, 'expected one of "halt", delist')
ANY = Wanted()
NOBODY = c.RecordOperation("FIX.4.4:TRADER1", "", "", {}, False, "no operator")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(Writer(tmp_path)) as writer:
        writer.write(c.DefineInstrument(aapl()))
        writer.write(HALT, c.HaltInstrument("AAPL"))
        writer.write(new("TRADER1", "O", "buy", 1, 10000))
        writer.write(new("TRADER1", "P", "buy", 1, 10000), NEWS, BURN)
        writer.write(NOBODY)
    return tmp_path


def rows(
    data: Path, wanted: Wanted = ANY, first: str | None = None, until: str | None = None
) -> list[dict[str, str]]:
    return list(csv.DictReader(audit(data, wanted, first, until, "csv")))


def test_every_request_in_order(data: Path) -> None:
    halt, news, burn, nobody = rows(data)
    assert halt == {
        "seq": "2",
        "time": "2026-11-21T08:00:02.000000000Z",
        "operator": "FIX.4.4:OPS",
        "req_id": "1",
        "action": "halt",
        "result": "done",
        "request": "symbol=AAPL",
        "text": "AAPL is halted",
    }
    assert (news["seq"], news["operator"], news["result"]) == ("4", "FIX.4.2:OPS", "done")
    assert news["request"] == 'headline="Early close" text=at\\nnoon'
    assert (burn["seq"], burn["result"], burn["request"]) == ("4", "refused", "")
    assert burn["text"] == 'expected one of "halt", delist'
    assert (nobody["action"], nobody["text"]) == ("", "no operator")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(operator="OPS"), "12"),
        (Wanted(operator="FIX.4.4:OPS"), "1"),
        (Wanted(operator="OP"), ""),
        (Wanted(action="news"), "2"),
        (Wanted(refused=True), "3"),
        (Wanted(operator="OPS", refused=True), ""),
    ],
)
def test_only_what_is_wanted(data: Path, wanted: Wanted, found: str) -> None:
    assert [row["req_id"] for row in rows(data, wanted) if row["req_id"]] == list(found)


def test_only_a_stretch_of_time(data: Path) -> None:
    assert [row["seq"] for row in rows(data, first="3", until="4")] == ["4", "4"]
    assert [row["seq"] for row in rows(data, first="2026-11-21T08:00:05Z")] == ["5"]
    assert [row["seq"] for row in rows(data, until="20261121-08:00:02.5")] == ["2"]


def test_a_table(data: Path) -> None:
    titles, *lines = audit(data, ANY, None, None, "table")
    assert tuple(titles.split()) == COLUMNS
    assert lines[0].split(maxsplit=6)[:6] == [
        *("2", "2026-11-21T08:00:02.000000000Z", "FIX.4.4:OPS", "1", "halt", "done"),
    ]
    assert len(lines) == 4
    begins = titles.index("text")
    assert [line[begins:] for line in lines] == [each.text for each in (HALT, NEWS, BURN, NOBODY)]


def test_one_long_request_makes_no_other_row_longer(data: Path, tmp_path: Path) -> None:
    """Nothing of it is lost: it goes on below."""
    told = " ".join(f"word{number}" for number in range(60))
    long = c.RecordOperation("FIX.4.4:OPS", "4", "news", {"text": "z" * 700}, True, told)
    with closing(Writer(tmp_path / "long")) as writer:
        writer.write(c.DefineInstrument(aapl()))
        writer.write(HALT, long)
    for width in (100, 160):
        lines = list(audit(tmp_path / "long", ANY, None, None, "table", width))
        assert max(map(len, lines)) <= width
        table = "".join(lines)
        assert table.count("z") == 700 and all(f"word{number}" in table for number in range(60))
        assert "2026-11-21T08:00:02.000000000Z" in lines[1]


def test_the_command(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["audit", "--data", str(data), "--action", "halt", "--format", "csv"])
    assert not exit.value.code
    assert capsys.readouterr().out.splitlines()[1].startswith("2,2026-11-21T08:00:02.")


def test_what_cannot_be(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--format"):
        list(audit(data, ANY, None, None, "xml"))
    with pytest.raises(ConfigError, match="--from"):
        list(audit(data, ANY, "yesterday", None, "csv"))
    with pytest.raises(JournalError):
        list(audit(tmp_path / "none", ANY, None, None, "csv"))


def test_the_journal_shows_it(data: Path) -> None:
    [line] = (
        line
        for line in "\n".join(show(data, 2, 2, None, False)).splitlines()
        if "halt" in line and "record" in line
    )
    assert "operator=FIX.4.4:OPS req_id=1 action=halt request=symbol=AAPL accepted=yes" in line
    shown = "\n".join(show(data, None, None, "FIX.4.4:DESK", False))
    assert "action=burn" in shown and "action=news" not in shown
