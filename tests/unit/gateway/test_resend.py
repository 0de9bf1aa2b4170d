"""What a ResendRequest is answered with: every number from the first to the last, once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from venue.gateway.recorder import JUMP, MARK, Recorder
from venue.gateway.resend import Gap, Repeat, Resend
from venue.journal.batch import Batch, Sent
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        recorder = Recorder(journal, SessionLogs(window=50), 0)
        recorder.append(Batch(10, [], [Sent("A", 3, ["three", "four"]), Sent("B", 2, ["no"])]))
        recorder.append(Batch(20, [], [Sent("A", 0, ["waits"])]))
        recorder.append(Batch(30, [], [Sent("A", 7, ["seven"])], {"A": (8, 5)}))
        yield recorder


def brief(recorder: Recorder, first: int, last: int) -> list[tuple[int, object]]:
    return [
        (item.number, item.next if isinstance(item, Gap) else item.text)
        for item in recorder.resend("A", first, last)
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 9, [(1, 3), (3, "three"), (4, "four"), (5, 7), (7, "seven"), (8, 10)]),
        (3, 7, [(3, "three"), (4, "four"), (5, 7), (7, "seven")]),
        (4, 4, [(4, "four")]),
        (4, 5, [(4, "four"), (5, 6)]),
        (5, 6, [(5, 7)]),
        (8, 20, [(8, 21)]),
        (1, 1, [(1, 2)]),
        (6, 5, []),
    ],
)
def test_no_number_is_left_out(
    recorder: Recorder, first: int, last: int, expected: list[tuple[int, object]]
) -> None:
    assert brief(recorder, first, last) == expected


def test_a_report_has_the_time_it_was_first_sent(recorder: Recorder) -> None:
    assert list(recorder.resend("A", 4, 4)) == [Repeat(4, "four", 10)]


def test_what_is_older_than_the_window_is_a_gap(recorder: Recorder) -> None:
    recorder.append(Batch(40, [], [Sent("A", 54, ["late"])], {"A": (55, 5)}))
    assert brief(recorder, 1, 54) == [(1, 7), (7, "seven"), (8, 54), (54, "late")]


def test_a_batch_that_is_damaged_is_a_gap(
    recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder.journal.flush()
    recorder.journal._db.execute("UPDATE batches SET crc = 0 WHERE seq = 1")
    assert brief(recorder, 1, 7) == [(1, 7), (7, "seven")]
    assert "batch 1 is damaged" in capsys.readouterr().out


def test_what_waits_is_found(recorder: Recorder) -> None:
    assert recorder.untold("A", 10) == ["waits"]
    assert recorder.untold("B", 10) == []
    recorder.append(Batch(50, [], [Sent("A", 0, ["too"])]))
    assert recorder.untold("A", 10) == ["waits", "too"]
    assert recorder.untold("A", 1) == ["waits"]


def test_numbers_jump_only_after_a_crash_and_never_before_the_first_logon(
    recorder: Recorder,
) -> None:
    assert recorder.numbers("A") == (8 + JUMP, 5)
    assert recorder.numbers("C") == (1, 1)
    recorder.append(Batch(60, [], numbers={"A": (8, 6)}, stopped=True))
    assert recorder.numbers("A") == (8, 6)


def test_the_journal_is_told_long_before_the_jump_is_used_up(recorder: Recorder) -> None:
    assert not recorder.is_behind("A", 8 + MARK - 1)
    assert recorder.is_behind("A", 8 + MARK)
    recorder.note({"A": (8 + MARK, 5)})
    assert not recorder.is_behind("A", 8 + MARK)
    assert 2 * MARK < JUMP


def test_how_far_a_resend_has_come() -> None:
    resend = Resend(3, 9, iter([Repeat(3, "", 0), Gap(4, 9), Repeat(9, "", 0)]))
    assert [resend.next for _ in resend] == [4, 9, 10]
