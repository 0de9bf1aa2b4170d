"""Reads YAML so that nothing is guessed and every value remembers its line.

A scalar stays the text that stands in the file; what it means is for the schema to say. So `off`,
`Y` and `no` are words, `0.1` is exact, and an empty value (`key:`, `null`, `~`) is a key left out.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from venue.errors import ConfigError

KeyPath = tuple[str | int, ...]

COMMAND_LINE = "command line"
_EMPTY = ("", "~", "null")
_IDENTITIES = ("comp_id", "symbol", "name")
_SECRETS = (("password",),)
"""How the key path of what nobody is to read in an error ends."""
_LONGEST_SHOWN = 60


class Document:
    """Nested dicts, lists and texts from one YAML text and the `--set` options laid over it."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines: dict[KeyPath, int | None] = {}  # None: from the command line
        self.tree: Any = self._parse(text)

    @classmethod
    def read(cls, path: Path) -> "Document":
        """Read a file of keys and values; raise `ConfigError` where it is anything else."""
        file = str(path)
        try:
            document = cls(file, path.read_text(encoding="utf-8"))
        except OSError as error:
            why = (error.strerror or "an error").lower()
            raise ConfigError(file, "", why, "a file that can be read") from None
        except UnicodeDecodeError as error:
            found = f"a byte that is not UTF-8 at offset {error.start}"
            raise ConfigError(file, "", found, "UTF-8 text") from None
        if not isinstance(document.tree, dict):
            raise document.error((), "keys and values")
        return document

    def error(self, at: KeyPath, expected: str, found: str | None = None) -> ConfigError:
        """Say what stands at `at`, or `found`, and what should."""
        known = next(at[:n] for n in range(len(at), -1, -1) if at[:n] in self._lines)
        line = self._lines[known]
        file = COMMAND_LINE if line is None else self._file
        if at[-1:] in _SECRETS and isinstance(self._value(at), str):
            found = "another text"
        return ConfigError(file, dotted(at), found or shown(self._value(at)), expected, line)

    def override(self, option: str) -> None:
        """Lay `key.path=value` over the tree; a list's element is named by its index, or by its
        comp_id, symbol or name.
        """
        path, equals, text = option.partition("=")
        if not equals:
            raise ConfigError(COMMAND_LINE, "", shown(option), "key.path=value")
        try:
            value = Document(COMMAND_LINE, text).tree
        except ConfigError as error:
            raise ConfigError(COMMAND_LINE, path, error.found, error.expected) from None
        rest = re.sub(r"\[(\d+)\]", r".\1", path)
        node, at = self.tree, KeyPath()
        while True:
            key: str | int
            if isinstance(node, list):
                key, rest = _element(node, rest, at)
            elif isinstance(node, dict):
                key, _, rest = rest.partition(".")
            else:
                raise ConfigError(COMMAND_LINE, path, shown(node), f"keys below {dotted(at)}")
            at = (*at, key)
            if not rest:
                break
            if isinstance(node, dict) and key not in node:
                node[key] = {}
                self._lines[at] = None
            node = node[key]
        if value is None and isinstance(node, dict):
            node.pop(key, None)
        else:
            node[key] = value
        self._lines = {p: line for p, line in self._lines.items() if p[: len(at)] != at}
        self._lines[at] = None

    def _value(self, at: KeyPath) -> Any:
        node = self.tree
        for key in at:
            try:
                node = node[key]
            except (KeyError, IndexError):
                return None
        return node

    def _parse(self, text: str) -> Any:
        try:
            node = yaml.compose(text, Loader=yaml.BaseLoader)
            self._lines[()] = 1
            return None if node is None else self._plain(node, ())
        except yaml.MarkedYAMLError as error:
            problem, mark = error.problem or error.context, error.problem_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (None, 0)
            found = f"a YAML error in column {column} ({problem})"
            raise ConfigError(self._file, "", found, "valid YAML", line) from None
        except yaml.YAMLError as error:
            found = f"a YAML error ({' '.join(str(error).split())})"
            raise ConfigError(self._file, "", found, "valid YAML") from None
        except RecursionError:
            raise ConfigError(self._file, "", "endless nesting", "a few levels of keys") from None

    def _plain(self, node: yaml.Node, at: KeyPath) -> Any:
        self._lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _EMPTY else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*at, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, at)

    def _mapping(self, node: yaml.MappingNode, at: KeyPath) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(self._file, dotted(at), "a key that is no text", "text", line)
            key_at = (*at, key_node.value)
            if first := self._lines.get(key_at):
                found = f"this key a second time (first on line {first})"
                raise ConfigError(self._file, dotted(key_at), found, "each key once", line)
            self._lines[key_at] = line
            if (value := self._plain(value_node, key_at)) is not None:
                tree[key_node.value] = value
        return tree


def dotted(at: KeyPath) -> str:
    """Write a key path as people do: `instruments[2].tick`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in at).lstrip(".")


def shown(value: object) -> str:
    """Show what was found, on one line and not too long."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        kind = "list" if isinstance(value, list) else "mapping"
        return f"a {kind}" if value else f"an empty {kind}"
    text = str(value)
    plain = text if re.fullmatch("[!-~]+", text) else repr(text)
    return plain if len(plain) <= _LONGEST_SHOWN else plain[:_LONGEST_SHOWN] + "..."


def _element(items: list[Any], rest: str, at: KeyPath) -> tuple[int, str]:
    names = {str(index): index for index in range(len(items))}
    for index, item in enumerate(items):
        if isinstance(item, dict):
            names |= {item[key]: index for key in _IDENTITIES if isinstance(item.get(key), str)}
    fitting = [name for name in names if f"{rest}.".startswith(f"{name}.")]
    if not fitting:
        known = list(names)[len(items) :] or list(names)
        raise ConfigError(COMMAND_LINE, dotted(at), shown(rest), f"one of {', '.join(known)}")
    name = max(fitting, key=len)
    return names[name], rest[len(name) + 1 :]
