"""The text of a script to steps. Knows the form of a line, not what a message means.

title: Cancel request issued for a zero-filled order      the head: `key: value` lines
covers: B.1.a D3
iLOGON                       i, I: done or sent by us; e, E: done or sent by the venue
i4,CONNECT WATCHER           who logs on there: a variable, of 1 SENDER, of 2 OTHER
I8=FIX.4.4|35=D|...          a message that we send
E2,8=FIX.4.4|35=8|...        a message that the venue must send on connection 2
[4.2]E8=FIX.4.4|35=8|...     a line of one version; so with a field: |[4.2,4.4]39=4|
E8=...|39=4|!32|             32 must not be there
# a comment
"""

import re
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from venue.conform.errors import ScriptError

VERSIONS = {"4.2": "FIX.4.2", "4.4": "FIX.4.4", "5.0SP2": "FIX.5.0SP2"}
"""What a version is called in brackets, and everywhere else."""

_HEAD = re.compile(r"(title|covers|versions|needs|set): *(.*)")
_VERSIONS = re.compile(r"\[([^\]]*)\]")
_LINE = re.compile(r"([iIeE])(?:([1-9]),)?(.*)")
_WHO = {1: "SENDER", 2: "OTHER", 3: "COLLEAGUE"}
_FIELD = re.compile(r"(\d+)=(.+)|!(\d+)", re.DOTALL)


class Action(StrEnum):
    """What a line is about; MESSAGE has fields."""

    CONNECT = "CONNECT"
    LOGON = "LOGON"
    DISCONNECT = "DISCONNECT"
    NOTHING = "NOTHING"
    MESSAGE = "MESSAGE"


_ACTIONS = {
    "i": (Action.CONNECT, Action.LOGON, Action.DISCONNECT),
    "e": (Action.DISCONNECT, Action.NOTHING),
}


class Field(Struct, frozen=True):
    """`value` is None where the field must not be there; no `versions` are all of them."""

    tag: str
    value: str | None
    versions: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """One line of a script. `ours` is what we do, the rest is the venue's.

    `who` is the variable with the CompID of a connection that is made.
    """

    line: int
    text: str
    ours: bool
    connection: int
    action: Action
    who: str = ""
    fields: tuple[Field, ...] = ()
    versions: tuple[str, ...] = ()

    def applies_to(self, version: str) -> bool:
        return not self.versions or version in self.versions


class Script(Struct, frozen=True):
    """A script. `needs` are variables that the run must set, `defaults` those it may."""

    path: Path
    title: str
    covers: tuple[str, ...]
    versions: tuple[str, ...]
    needs: tuple[str, ...]
    defaults: dict[str, str]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        return self.path.stem


def find_scripts(paths: list[Path]) -> list[Script]:
    """Read scripts, those of a directory by name. Raises ScriptError."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(path.glob("*.fix"))
        else:
            files.append(path)
    if not files:
        raise ScriptError(f"{', '.join(map(str, paths))}: no *.fix there")
    return [read_script(file) for file in files]


def read_script(path: Path) -> Script:
    """Read one script. Raises ScriptError where it cannot be read or has an error."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: {error}") from None
    return parse_script(text, path)


def parse_script(text: str, path: Path) -> Script:
    """Parse a script's text. Raises ScriptError naming `path` and the line."""
    head: dict[str, list[str]] = {}
    steps: list[Step] = []
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        try:
            entry = _HEAD.fullmatch(line)
            if entry and not steps:
                head.setdefault(entry[1], []).append(entry[2])
            else:
                steps.append(_step(number, line))
        except ValueError as error:
            raise ScriptError(f"{path}:{number}: {error}") from None
    try:
        return _script(path, head, steps)
    except ValueError as error:
        raise ScriptError(f"{path}: {error}") from None


def _script(path: Path, head: dict[str, list[str]], steps: list[Step]) -> Script:
    def words(key: str) -> list[str]:
        return " ".join(head.get(key, [])).split()

    if "title" not in head or not steps:
        raise ValueError("a script has a `title:` and at least one line to carry out")
    defaults = dict(word.partition("=")[::2] for word in words("set"))
    versions = tuple(_versions(" ".join(words("versions")) or ",".join(VERSIONS)))
    covers = tuple(words("covers"))
    needs = tuple(dict.fromkeys([*words("needs"), *(step.who for step in steps if step.who)]))
    return Script(path, head["title"][0], covers, versions, needs, defaults, tuple(steps))


def _versions(text: str) -> list[str]:
    names = re.split(r"[, ]+", text.strip())
    if unknown := [name for name in names if name not in VERSIONS]:
        raise ValueError(f"version {unknown[0]!r} is not one of {', '.join(VERSIONS)}")
    return [VERSIONS[name] for name in names]


def _prefix(text: str) -> tuple[tuple[str, ...], str]:
    prefix = _VERSIONS.match(text)
    if prefix is None:
        return (), text
    return tuple(_versions(prefix[1])), text[prefix.end() :].lstrip()


def _step(number: int, text: str) -> Step:
    versions, rest = _prefix(text)
    line = _LINE.fullmatch(rest)
    if line is None:
        raise ValueError(f"{text!r} is not a line of a script")
    mark, connection, rest = line[1], int(line[2] or 1), line[3]
    ours = mark in "iI"
    if mark in "IE":
        fields = tuple(_field(part) for part in rest.rstrip("|").split("|"))
        if fields[0].tag != "8":
            raise ValueError("a message begins with 8=")
        return Step(number, text, ours, connection, Action.MESSAGE, "", fields, versions)
    name, _, who = rest.partition(" ")
    if name not in _ACTIONS[mark]:
        raise ValueError(f"{name!r} after {mark} is not one of {', '.join(_ACTIONS[mark])}")
    action = Action(name)
    if action in (Action.CONNECT, Action.LOGON):
        who = who or _WHO.get(connection, "")
        if not who:
            raise ValueError(f"who logs on to connection {connection}? {text} NAME")
    elif who:
        raise ValueError(f"{who!r} after {name} means nothing")
    return Step(number, text, ours, connection, action, who, (), versions)


def _field(text: str) -> Field:
    versions, rest = _prefix(text)
    field = _FIELD.fullmatch(rest)
    if field is None:
        raise ValueError(f"{text!r} is neither TAG=VALUE nor !TAG")
    return Field(field[1] or field[3], field[2], versions)
