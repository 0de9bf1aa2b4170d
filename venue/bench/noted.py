"""`python -m venue.bench.noted FILE serve ...`: the venue that notes, before each turn of its loop,
what time it is, what it has had of a processor, how much it has done and who is there; when it ends
it writes that into FILE.
"""

import atexit
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from venue import cli
from venue.bench.blocks import Row
from venue.gateway.exchange import Exchange


def main() -> None:
    path = Path(sys.argv.pop(1))
    rows: list[Row] = []
    messages = 0
    turn = Exchange.turn

    def noted_turn(self: Exchange, inbox: list[Any]) -> None:
        nonlocal messages
        there = sum(session.logged_on for session in self._sessions.values())
        there += self.subscriptions["market_data_subscriptions"]
        rows.append(Row(time.monotonic_ns(), time.thread_time_ns(), messages, there))
        messages += len(inbox)
        turn(self, inbox)

    setattr(Exchange, "turn", noted_turn)  # noqa: B010
    atexit.register(lambda: path.write_bytes(msgspec.json.encode(rows)))
    cli.main()


if __name__ == "__main__":
    main()
