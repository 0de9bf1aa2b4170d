"""`venue admin`: what an operator does to a running venue.

What a command needs is imported when it runs, so `--help` is instant.
"""

from typing import Annotated, NoReturn

import typer

from venue.admin_session import Operator, listed

app = typer.Typer(
    help="Operate a running venue: instruments, markets, orders, trades, limits, sessions.",
    no_args_is_help=True,
)

Context = typer.Context
Symbol = Annotated[str, typer.Argument(help="The instrument.", show_default=False)]
OrSymbol = Annotated[str | None, typer.Argument(help="The instrument.", show_default=False)]
OrMarket = Annotated[str | None, typer.Option("--market", help="A whole market instead.")]
Firm = Annotated[str, typer.Argument(help="The firm.", show_default=False)]
Account = Annotated[str | None, typer.Option(help="Only this account of it.")]
Trade = Annotated[str, typer.Argument(help="The trade's id.", show_default=False)]
Who = Annotated[
    str, typer.Argument(metavar="SESSION", help="A CompID, or a session as in FIX.4.4:TRADER1.")
]
CompId = Annotated[str, typer.Argument(metavar="COMP_ID", help="In all its versions.")]
Why = Annotated[str | None, typer.Option("--text", help="Told to who is logged out.")]
Number = Annotated[str | None, typer.Option(metavar="NUMBER")]
Seconds = Annotated[str | None, typer.Option(metavar="SECONDS")]
Word = Annotated[str | None, typer.Option()]


@app.callback()
def connection(
    context: Context,
    comp_id: Annotated[
        str, typer.Option("--as", metavar="COMP_ID", help="Who to log on as.")
    ] = "OPERATOR",
    host: Annotated[str, typer.Option(help="Where the venue is.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.", min=1, max=65535)] = 9878,
    target: Annotated[str, typer.Option(help="The venue's CompID.")] = "VENUE",
    version: Annotated[str, typer.Option(help="The FIX version to speak.")] = "FIX.4.4",
    username: Annotated[str | None, typer.Option(help="With a password the CompID.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="VENUE_PASSWORD", help="If it needs one.")
    ] = None,
) -> None:
    context.obj = Operator(comp_id, host, port, target, version, username, password)


@app.command()
def define(
    context: Context,
    symbol: Symbol,
    tick: Number = None,
    lot: Number = None,
    reference_price: Number = None,
    min_qty: Number = None,
    max_qty: Number = None,
    collar_percent: Number = None,
    currency: Word = None,
    market: Word = None,
    security_type: Word = None,
    dynamic_collar_percent: Number = None,
    static_collar_percent: Number = None,
    interruption_seconds: Seconds = None,
    interruption_random_seconds: Seconds = None,
) -> None:
    """Add an instrument, or change one, its collars too: what is not given stays as it is.

    The terms are those of `instruments` in the configuration. `none` takes a dynamic or static
    collar away. Tick and lot cannot change.
    """
    _ask(
        context,
        "define",
        symbol=symbol,
        tick=tick,
        lot=lot,
        reference_price=reference_price,
        min_qty=min_qty,
        max_qty=max_qty,
        collar_percent=collar_percent,
        currency=currency,
        market=market,
        security_type=security_type,
        dynamic_collar_percent=dynamic_collar_percent,
        static_collar_percent=static_collar_percent,
        interruption_seconds=interruption_seconds,
        interruption_random_seconds=interruption_random_seconds,
    )


@app.command()
def delist(context: Context, symbol: Symbol) -> None:
    """End all trading in an instrument: its orders are canceled. `define` lists it again."""
    _ask(context, "delist", symbol=symbol)


@app.command()
def halt(context: Context, symbol: OrSymbol = None, market: OrMarket = None) -> None:
    """Stop trading in an instrument or a market. Orders stay and may be canceled."""
    _ask(context, "halt", symbol=symbol, market=market)


@app.command()
def resume(
    context: Context,
    symbol: OrSymbol = None,
    market: OrMarket = None,
    auction: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="Collect orders so long, and begin with an auction."),
    ] = None,
) -> None:
    """End a halt, or every halt in a market."""
    seconds = None if auction is None else str(auction)
    _ask(context, "resume", symbol=symbol, market=market, auction_seconds=seconds)


@app.command()
def phase(
    context: Context,
    market: Annotated[str, typer.Argument(help="The market.", show_default=False)],
    phase: Annotated[
        str,
        typer.Argument(
            help="closed, pre_open, opening_auction, continuous, closing_auction, post_close; or"
            " schedule, to give it back.",
            show_default=False,
        ),
    ],
) -> None:
    """Lead a market into a phase, until the next one of its schedule begins."""
    _ask(context, "phase", market=market, phase=phase)


@app.command()
def cancel(
    context: Context,
    order_id: Annotated[str, typer.Argument(help="Its OrderID.", show_default=False)],
) -> None:
    """Cancel an order, whosever it is."""
    _ask(context, "cancel", order_id=order_id)


@app.command("cancel-firm")
def cancel_firm(context: Context, firm: Firm) -> None:
    """Cancel every order of a firm."""
    _ask(context, "cancel_firm", firm=firm)


@app.command()
def bust(context: Context, trade_id: Trade) -> None:
    """Undo a trade."""
    _ask(context, "bust", trade_id=trade_id)


@app.command()
def correct(context: Context, trade_id: Trade, qty: Number = None, price: Number = None) -> None:
    """Give a trade another quantity or price, or both."""
    _ask(context, "correct", trade_id=trade_id, qty=qty, price=price)


@app.command()
def limit(
    context: Context,
    firm: Annotated[str | None, typer.Option(help="Default: each firm by itself.")] = None,
    account: Account = None,
    symbol: Annotated[str | None, typer.Option(help="Only this instrument.")] = None,
    max_order_qty: Number = None,
    max_order_notional: Number = None,
    max_open_orders: Number = None,
    max_open_notional: Number = None,
    max_long_position: Number = None,
    max_short_position: Number = None,
    max_daily_loss: Number = None,
    price_collar_percent: Number = None,
    max_messages: Number = None,
    message_seconds: Seconds = None,
    duplicate_milliseconds: Number = None,
    restricted_symbols: Annotated[str | None, typer.Option(help="With spaces between.")] = None,
    allow_short: Annotated[str | None, typer.Option(metavar="Y|N")] = None,
) -> None:
    """Set limits of a firm, account or instrument: what is not given stays as it is.

    They are those of `limits` in the configuration; `none` takes one away.
    """
    _ask(
        context,
        "limit",
        firm=firm,
        account=account,
        symbol=symbol,
        max_order_qty=max_order_qty,
        max_order_notional=max_order_notional,
        max_open_orders=max_open_orders,
        max_open_notional=max_open_notional,
        max_long_position=max_long_position,
        max_short_position=max_short_position,
        max_daily_loss=max_daily_loss,
        price_collar_percent=price_collar_percent,
        max_messages=max_messages,
        message_seconds=message_seconds,
        duplicate_milliseconds=duplicate_milliseconds,
        restricted_symbols=restricted_symbols,
        allow_short=allow_short,
    )


@app.command()
def unlimit(
    context: Context,
    firm: Annotated[str | None, typer.Option(help="Default: those of each firm.")] = None,
    account: Account = None,
    symbol: Annotated[str | None, typer.Option(help="Those in this instrument.")] = None,
) -> None:
    """Take away the limits of a firm, account or instrument."""
    _ask(context, "unlimit", firm=firm, account=account, symbol=symbol)


@app.command()
def kill(context: Context, firm: Firm, account: Account = None) -> None:
    """Cancel all orders of a firm and take no more, until `release`."""
    _ask(context, "kill", firm=firm, account=account)


@app.command()
def release(context: Context, firm: Firm, account: Account = None) -> None:
    """Take orders of a firm again."""
    _ask(context, "release", firm=firm, account=account)


@app.command()
def firms(context: Context) -> None:
    """Tell of every firm whether its orders are taken."""
    _ask(context, "firms")


@app.command()
def limits(
    context: Context,
    firm: Annotated[
        str | None, typer.Argument(help="Only those that hold for it.", show_default=False)
    ] = None,
) -> None:
    """Tell the limits that there are."""
    _ask(context, "limits", firm=firm)


@app.command()
def session(context: Context, session: Who) -> None:
    """Tell whether a session is logged on, and its next numbers."""
    _ask(context, "session", session=session)


@app.command()
def sessions(context: Context) -> None:
    """Tell how every session stands: its roles, numbers, and where it has come from."""
    _ask(context, "sessions")


@app.command()
def disconnect(context: Context, session: Who, text: Why = None) -> None:
    """Log a session out and hang up. It may log on again."""
    _ask(context, "disconnect", session=session, text=text)


@app.command()
def disable(context: Context, comp_id: CompId, text: Why = None) -> None:
    """Log a CompID out and let it log on no more, until `enable`."""
    _ask(context, "disable", session=comp_id, text=text)


@app.command()
def enable(context: Context, comp_id: CompId) -> None:
    """Let a CompID log on again."""
    _ask(context, "enable", session=comp_id)


@app.command()
def unlock(context: Context, comp_id: CompId) -> None:
    """Let who is locked out of a CompID by wrong passwords try again, from every address."""
    _ask(context, "unlock", session=comp_id)


@app.command()
def news(
    context: Context,
    headline: Annotated[str, typer.Argument(show_default=False)],
    text: Annotated[str, typer.Argument(show_default=False)],
    session: Annotated[str | None, typer.Option(help="Only a CompID, or a session of it.")] = None,
    firm: Annotated[str | None, typer.Option(help="Only the sessions of a firm.")] = None,
) -> None:
    """Tell everybody, or some; who is away is told at the next Logon."""
    _ask(context, "news", headline=headline, text=text, session=session, firm=firm)


@app.command()
def snapshot(context: Context) -> None:
    """Have the venue's state written now, so that a start is quick."""
    _ask(context, "snapshot")


@app.command("end-day")
def end_day(context: Context) -> None:
    """End the trading day now: Day orders expire, other orders are carried over."""
    _ask(context, "end_day")


def _ask(context: Context, action: str, **terms: str | None) -> NoReturn:
    """Ask for an action and print what became of it, and what it lists; exit with status 1 where it
    is refused.
    """
    operator: Operator = context.obj
    report = operator.ask(action, terms)
    typer.echo(report.text, err=not report.accepted)
    for line in listed(report):
        typer.echo(line)
    raise SystemExit(0 if report.accepted else 1)
