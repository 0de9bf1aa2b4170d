"""The bare ceiling: the venue's own loop around QuickFIX, and a constant report for every message.

What the venue takes longer than this is the venue. QuickFIX is driven as well as is known from its
own side; with `--cork` the constant reports also take the venue's way out (`gateway/cork.py`).
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

from venue.config import load
from venue.files import shipped
from venue.fix.message import SOH
from venue.gateway.acceptor import Acceptor
from venue.gateway.dictionaries import write_dictionaries
from venue.gateway.loop import Loop, keep_collector_off_the_hot_path
from venue.gateway.recorder import Recorder
from venue.gateway.sessions import Session, configured_sessions
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal

REPORT = (
    "8=FIX.4.4|9=0|35=8|37=1234567|11=N0012345|17=1234567|150=0|39=0|55=AAPL|54=1|38=100|40=2|"
    "44=100.25|59=0|151=100|14=0|6=0|60=20260101-00:00:00.000|10=0|"
).replace("|", SOH)
"""As long as the report that the venue gives."""


class Constant:
    """Answers every message with `REPORT`, whatever it says."""

    def __init__(self, acceptor: Acceptor, cork: bool) -> None:
        self._send = acceptor.sender.send if cork else acceptor.sender.send_each

    def turn(self, inbox: list[tuple[Session, str]]) -> None:
        answers: dict[Session, list[str]] = {}
        for session, text in inbox:
            if text[0] == "8":
                answers.setdefault(session, []).append(REPORT)
        self._send(answers, time.time_ns())

    def tick(self) -> None:
        pass

    def patience(self) -> float:
        return math.inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cork", action="store_true", help="send as the venue does: see cork.py")
    chosen = parser.parse_args()
    config = load(shipped("config/venue.yaml"), [f"venue.port={chosen.port}"])
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        dictionaries = write_dictionaries(config.venue.versions, data)
        sessions = list(configured_sessions(config))
        recorder = Recorder(SqliteJournal(data, "off"), SessionLogs(), 0)
        acceptor = Acceptor(config.venue, sessions, config.quickfix, dictionaries, recorder)
        del dictionaries  # large
        for session in sessions:
            session.link.setPersistMessages(True)
        acceptor.open()
        print(f"venue ready on {config.venue.host}:{acceptor.door.port} (ceiling)", flush=True)
        keep_collector_off_the_hot_path()
        Loop(acceptor, Constant(acceptor, chosen.cork)).run()


if __name__ == "__main__":
    main()
