"""What can be typed at the console. Pure: text to command, or one line that says what is wrong."""

from decimal import Decimal, InvalidOperation

import msgspec

HELP = """\
buy QTY SYMBOL PRICE|mkt [TIF]   buy 10 AAPL 190.25   buy 5 AAPL mkt ioc
sell QTY SYMBOL PRICE|mkt [TIF]  sell 10 AAPL 190.30 gtc
cancel N...|all [SYMBOL]         cancel 3   cancel 3 4   cancel all AAPL
replace N [QTY] [@ PRICE]        replace 3 8   replace 3 8 @ 190.30
status N                         ask the venue how order N stands
orders [all]                     own working orders, or all of them
book SYMBOL, tape SYMBOL         bids and offers, or the trades
sub SYMBOL..., unsub SYMBOL...   start or stop watching
help, quit                       this page, the way out
N is the # of an own order. TIF: day (else) gtc, ioc, fok. Short: b s c r.
Tab completes, arrows recall, Ctrl-U clears the line, Ctrl-C quits."""

ALIASES = {
    "b": "buy",
    "s": "sell",
    "c": "cancel",
    "r": "replace",
    "q": "quit",
    "exit": "quit",
    "?": "help",
}
COMMANDS = (
    "book buy cancel help orders quit replace sell status sub tape unsub".split()  # noqa: SIM905
)
TIMES_IN_FORCE = ("day", "gtc", "ioc", "fok")


class GrammarError(ValueError):
    """A line that is no command; its text is for the person who typed it."""


class Enter(msgspec.Struct, frozen=True):
    """buy, sell: a market order has no price."""

    side: str
    order_qty: Decimal
    symbol: str
    price: Decimal | None
    time_in_force: str = "day"


class Cancel(msgspec.Struct, frozen=True):
    """cancel: some orders by number, or (numbers None) all, of one symbol or of any."""

    numbers: tuple[int, ...] | None
    symbol: str | None = None


class Replace(msgspec.Struct, frozen=True):
    """replace: None stays as it is."""

    number: int
    order_qty: Decimal | None
    price: Decimal | None


class Status(msgspec.Struct, frozen=True):
    """status."""

    number: int


class ShowOrders(msgspec.Struct, frozen=True):
    """orders."""

    ended_too: bool = False


class ShowBook(msgspec.Struct, frozen=True):
    """book."""

    symbol: str


class ShowTape(msgspec.Struct, frozen=True):
    """tape."""

    symbol: str


class Subscribe(msgspec.Struct, frozen=True):
    """sub."""

    symbols: tuple[str, ...]


class Unsubscribe(msgspec.Struct, frozen=True):
    """unsub."""

    symbols: tuple[str, ...]


class Help(msgspec.Struct, frozen=True):
    """help."""


class Quit(msgspec.Struct, frozen=True):
    """quit."""


Command = (
    Enter
    | Cancel
    | Replace
    | Status
    | ShowOrders
    | ShowBook
    | ShowTape
    | Subscribe
    | Unsubscribe
    | Help
    | Quit
)


class _Words:
    """The words of a line, taken one by one."""

    def __init__(self, line: str) -> None:
        self.left = line.split()

    def next(self, expected: str) -> str:
        if not self.left:
            raise GrammarError(f"expected {expected} at the end of the line")
        return self.left.pop(0)

    def skip(self, *words: str) -> bool:
        if self.left and self.left[0].lower() in words:
            del self.left[0]
            return True
        return False

    def number(self, expected: str) -> Decimal:
        word = self.next(expected)
        try:
            number = Decimal(word)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise GrammarError(f"{word!r} is not {expected}")
        return number

    def order_number(self) -> int:
        expected = "the number of an own order"
        word = self.next(expected).removeprefix("#")
        if not (word.isascii() and word.isdigit()):
            raise GrammarError(f"{word!r} is not {expected}")
        return int(word)

    def symbol(self) -> str:
        return self.next("a symbol").upper()

    def symbols(self) -> tuple[str, ...]:
        symbols = [self.symbol()]
        while self.left:
            symbols.append(self.symbol())
        return tuple(symbols)

    def end(self) -> None:
        if self.left:
            raise GrammarError(f"{self.left[0]!r} is one word too many")


def parse_command(line: str) -> Command:
    """Turn a line into its command, or raise GrammarError."""
    words = _Words(line)
    word = words.next("a command, such as help,").lower()
    name = ALIASES.get(word, word)
    if name not in COMMANDS:
        raise GrammarError(f"{word!r} is not a command: help lists them")
    command = _parse(name, words)
    words.end()
    return command


def _parse(name: str, words: _Words) -> Command:
    match name:
        case "buy" | "sell":
            return _enter(name, words)
        case "cancel":
            return _cancel(words)
        case "replace":
            return _replace(words)
        case "status":
            return Status(words.order_number())
        case "orders":
            return ShowOrders(words.skip("all"))
        case "book":
            return ShowBook(words.symbol())
        case "tape":
            return ShowTape(words.symbol())
        case "sub":
            return Subscribe(words.symbols())
        case "unsub":
            return Unsubscribe(words.symbols())
        case "quit":
            return Quit()
    return Help()


def _enter(side: str, words: _Words) -> Enter:
    order_qty = words.number("a quantity")
    symbol = words.symbol()
    words.skip("@", "at")
    is_market = words.skip("mkt", "market")
    price = None if is_market else words.number("a price or mkt")
    time_in_force = "day"
    if words.left:
        time_in_force = words.next("").lower()
        if time_in_force not in TIMES_IN_FORCE:
            expected = ", ".join(TIMES_IN_FORCE)
            raise GrammarError(f"{time_in_force!r} is not a time in force: expected {expected}")
    return Enter(side, order_qty, symbol, price, time_in_force)


def _cancel(words: _Words) -> Cancel:
    if words.skip("all"):
        return Cancel(None, words.symbol() if words.left else None)
    numbers = [words.order_number()]
    while words.left:
        numbers.append(words.order_number())
    return Cancel(tuple(numbers))


def _replace(words: _Words) -> Replace:
    number = words.order_number()
    if words.skip("@", "at"):
        return Replace(number, None, words.number("a price"))
    order_qty = words.number("a quantity, or @ and a price")
    if words.skip("@", "at") or words.left:
        return Replace(number, order_qty, words.number("a price"))
    return Replace(number, order_qty, None)
