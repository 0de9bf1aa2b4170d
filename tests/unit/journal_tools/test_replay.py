"""`venue replay`: any past moment, from the nearest snapshot or from the start."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.journal_tools.made import Writer, add_snapshot, make_journal, new
from venue.core import commands as c
from venue.core.types import OrdType, Side, TimeInForce
from venue.errors import ConfigError, JournalError
from venue.journal.archive import archives
from venue.journal_tools.archive import archive
from venue.journal_tools.history import History
from venue.journal_tools.moment import first_from, last_until, rebuild
from venue.journal_tools.replay import Replay

BATCHES = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    return make_journal(tmp_path_factory.mktemp("made"), BATCHES)


@pytest.fixture
def data(made: Writer, tmp_path: Path) -> Path:
    return shutil.copytree(made.data, tmp_path / "data")


def replayed(data: Path, until: str | None = None, **options: object) -> tuple[list[str], int]:
    chosen = {"symbol": None, "depth": 10, "orders": False, "verify": False} | options
    run = Replay(data)
    return list(run.lines(until, **chosen)), run.differences  # type: ignore[arg-type]


@pytest.mark.parametrize("seq", [1, 2, 17, 40, BATCHES])
@pytest.mark.parametrize("snapshot", [None, 1, 16, 17, 40])
def test_every_moment_has_the_state_it_had(
    made: Writer, data: Path, seq: int, snapshot: int | None
) -> None:
    if snapshot is not None:
        add_snapshot(data, snapshot)
    lines, _ = replayed(data, str(seq))
    assert lines[1] == f"state hash {made.hashes[seq]}"
    assert lines[0].startswith(f"batch {seq}  2026-11-21T08:0")


def test_a_snapshot_spares_what_comes_before_it(made: Writer, data: Path) -> None:
    add_snapshot(data, 40)
    with closing(History(data)) as history:
        read: list[int] = []
        replayed_batches = history.replayed

        def watched(first: int, last: int | None = None):  # type: ignore[no-untyped-def]
            read.append(first)
            return replayed_batches(first, last)

        history.replayed = watched  # type: ignore[method-assign]
        assert rebuild(history, 50).venue.state_hash() == made.hashes[50]
        assert read == [41]


def test_through_archives(made: Writer, data: Path) -> None:
    add_snapshot(data, 50)
    list(archive(data, 0))
    for seq in (3, 50, 55, BATCHES):
        assert replayed(data, str(seq))[0][1] == f"state hash {made.hashes[seq]}"
    archives(data)[0].path.unlink()
    assert replayed(data, "55")[0][1] == f"state hash {made.hashes[55]}"
    with pytest.raises(JournalError, match="begins with batch 51, and no snapshot leads to"):
        replayed(data, "20")


def test_the_journal_itself_may_be_named(made: Writer, data: Path) -> None:
    assert replayed(data / "journal.db")[0][1] == f"state hash {made.hashes[BATCHES]}"


@pytest.mark.parametrize(
    ("text", "until", "start"),
    [
        ("17", 17, 17),
        ("2026-11-21T08:00:17Z", 17, 17),
        ("20261121-08:00:17", 17, 17),
        ("20261121-08:00:17.999", 17, 18),
        ("2026-11-21T08:00:16.999999999Z", 16, 17),
        ("2026-11-21T08:00:01Z", 1, 1),
        ("2027-01-01", BATCHES, BATCHES + 1),
    ],
)
def test_a_moment_by_number_or_time(data: Path, text: str, until: int, start: int) -> None:
    with closing(History(data)) as history:
        assert last_until(history, "--until", text) == until
        assert first_from(history, "--from", text) == start


def test_a_moment_that_is_none(data: Path) -> None:
    with pytest.raises(JournalError, match=f"^--until 61: the journal ends with batch {BATCHES}$"):
        replayed(data, "61")
    with pytest.raises(JournalError, match=r"begins 2026-11-21T08:00:01.000000000Z$"):
        replayed(data, "2026-11-20")
    with pytest.raises(ConfigError, match=r"--until: found 0, expected a batch number from 1 on"):
        replayed(data, "0")
    with pytest.raises(ConfigError, match="--until: found soon, expected a batch number, 2026"):
        replayed(data, "soon")


def test_books_and_orders(tmp_path: Path) -> None:
    with closing(Writer(tmp_path)) as writer:
        writer.write(c.DefineInstrument(aapl()), c.DefineInstrument(aapl(symbol="MSFT", lot="0.1")))
        writer.write(new("TRADER1", "a", "buy", 5, 9900), new("TRADER2", "b", "sell", 7, 10100))
        writer.write(new("TRADER2", "c", "sell", 2, None), new("TRADER1", "d", "buy", 4, 9900))
        terms = "MSFT", Side.SELL, OrdType.LIMIT, TimeInForce.GTC, 12_345, 12
        writer.write(c.NewOrder("TRADER3", "NORTH", "e", *terms))
    lines, _ = replayed(tmp_path, orders=True)
    assert lines[2:] == [
        "live orders 4",
        "",
        "AAPL: last trade 2 @ 99",
        "  orders  qty  bid  offer  qty  orders",
        "       2    7   99    101    7       1",
        "",
        "MSFT: no trade yet",
        "  orders  qty  bid   offer  qty  orders",
        "                    123.45  1.2       1",
        "",
        "order 1  TRADER1 a: buy 5 AAPL @ 99 limit day, 3 left",
        "order 2  TRADER2 b: sell 7 AAPL @ 101 limit day",
        "order 4  TRADER1 d: buy 4 AAPL @ 99 limit day",
        "order 5  TRADER3 e: sell 1.2 MSFT @ 123.45 limit gtc",
        "",
        "session TRADER1: next 4 out, 3 in",
        "session TRADER2: next 4 out, 3 in",
        "session TRADER3: next 2 out, 2 in",
    ]
    lines, _ = replayed(tmp_path, symbol="MSFT", orders=True)
    assert [each.split(" ")[0] for each in lines[3:] if each] == ["MSFT:", "", "", "order"]
    with pytest.raises(ConfigError, match=r"--symbol: found X, expected one of AAPL, MSFT$"):
        replayed(tmp_path, symbol="X")


def test_depth(data: Path) -> None:
    at = replayed(data, "40", depth=2)[0].index("")
    book = replayed(data, "40", depth=2)[0][at + 1 : at + 6]
    assert len([each for each in book if each.startswith("  ")]) == 3


def test_verify(data: Path) -> None:
    paths = [add_snapshot(data, seq) for seq in (20, 40, 60)]
    lines, differences = replayed(data, verify=True)
    assert lines[:5] == [
        "carried out again from batch 1",
        *(f"snapshot {path} is right" for path in paths),
        "3 snapshots, 0 differ",
    ]
    assert differences == 0
    assert replayed(data, "40", verify=True)[0][3] == "2 snapshots, 0 differ"


def test_verify_names_the_snapshot_that_differs(made: Writer, data: Path) -> None:
    add_snapshot(data, 20)
    wrong = add_snapshot(data, 40, [new("TRADER1", "other", "buy", 1, 9000)])
    damaged = add_snapshot(data, 50)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    lines, differences = replayed(data, verify=True)
    assert differences == 2
    assert lines[2].startswith(f"snapshot {wrong} differs: state hash ")
    assert lines[2].endswith(f", not {made.hashes[40]}")
    assert lines[3] == f"snapshot {damaged} is damaged"
    assert lines[4] == "3 snapshots, 2 differ"


def test_a_snapshot_of_another_history_is_not_used(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_journal(tmp_path / "other", 30, seed=2)
    path = add_snapshot(other.data, 25)
    (data / "snapshots").mkdir()
    there = Path(shutil.copy(path, data / "snapshots"))
    made = make_journal(tmp_path / "same", 30)
    lines, _ = replayed(data, "30")
    assert lines[1] == f"state hash {made.hashes[30]}"
    assert f"snapshot {there} is of another history" in capsys.readouterr().err


def test_an_empty_journal(tmp_path: Path) -> None:
    Writer(tmp_path).close()
    assert replayed(tmp_path)[0][0] == "no batch"
