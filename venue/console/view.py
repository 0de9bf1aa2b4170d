"""What the console looks like: state to rich renderables. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec
from rich.align import Align
from rich.console import Console, ConsoleDimensions, Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from venue.client.book import Book, Level, Trade
from venue.client.codes import ORD_STATUS_WORDS
from venue.client.orders import Order
from venue.console.desk import Desk
from venue.console.grammar import HELP
from venue.console.words import (
    Remark,
    Tone,
    number_words,
    order_terms,
    price_decimals,
    price_words,
    side_words,
)

TONES: Mapping[Tone, str] = {"good": "green", "bad": "red", "plain": "", "dim": "dim"}
BID_STYLE, OFFER_STYLE, OWN_STYLE = "green", "red", "bold cyan"
LADDER_WIDTH = 33
ORDERS_WIDTH = 47
_PLAIN = Console(color_system=None, width=200)
OwnQuantities = Mapping[tuple[str, Decimal], Decimal]


class Page(msgspec.Struct):
    """What the person at the console has chosen to see."""

    title: str
    shows_help: bool = False
    shows_ended_orders: bool = False
    is_open: bool = True


def ladder(book: Book, own: OwnQuantities | None = None, rows: int | None = None) -> Table:
    """Draw offers over bids, the touch in the middle, own quantities (if any) at the left."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for title in ("own", "bid", "price", "offer"):
        if title != "own" or own is not None:
            table.add_column(title, justify="right", no_wrap=True)
    offers, bids = book.offers, book.bids
    if rows is not None:
        offers, bids = _fitting(offers, bids, rows)
    prices = _aligned([price for price, _ in [*offers, *bids]])

    def add_row(side: str, price: Decimal, *cells: Text | str) -> None:
        mine = [] if own is None else [Text(number_words(own.get((side, price))), style=OWN_STYLE)]
        table.add_row(*mine, *cells)

    for price, qty in reversed(offers):
        add_row("2", price, "", prices[price], Text(number_words(qty), style=OFFER_STYLE))
    for price, qty in bids:
        add_row("1", price, Text(number_words(qty), style=BID_STYLE), prices[price], "")
    if not offers and not bids:
        add_row("", Decimal(0), "", Text("empty" if book.has_snapshot else "...", style="dim"))
    return table


def orders_table(orders: Sequence[tuple[int, Order]]) -> Table:
    """List own orders."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("#", justify="right", no_wrap=True, style=OWN_STYLE)
    table.add_column("order", no_wrap=True, ratio=1)  # gives way when the table has to fit
    table.add_column("done", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for number, order in orders:
        side = Text(side_words(order.side), style=BID_STYLE if order.side == "1" else OFFER_STYLE)
        done = number_words(order.cum_qty)
        if order.cum_qty:
            done += f" @ {price_words(order.avg_px)}"
        terms = side.append(f" {order_terms(order)}", style="default")
        table.add_row(str(number), terms, done, _status(order))
    return table


def _status(order: Order) -> str:
    if order.is_working and order.is_waiting:
        return "waiting"
    if order.ord_status == "0" and order.is_triggered:
        return "triggered"
    return ORD_STATUS_WORDS.get(order.ord_status, order.ord_status)


def tape_table(trades: Sequence[Trade]) -> Table:
    """List trades as given, with their times if the venue says them."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    is_timed = any(trade.time for trade in trades)
    for title in ("time", "price", "qty") if is_timed else ("price", "qty"):
        table.add_column(title, justify="right", no_wrap=True)
    prices = _aligned([trade.price for trade in trades])
    for trade in trades:
        cells = [prices[trade.price], number_words(trade.qty)]
        table.add_row(*([(trade.time or "")[:8]] if is_timed else []), *cells)
    return table


def remark_text(remark: Remark) -> Text:
    """Write a remark in its tone."""
    return Text(remark.text, style=TONES[remark.tone])


def input_line(text: str, cursor: int, choices: Sequence[str], width: int) -> Text:
    """Show the end of a line that is being typed, with its cursor."""
    start = max(0, cursor - width + 4)
    shown = text[start:] + " "
    line = Text("> ", style="bold", no_wrap=True, overflow="crop")
    line.append(shown[: cursor - start], style="not bold")
    line.append(shown[cursor - start], style="reverse not bold")
    line.append(shown[cursor - start + 1 :], style="not bold")
    if choices:
        line.append("  " + " ".join(choices), style="dim not bold")
    return line


def screen(desk: Desk, page: Page, typing: Text, size: ConsoleDimensions) -> Layout:
    """Lay out the whole console."""
    low = max(5, min(12, (size.height - 2) * 2 // 5))
    high = max(4, size.height - 2 - low)
    root = Layout()
    root.split_column(
        Layout(_header(desk, page.title), size=1),
        Layout(name="high", size=high),
        Layout(name="low", size=low),
        Layout(typing, size=1),
    )
    if page.shows_help:
        root["high"].update(Panel(Text(HELP), title="help"))
    else:
        orders = Layout(_orders_panel(desk, page, high))
        root["high"].split_row(*_ladders(desk, size.width - ORDERS_WIDTH, high), orders)
    root["low"].split_row(
        Layout(_tape_panel(desk, low), size=LADDER_WIDTH),
        Layout(_remarks_panel(desk, low, size.width - LADDER_WIDTH)),
    )
    return root


def _header(desk: Desk, title: str) -> RenderableType:
    up = desk.trader.is_logged_on
    line = Table.grid(expand=True)
    line.add_column()
    line.add_column(justify="right")
    state = (
        Text("logged on", style="green")
        if up
        else Text("not logged on, trying again", style="bold red")
    )
    line.add_row(Text(title, style="bold"), state)
    return line


def _ladders(desk: Desk, width: int, height: int) -> list[Layout]:
    """Draw the ladders there is room for, the symbol in front always."""
    ladders: list[Layout] = []
    for symbol in desk.watched:
        book = desk.trader.book(symbol)
        table = ladder(book, desk.own_quantities(symbol), rows=height - 3)
        needed = max(LADDER_WIDTH, _PLAIN.measure(table).maximum + 2)
        if ladders and needed > width:
            break
        width -= needed
        table.expand = True
        title = f"[bold]{symbol}" + (f" [red]{len(book.faults)} feed faults" if book.faults else "")
        ladders.append(Layout(Panel(table, title=title, padding=0), size=needed))
    return ladders


def _orders_panel(desk: Desk, page: Page, height: int) -> Panel:
    orders = desk.numbered_orders(page.shows_ended_orders)[-max(1, height - 3) :]
    hint = "no working orders\n\nbuy 10 AAPL 190.25 enters one\nbook AAPL shows a book\nhelp"
    table = orders_table(orders)
    table.expand = True
    return Panel(table if orders else _hint(hint), title="own orders", padding=0)


def _tape_panel(desk: Desk, height: int) -> Panel:
    if not desk.watched:
        return Panel(_hint(""), title="tape")
    symbol = desk.watched[0]
    trades = list(desk.trader.tape(symbol))[::-1][: height - 3]
    body = tape_table(trades) if trades else _hint("no trades yet")
    return Panel(body, title=f"tape {symbol}", padding=0)


def _remarks_panel(desk: Desk, height: int, width: int) -> Panel:
    lines: list[Text] = []
    for remark in list(desk.remarks)[-height:]:
        lines += remark_text(remark).wrap(_PLAIN, max(1, width - 4))
    return Panel(Group(*lines[-(height - 2) :]), title="messages")


def _hint(text: str) -> RenderableType:
    return Align.center(Text(text, style="dim", justify="center"), vertical="middle")


def _fitting(offers: list[Level], bids: list[Level], rows: int) -> tuple[list[Level], list[Level]]:
    """Share the rows, giving what one side does not need to the other."""
    half = rows // 2
    bid_rows = max(rows - half, rows - len(offers))
    return offers[: max(half, rows - len(bids))], bids[:bid_rows]


def _aligned(prices: Sequence[Decimal]) -> dict[Decimal, str]:
    """Write prices with the same number of decimals."""
    decimals = max(map(price_decimals, prices), default=0)
    return {price: price_words(price, max(2, decimals)) for price in prices}
