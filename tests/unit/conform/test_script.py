"""The form of a script, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from venue.conform.errors import ScriptError
from venue.conform.script import Action, Field, find_scripts, parse_script

HERE = Path("t.fix")


def test_parts_of_a_script() -> None:
    script = parse_script(
        "title: Two words\ncovers: A.1.a D1\nversions: 4.4 5.0SP2\nneeds: DAY_END\nset: A=1 B=2\n"
        "# a comment\n\niLOGON\ni4,CONNECT WATCHER\n"
        "[4.2,4.4]E2,8=FIX.4.4|35=8|[5.0SP2]150=L|!32|[4.2]!636|58=a=b|\neNOTHING\n",
        HERE,
    )
    assert (script.name, script.title, script.covers) == ("t", "Two words", ("A.1.a", "D1"))
    assert script.versions == ("FIX.4.4", "FIX.5.0SP2")
    assert script.needs == ("DAY_END", "SENDER", "WATCHER")
    assert script.defaults == {"A": "1", "B": "2"}
    logon, connect, message, nothing = script.steps
    assert (logon.ours, logon.connection, logon.action, logon.who) == (True, 1, "LOGON", "SENDER")
    assert (connect.connection, connect.action, connect.who) == (4, Action.CONNECT, "WATCHER")
    assert (message.line, message.ours, message.connection) == (10, False, 2)
    assert message.applies_to("FIX.4.2") and not message.applies_to("FIX.5.0SP2")
    assert message.fields == (
        Field("8", "FIX.4.4"),
        Field("35", "8"),
        Field("150", "L", ("FIX.5.0SP2",)),
        Field("32", None),
        Field("636", None, ("FIX.4.2",)),
        Field("58", "a=b"),
    )
    assert nothing.action is Action.NOTHING


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("CONNECT", "'CONNECT' is not a line of a script"),
        ("iJUMP", "'JUMP' after i is not one of CONNECT, LOGON, DISCONNECT"),
        ("eCONNECT", "'CONNECT' after e is not one of DISCONNECT, NOTHING"),
        ("i4,LOGON", "who logs on to connection 4"),
        ("eNOTHING AT ALL", "'AT ALL' after NOTHING means nothing"),
        ("I35=D", "a message begins with 8="),
        ("I8=FIX.4.4|35", "'35' is neither TAG=VALUE nor !TAG"),
        ("I8=FIX.4.4|35=", "'35=' is neither TAG=VALUE nor !TAG"),
        ("I8=FIX.4.4|[4.3]35=D", "version '4.3' is not one of 4.2, 4.4, 5.0SP2"),
    ],
)
def test_line_that_is_none(line: str, error: str) -> None:
    with pytest.raises(ScriptError, match=r"t\.fix:3: ") as raised:
        parse_script(f"title: T\niLOGON\n{line}\n", HERE)
    assert error in str(raised.value)


@pytest.mark.parametrize("text", ["iLOGON\n", "title: T\n"])
def test_script_without_title_or_lines(text: str) -> None:
    with pytest.raises(ScriptError, match=r"t\.fix: a script has a `title:`"):
        parse_script(text, HERE)


def test_scripts_of_a_directory(tmp_path: Path) -> None:
    for name in ("b.fix", "a.fix", "c.txt"):
        (tmp_path / name).write_text("title: T\niLOGON\n")
    assert [script.name for script in find_scripts([tmp_path])] == ["a", "b"]
    assert [script.name for script in find_scripts([tmp_path / "c.txt"])] == ["c"]
    with pytest.raises(ScriptError, match="No such file"):
        find_scripts([tmp_path / "d.fix"])
    with pytest.raises(ScriptError, match=r"no \*.fix there"):
        find_scripts([])
