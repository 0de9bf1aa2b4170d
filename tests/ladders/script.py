"""Reads a ladder script: books drawn as traders draw them, requests and reports as FIX writes them.

    == Title
        bid | price | ask           the book: 5 lots of b1, then 4 of c1, are offered at 101
            |   101 | 5 b1, 4 c1
    -> D(a1) buy 3 @ 101 ioc        a request by its MsgType(35); G(Y,X) and F(Y,X) name 11 and 41
    <- 8(a1) 150=0 39=0 32=-        a report: these fields with these values, `-` is absent

The first letter of a ClOrdID says whose it is: Ann and Cat trade for one firm, Bob for another. The
first book of a script is entered, every later one is compared. Every report has to be named.
"""

import re
from dataclasses import dataclass, field

SESSIONS = {"a": "ANN", "b": "BOB", "c": "CAT"}

_REQUEST = re.compile(
    r"-> (?P<msg_type>[DFGH])\((?P<cl_ord_id>\w+)(?:,(?P<orig>#?\w+))?\) (?P<side>buy|sell)"
    r"(?: (?P<qty>\d+) (?:@ (?P<price>\d+)|market))?(?: (?P<tif>day|gtc|ioc|fok))?"
    r"(?P<resend> 97=Y)?"
)
_REPORT = re.compile(r"<- (?P<msg_type>[89])\((?P<cl_ord_id>\w+)(?:,(?P<orig>\w+))?\)(?P<rest>.*)")
_LEVEL = re.compile(r"(?P<bids>[^|]*)\|\s*(?P<price>\d+)\s*\|(?P<asks>.*)")

Queue = list[tuple[int, str]]
"""(open quantity, ClOrdID) of the orders of one price, the oldest first."""
Ladder = dict[int, tuple[Queue, Queue]]
"""Bids and asks by price."""
Tags = dict[str, str]


@dataclass
class Request:
    """One request; `orig` is a ClOrdID, or `#` and an OrderID."""

    msg_type: str
    cl_ord_id: str
    orig: str
    side: str
    qty: int
    price: int | None
    time_in_force: str | None
    poss_resend: bool

    @property
    def session(self) -> str:
        return SESSIONS[self.cl_ord_id[0]]


@dataclass
class Step:
    """A request, what it is answered, and the book after it where the script draws one."""

    line: int
    text: str
    request: Request
    reports: list[Tags] = field(default_factory=list)
    after: Ladder | None = None


@dataclass
class Scenario:
    title: str
    before: Ladder = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def parse_script(text: str) -> list[Scenario]:
    scenarios: list[Scenario] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition(" # ")[0].strip()
        if not line or line.startswith("# "):
            continue
        if line.startswith("== "):
            scenarios.append(Scenario(line[3:]))
            continue
        scenario = scenarios[-1]
        steps = scenario.steps
        if line.replace(" ", "") == "bid|price|ask":
            if steps:
                steps[-1].after = {}
        elif (level := _LEVEL.fullmatch(line)) is not None:
            ladder = steps[-1].after if steps else scenario.before
            assert ladder is not None, f"line {number}: a level of no book"
            ladder[int(level["price"])] = _queue(level["bids"]), _queue(level["asks"])
        elif line.startswith("-> "):
            steps.append(Step(number, line, _request(line, number)))
        else:
            steps[-1].reports.append(_report(line, number))
    return scenarios


def _queue(text: str) -> Queue:
    orders = [part.split() for part in text.split(",") if part.strip()]
    return [(int(qty), cl_ord_id) for qty, cl_ord_id in orders]


def _request(line: str, number: int) -> Request:
    match = _REQUEST.fullmatch(line)
    assert match is not None, f"line {number}: {line} is no request"
    return Request(
        match["msg_type"],
        match["cl_ord_id"],
        match["orig"] or "",
        match["side"],
        int(match["qty"] or 0),
        int(match["price"]) if match["price"] else None,
        match["tif"],
        bool(match["resend"]),
    )


def _report(line: str, number: int) -> Tags:
    match = _REPORT.fullmatch(line)
    assert match is not None, f"line {number}: {line} is no report"
    names = {"35": match["msg_type"], "11": match["cl_ord_id"], "41": match["orig"] or "-"}
    fields = dict(part.split("=", 1) for part in match["rest"].split())
    return names | {"to": SESSIONS[match["cl_ord_id"][0]]} | fields


def draw(ladder: Ladder) -> str:
    """A book in its one canonical drawing."""
    lines = ["bid | price | ask"]
    for price in sorted(ladder, reverse=True):
        bids, asks = (", ".join(f"{qty} {name}" for qty, name in queue) for queue in ladder[price])
        lines.append(f"{bids} | {price} | {asks}")
    return "\n".join(lines)
