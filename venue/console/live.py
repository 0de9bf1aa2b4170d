"""The console on a terminal: ladder, orders and tape drawn anew while a line is being typed."""

from rich.console import Console
from rich.live import Live

from venue.client.errors import ClientError
from venue.console.commands import (
    Enter,
    Help,
    Quit,
    ShowBook,
    ShowOrders,
    ShowTape,
    Subscribe,
    Unsubscribe,
)
from venue.console.completion import completions
from venue.console.desk import Desk
from venue.console.editor import EndOfInput, LineEditor
from venue.console.grammar import parse_command
from venue.console.line import GrammarError
from venue.console.terminal import keyboard
from venue.console.view import Page, input_line, screen
from venue.console.words import Remark

FRAME = 0.05  # seconds: what arrives is drawn at most twenty times a second


def run_live(desk: Desk, title: str) -> int:
    """Run until quit, Ctrl-D or the end of the terminal."""
    console = Console(highlight=False)
    page = Page(title=title)
    editor = LineEditor(lambda text: completions(text, desk.symbols, desk.working_numbers))
    with keyboard() as keys, Live(console=console, screen=True, auto_refresh=False) as live:
        drawn_size = None
        while page.is_open:
            typed = keys.read(FRAME)
            if typed is None:
                break
            try:
                for line in editor.feed(typed):
                    _perform(desk, page, line)
            except EndOfInput:
                break
            heard = list(desk.hear())
            if typed or heard or drawn_size != console.size:
                drawn_size = console.size
                typing = input_line(editor.text, editor.cursor, editor.choices, drawn_size.width)
                live.update(screen(desk, page, typing, drawn_size), refresh=True)
    if left := len(desk.trader.orders.working):
        console.print(f"{left} own order{'s' if left > 1 else ''} left working at the venue")
    return 0


def _perform(desk: Desk, page: Page, line: str) -> None:
    page.shows_help = False
    if not line.strip():
        return
    desk.remarks.append(Remark(f"> {line.strip()}", "dim"))
    try:
        match parse_command(line):
            case Quit():
                page.is_open = False
            case Help():
                page.shows_help = True
            case ShowOrders(ended_too):
                page.shows_ended_orders = ended_too
            case ShowBook(symbol) | ShowTape(symbol):
                desk.watch(symbol)
            case Subscribe(symbols):
                for symbol in symbols:
                    desk.watch(symbol)
            case Unsubscribe(symbols):
                for symbol in symbols:
                    desk.unwatch(symbol)
            case request:
                desk.perform(request)
                if isinstance(request, Enter):
                    desk.watch(request.symbol)
    except (GrammarError, ClientError) as error:
        desk.remarks.append(Remark(str(error), "bad"))
