"""Reads a ladder script: books drawn as traders draw them, requests and reports as FIX writes them.

    == Title
        bid | price | ask           the book: 5 lots of b1, then 4 of c1, are offered at 101,
            |   101 | 5 b1, 4 c1    and an iceberg of b2 that shows 2 and hides 8 at 102
            |   102 | 2+8 b2
    -> D(a1) buy 3 @ 101 ioc        a request by its MsgType(35); G(Y,X) and F(Y,X) name 11 and 41
    <- 8(a1) 150=0 39=0 32=-        a report: these fields with these values, `-` is absent

The first letter of a ClOrdID says whose it is: Ann and Cat trade for one firm, Bob for another. The
first book of a script is entered, every later one is compared. Every report has to be named.

What may follow the quantity of D and G, in any order:

    @ 101, market, leftover             a limit, none, or what the best price leaves (K)
    stop 103, touched 97, quote         waits for that last trade (99), or for that quote
    day, gtc, ioc, fok, close, open     TimeInForce(59)
    gtd 12:00:05, gtd 20240301          ExpireTime(126), ExpireDate(432)
    show 2, refresh 1                   MaxFloor(111) and RefreshQty(1088)
    min 3, post, reprice                MinQty(110), ExecInst(18)=6 that is refused, or repriced
    on-halt                             ExecInst(18)=K
    id x, cancel-resting, cancel-aggressor, cancel-both, decrement      2362 and 2964

What else may be asked, besides F and H: `q(a9) X sell`, `q(a9)` and the same with AF, where X and
the side may be absent; `on(a)` and `on(a) cancel` when Ann logs on, `off(a) loss` and `off(a)
logout` when she goes; `time 12:00:05` and `time 20240301-00:00:00`. It is 20240229-12:00:00 at
first, and days end at midnight.

What the venue itself does: `phase opening_auction`, and `phase none` where there is no schedule
any more; `halt`, `resume`, `resume 5` with an auction in 5 seconds; `delist`; `list dynamic 2
static 10 limit 50 seconds 5 random 3`, where each of these terms may be absent; `bust 7`, and
`correct 7 2 101` of trade 7, which had 2 lots at 101. What it tells of phases is in lines of its
own, and so is what a call indicates after the step: price, quantity and imbalance.

    <- auction opening_auction 103 5    AuctionHeld, `- 0` where nothing traded
    <- phase continuous                 PhaseEntered
    indicated 103 5 -2
"""

import re
from dataclasses import dataclass, field

SESSIONS = {"a": "ANN", "b": "BOB", "c": "CAT"}
TODAY = "20240229"

_REQUEST = re.compile(
    r"-> (?P<msg_type>D|F|G|H|q|AF|on|off|time|phase|halt|resume|delist|list|bust|correct)"
    r"(?:\((?P<cl_ord_id>\w+)(?:,(?P<orig>#?\w+))?\))?(?P<rest>.*)"
)
_REPORT = re.compile(r"<- (?P<msg_type>8|9|r)\((?P<cl_ord_id>\w+)(?:,(?P<orig>\w+))?\)(?P<rest>.*)")
_NEWS = re.compile(
    r"<- (?:(?P<auction>auction) (?P<phase>\w+) (?P<price>\S+) (?P<qty>\d+)|phase (?P<entered>\w+))"
)
_INDICATED = re.compile(r"indicated (?P<price>\d+|-) (?P<qty>\d+) (?P<imbalance>-?\d+)")
_LEVEL = re.compile(r"(?P<bids>[^|]*)\|\s*(?P<price>\d+)\s*\|(?P<asks>.*)")
_NUMBERS = {
    "@": "price",
    "stop": "stop_px",
    "touched": "touched_px",
    "show": "display_qty",
    "refresh": "refresh_qty",
    "min": "min_qty",
}
_TEXTS = {"id": "self_match_prevention_id", "gtd": "expires"}
_TIMES = {
    "day": "day",
    "gtc": "gtc",
    "ioc": "ioc",
    "fok": "fok",
    "close": "at the close",
    "open": "at the opening",
}
_INSTRUCTIONS = ("cancel-resting", "cancel-aggressor", "cancel-both", "decrement")

Queue = list[tuple[str, str]]
"""(open quantity, ClOrdID) of the orders of one price, the oldest first."""
Ladder = dict[int, tuple[Queue, Queue]]
"""Bids and asks by price."""
Tags = dict[str, str]
Indicated = tuple[str, ...]
"""Price, quantity and imbalance that a call tells."""
WORDS = ("q", "AF", "on", "off", "time", "phase", "resume", "list")
"""What takes words of its own."""


@dataclass
class Request:
    """One request; `orig` is a ClOrdID, or `#` and an OrderID."""

    msg_type: str
    cl_ord_id: str
    orig: str = ""
    side: str | None = None
    qty: int = 0
    price: int | None = None
    stop_px: int | None = None
    touched_px: int | None = None
    quote: bool = False
    leftover: bool = False
    time_in_force: str | None = None
    expires: str = ""
    display_qty: int | None = None
    refresh_qty: int | None = None
    min_qty: int | None = None
    post_only: str | None = None
    cancel_on_halt: bool = False
    self_match_prevention_id: str = ""
    instruction: str | None = None
    poss_resend: bool = False
    words: tuple[str, ...] = ()
    """What else the line says."""

    @property
    def session(self) -> str:
        return SESSIONS[self.cl_ord_id[0]]

    @property
    def ord_type(self) -> str:
        limit = self.price is not None
        if self.leftover:
            return "market with left over as limit"
        if self.stop_px is not None:
            return "stop limit" if limit else "stop"
        if self.touched_px is not None:
            return "limit if touched" if limit else "market if touched"
        return "limit" if limit else "market"


@dataclass
class Step:
    """A request, what it is answered, and the book after it where the script draws one."""

    line: int
    text: str
    request: Request
    reports: list[Tags] = field(default_factory=list)
    after: Ladder | None = None
    indicated: Indicated | None = None


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
        elif (indicated := _INDICATED.fullmatch(line)) is not None:
            steps[-1].indicated = indicated.groups()
        else:
            steps[-1].reports.append(_report(line, number))
    return scenarios


def _queue(text: str) -> Queue:
    orders = [part.split() for part in text.split(",") if part.strip()]
    return [(qty, cl_ord_id) for qty, cl_ord_id in orders]


def _request(line: str, number: int) -> Request:
    match = _REQUEST.fullmatch(line)
    assert match is not None, f"line {number}: {line} is no request"
    words = match["rest"].split()
    request = Request(match["msg_type"], match["cl_ord_id"] or "a", match["orig"] or "")
    if request.msg_type in ("phase", "list", "bust", "correct"):
        request.words = tuple(words)
        return request
    while words:
        word = words.pop(0)
        if word in _NUMBERS:
            setattr(request, _NUMBERS[word], int(words.pop(0)))
        elif word in _TEXTS:
            setattr(request, _TEXTS[word], words.pop(0))
        elif word in _TIMES:
            request.time_in_force = _TIMES[word]
        elif word in _INSTRUCTIONS:
            request.instruction = word.replace("-", " ")
        elif word in ("buy", "sell"):
            request.side = word
        elif word in ("quote", "leftover"):
            setattr(request, word, True)
        elif word == "on-halt":
            request.cancel_on_halt = True
        elif word in ("post", "reprice"):
            request.post_only = {"post": "refuse"}.get(word, word)
        elif word == "97=Y":
            request.poss_resend = True
        elif word.isdecimal() and request.msg_type in ("D", "G"):
            request.qty = int(word)
        else:
            known = word == "market" or request.msg_type in WORDS
            assert known, f"line {number}: {word} is no word of a request"
            request.words += (word,)
    if request.expires:
        request.time_in_force = "gtd"
    return request


def _report(line: str, number: int) -> Tags:
    news = _NEWS.fullmatch(line)
    if news is not None and news["auction"]:
        return auction_held(news["phase"], news["price"], news["qty"])
    if news is not None:
        return phase_entered(news["entered"])
    match = _REPORT.fullmatch(line)
    assert match is not None, f"line {number}: {line} is no report"
    names = {"35": match["msg_type"], "11": match["cl_ord_id"], "41": match["orig"] or "-"}
    fields = dict(part.split("=", 1) for part in match["rest"].split())
    return names | {"to": SESSIONS.get(match["cl_ord_id"][0], "-")} | fields


def auction_held(phase: str, price: object, qty: object) -> Tags:
    return {"35": "auction", "phase": phase, "price": str(price), "qty": str(qty)}


def phase_entered(phase: str) -> Tags:
    return {"35": "phase", "phase": phase}


def draw(ladder: Ladder) -> str:
    """A book in its one canonical drawing."""
    lines = ["bid | price | ask"]
    for price in sorted(ladder, reverse=True):
        bids, asks = (", ".join(f"{qty} {name}" for qty, name in queue) for queue in ladder[price])
        lines.append(f"{bids} | {price} | {asks}")
    return "\n".join(lines)
