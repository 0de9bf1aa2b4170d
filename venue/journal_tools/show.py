"""`venue journal show`: what each batch holds, for people or as JSON, a line of it each."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from venue.core.commands import DefineInstrument
from venue.core.instrument import Instrument
from venue.errors import JournalError
from venue.journal.batch import Batch, decode_batch
from venue.journal_tools.history import History
from venue.journal_tools.times import format_iso
from venue.journal_tools.words import Instruments, describe, line, printable

Shown = dict[str, Any]
"""A batch as JSON has it."""


def show(
    data: Path, first: int | None, last: int | None, session: str | None, as_json: bool
) -> Iterator[str]:
    """Iterate the lines of batches `first` to `last`, or of what concerns `session` in them.

    Raise `JournalError` at the first batch that is missing or damaged.
    """
    history = History(data)
    try:
        start = history.first if first is None else first
        if start > history.last or start < history.first:
            held = f"{history.first} to {history.last}"
            held = held if history.last >= history.first else "no batch"
            raise JournalError(f"batch {start} is not in {data}, which has {held}")
        instruments = Listed(history)
        for seq, batch in history.batches(start, last):
            for command in batch.commands:
                if isinstance(command, DefineInstrument):
                    instruments[command.spec.symbol] = Instrument(command.spec)
            shown = shown_batch(seq, batch, instruments)
            if session is None or _keep(shown, session):
                yield msgspec.json.encode(shown).decode() if as_json else text(shown)
    finally:
        history.close()


class Listed(dict[str, Instrument]):
    """Instruments by symbol. One that is missing is looked for in the whole history, once: tick and
    lot of a symbol never change.
    """

    def __init__(self, history: History) -> None:
        self._history: History | None = history

    def get(self, symbol: str, default: Any = None) -> Any:
        if symbol and symbol not in self and self._history is not None:
            history, self._history = self._history, None
            for instrument in _defined(history):
                self.setdefault(instrument.symbol, instrument)
        return super().get(symbol, default)


def _defined(history: History) -> Iterator[Instrument]:
    """Every instrument in what can be read of a history from its start."""
    tag = msgspec.msgpack.encode("i")
    try:
        for seq, body in history.read(history.first):
            if tag in body:
                for command in decode_batch(body, seq).commands:
                    if isinstance(command, DefineInstrument):
                        yield Instrument(command.spec)
    except (JournalError, sqlite3.Error):
        return


def shown_batch(seq: int, batch: Batch, instruments: Instruments) -> Shown:
    """A batch in words. What it does not have is left out."""
    shown: Shown = {"seq": seq, "time": format_iso(batch.time)}
    shown["commands"] = [describe(command, instruments) for command in batch.commands]
    shown["sent"] = [
        {"session": sent.session, "first": sent.first, "texts": list(map(printable, sent.texts))}
        for sent in batch.sent
    ]
    shown["numbers"] = {
        name: {"next_sender": sender, "next_target": target}
        for name, (sender, target) in batch.numbers.items()
    }
    shown["reset"] = {name: format_iso(time) for name, time in batch.reset.items()}
    shown["told"] = batch.told
    shown["stopped"] = batch.stopped
    return {key: value for key, value in shown.items() if value or key == "commands"}


def _keep(shown: Shown, session: str) -> bool:
    """Leave in a batch only what concerns `session`; tell whether that is anything."""
    commands = shown["commands"]
    shown["commands"] = [c for c in commands if session in (c.get("session"), c.get("operator"))]
    kept = bool(shown["commands"])
    if "sent" in shown:
        shown["sent"] = [each for each in shown["sent"] if each["session"] == session]
        kept = kept or bool(shown["sent"])
    for key in ("numbers", "reset", "told"):
        if key in shown:
            shown[key] = {name: each for name, each in shown[key].items() if name == session}
            kept = kept or bool(shown[key])
    return kept


def text(shown: Shown) -> str:
    """A batch for people."""
    lines = [f"batch {shown['seq']}  {shown['time']}"]
    lines += [f"  {line(command)}" for command in shown["commands"]]
    lines += [f"  numbers of {name} began anew" for name in shown.get("reset", ())]
    lines += [f"  {name} is told what waited for it" for name in shown.get("told", ())]
    for sent in shown.get("sent", ()):
        number = sent["first"]
        for each in sent["texts"]:
            to = f"to {sent['session']}"
            lines.append(f"  {to} {number}: {each}" if number else f"  waits {to}: {each}")
            number += 1 if number else 0
    for name, numbers in shown.get("numbers", {}).items():
        out, into = numbers["next_sender"], numbers["next_target"]
        lines.append(f"  next of {name}: {out} out, {into} in")
    if shown.get("stopped"):
        lines.append("  the venue stopped")
    return "\n".join(lines)
