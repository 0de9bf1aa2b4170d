"""What can be typed at the console. Pure: text to command, or one line that says what is wrong."""

from decimal import Decimal

from venue.console.commands import (
    Cancel,
    Command,
    Enter,
    Help,
    Quit,
    Replace,
    ShowBook,
    ShowOrders,
    ShowTape,
    Status,
    Subscribe,
    Unsubscribe,
)
from venue.console.line import GrammarError, Words
from venue.console.terms import ENTER_TERMS, REPLACE_TERMS, Terms, parse_terms

HELP = """\
buy|sell QTY SYMBOL PRICE|mkt|mtl   buy 10 AAPL 190.25   buy 5 AAPL mkt ioc
  or stop|touch PRICE [limit PRICE] sell 10 AAPL stop 95 limit 94.5
  then day gtc ioc fok close, gtd DATE, show QTY, refresh QTY, min QTY,
  post, aon, smp ID [INSTRUCTION]   buy 10 AAPL 100 show 2 gtd 2026-12-01
cancel N...|all|SYMBOL [buy|sell]   cancel 3 4  cancel all  cancel AAPL buy
replace N [QTY] [@ PRICE] [TERMS]   replace 3 8 @ 190.30 stop 191 gtc
status N, orders [all]              how N stands; own working orders, or all
book SYMBOL, tape SYMBOL            bids and offers, or the trades
sub SYMBOL..., unsub SYMBOL...      start or stop watching
help, quit                          this page, the way out
N is the # of an own order; mtl: market, its rest a limit. Short: b s c r.
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
PRICE_WORDS = ("mkt", "mtl", "stop", "touch")


def parse_command(line: str) -> Command:
    """Turn a line into its command, or raise GrammarError."""
    words = Words(line)
    word = words.next("a command, such as help,").lower()
    name = ALIASES.get(word, word)
    if name not in COMMANDS:
        raise GrammarError(f"{word!r} is not a command: help lists them")
    command = _parse(name, words)
    words.end()
    return command


def _parse(name: str, words: Words) -> Command:
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


def _enter(side: str, words: Words) -> Enter:
    order_qty = words.number("a quantity")
    symbol = words.symbol()
    ord_type: str | None = None
    price: Decimal | None = None
    stop_px: Decimal | None = None
    if words.skip("stop"):
        stop_px = words.number("a trigger price")
        price = _limit(words)
    elif words.skip("touch"):
        stop_px = words.number("a trigger price")
        price = _limit(words)
        ord_type = "market_if_touched" if price is None else "limit_if_touched"
    elif words.skip("mtl"):
        ord_type = "market_to_limit"
    elif not words.skip("mkt", "market"):
        words.skip("@", "at")
        price = words.number("a price, mkt, mtl, stop or touch")
    terms = parse_terms(words, ENTER_TERMS)
    return Enter(side, order_qty, symbol, price, ord_type=ord_type, stop_px=stop_px, **terms)


def _limit(words: Words) -> Decimal | None:
    return words.number("a price") if words.skip("limit") else None


def _cancel(words: Words) -> Cancel:
    if words.next_is_order_number():
        numbers = [words.order_number()]
        while words.left:
            numbers.append(words.order_number())
        return Cancel(tuple(numbers))
    symbol = None
    if not words.skip("all"):
        symbol = words.symbol("the number of an own order, a symbol or all")
    elif words.left and words.left[0].lower() not in ("buy", "sell"):
        symbol = words.symbol()
    side = next((side for side in ("buy", "sell") if words.skip(side)), None)
    return Cancel(None, symbol, side)


def _replace(words: Words) -> Replace:
    number = words.order_number()
    if not words.left:
        words.next("a quantity, @ and a price, or a term such as stop")
    order_qty = words.number("a quantity") if words.next_is_number() else None
    said: Terms = {}
    if words.skip("@", "at") or (order_qty is not None and words.next_is_number()):
        said["price"] = words.number("a price")
    return Replace(number, order_qty, **parse_terms(words, REPLACE_TERMS, said))
