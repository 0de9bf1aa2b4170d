"""What a client that subscribes to everything costs the others, if it reads and if it does not."""

import socket
import threading
import time

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from venue.bench.flows import frame
from venue.bench.load import Connection
from venue.bench.servers import load, server
from venue.fix.message import format_time

RATE = 5_000
SYMBOLS = ("AAPL", "BTC-USD", "ETH-USD", "EURUSD")
DEPTHS = (0, 1, 10)
KINDS = {"none": "without it", "reads": "it reads", "deaf": "it never reads"}

Figures = dict[str, dict[str, float]]


class Subscriber(Connection):
    """MD1, subscribed to each instrument in several depths."""

    def __init__(self, port: int) -> None:
        super().__init__(port, "MD1")
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        now = format_time(time.time_ns())
        asked = [(symbol, depth) for symbol in SYMBOLS for depth in DEPTHS]
        for number, (symbol, depth) in enumerate(asked):
            head = f"35=V|34={number + 2}|49=MD1|52={now}|56=VENUE|262=R{number}|263=1|"
            types = "267=3|269=0|269=1|269=2|"
            self.socket.sendall(frame(f"{head}264={depth}|265=1|{types}146=1|55={symbol}|"))

    def read_on(self) -> None:
        """Take what comes, in a thread, until the connection ends."""
        threading.Thread(target=self._read_on, daemon=True).start()

    def _read_on(self) -> None:
        try:
            while self.socket.recv(1 << 20):
                pass
        except OSError:
            pass


def beside_a_subscriber(seconds: int, rounds: int, progress: Progress) -> Figures:
    """Round trips of another's orders in microseconds, for each of `KINDS`.

    Those of the round whose p99 is the median one.
    """
    task = progress.add_task("a deaf client", total=rounds * len(KINDS))
    samples: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind, own in samples.items():
            with server("off") as target:
                client = None if kind == "none" else Subscriber(target.port)
                if client is not None and kind == "reads":
                    client.read_on()
                own.append(load(target, "add", RATE * seconds, RATE))
                if client is not None:
                    client.socket.close()
            progress.advance(task)
    return {
        kind: sorted(own, key=lambda each: each["p99"])[rounds // 2]
        for kind, own in samples.items()
    }


def show_subscriber(figures: Figures, console: Console) -> None:
    """Print `figures` as a table, with what each p99 is of that without the client."""
    table = Table(
        "client", "p50", "p99", "p99.9", "of p99", title=f"beside a subscriber, us, {RATE:,}/s"
    )
    for kind, name in KINDS.items():
        own = figures[kind]
        ratio = own["p99"] / figures["none"]["p99"]
        points = (f"{own[point]:,.0f}" for point in ("p50", "p99", "p99.9"))
        table.add_row(name, *points, f"{ratio:.2f}")
    console.print(table)
