"""A line editor without a terminal: keys in, lines out."""

from collections.abc import Callable

KEYS = {
    "\x01": "home",
    "\x02": "left",
    "\x04": "end of input",
    "\x05": "end",
    "\x06": "right",
    "\x08": "backspace",
    "\t": "complete",
    "\n": "enter",
    "\x0b": "kill to end",
    "\x0e": "down",
    "\x10": "up",
    "\r": "enter",
    "\x15": "kill to start",
    "\x17": "kill word",
    "\x7f": "backspace",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[F": "end",
    "\x1b[H": "home",
    "\x1b[3~": "delete",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
    "\x1bOF": "end",
    "\x1bOH": "home",
}


class EndOfInput(Exception):  # noqa: N818
    """Ctrl-D on an empty line."""


class LineEditor:
    """One line being typed, and those typed before.

    `complete` gets the text before the cursor and returns the words its last one may become;
    when they are several, `choices` holds them until the next key.
    """

    def __init__(self, complete: Callable[[str], list[str]] = lambda _: []) -> None:
        self.text = ""
        self.cursor = 0
        self.choices: list[str] = []
        self._complete = complete
        self._history: list[str] = []
        self._recalled = 0
        self._draft = ""
        self._partial_key = ""

    def feed(self, typed: str) -> list[str]:
        """Take what was typed and return the lines it finished. Raise EndOfInput on Ctrl-D."""
        lines = []
        for key in self._keys(typed):
            self.choices = []
            line = self._press(key)
            if line is not None:
                lines.append(line)
        return lines

    def _keys(self, typed: str) -> list[str]:
        keys = []
        sequence = self._partial_key
        for char in typed:
            sequence += char
            if not _is_partial(sequence):
                keys.append(sequence)
                sequence = ""
        self._partial_key = sequence
        return keys

    def _press(self, key: str) -> str | None:
        match KEYS.get(key):
            case "enter":
                return self._enter()
            case "end of input":
                if not self.text:
                    raise EndOfInput
            case "backspace" if self.cursor:
                self._cut(self.cursor - 1, self.cursor)
            case "delete":
                self._cut(self.cursor, self.cursor + 1)
            case "kill to start":
                self._cut(0, self.cursor)
            case "kill to end":
                self._cut(self.cursor, len(self.text))
            case "kill word":
                kept = self.text[: self.cursor].rstrip()
                self._cut(kept.rfind(" ") + 1, self.cursor)
            case "left":
                self.cursor = max(0, self.cursor - 1)
            case "right":
                self.cursor = min(len(self.text), self.cursor + 1)
            case "home":
                self.cursor = 0
            case "end":
                self.cursor = len(self.text)
            case "up":
                self._recall(-1)
            case "down":
                self._recall(+1)
            case "complete":
                self._complete_word()
            case None if key.isprintable():
                self._insert(key)
        return None

    def _enter(self) -> str:
        line = self.text
        if line.strip() and (not self._history or self._history[-1] != line):
            self._history.append(line)
        self._recalled = len(self._history)
        self.text = self._draft = ""
        self.cursor = 0
        return line

    def _insert(self, text: str) -> None:
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def _recall(self, step: int) -> None:
        wanted = self._recalled + step
        if not 0 <= wanted <= len(self._history):
            return
        if self._recalled == len(self._history):
            self._draft = self.text
        self._recalled = wanted
        self.text = [*self._history, self._draft][wanted]
        self.cursor = len(self.text)

    def _complete_word(self) -> None:
        before = self.text[: self.cursor]
        words = self._complete(before)
        if not words:
            return
        start = before.rfind(" ") + 1
        whole = words[0] + " " if len(words) == 1 else _common_start(words)
        if len(whole) >= len(before) - start:
            self._cut(start, self.cursor)
            self._insert(whole)
        if len(words) > 1:
            self.choices = words


def _is_partial(sequence: str) -> bool:
    """Tell whether an escape sequence goes on: ESC, ESC [ digits ;, ESC O."""
    if sequence[0] != "\x1b":
        return False
    if len(sequence) <= 2:
        return sequence[-1] in "\x1b[O"
    return sequence[1] == "[" and not sequence[-1].isalpha() and sequence[-1] != "~"


def _common_start(words: list[str]) -> str:
    first, last = min(words), max(words)
    length = next((i for i, char in enumerate(first) if char != last[i]), len(first))
    return first[:length]
