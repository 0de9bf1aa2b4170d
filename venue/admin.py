"""`venue admin`: what an operator does to a running venue, as one more FIX client of it.

What a command needs is imported when it runs, so `--help` is instant.
"""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from venue.client.events import OperatorReport

app = typer.Typer(
    help="Add, change and delist instruments of a running venue, halt and resume their trading.",
    no_args_is_help=True,
)

Symbol = Annotated[str, typer.Argument(help="The instrument.", show_default=False)]
Number = Annotated[str | None, typer.Option(metavar="NUMBER")]
Seconds = Annotated[str | None, typer.Option(metavar="SECONDS")]
Word = Annotated[str | None, typer.Option()]
CompId = Annotated[str, typer.Option("--as", metavar="COMP_ID", help="Who to log on as.")]
Host = Annotated[str, typer.Option(help="Where the venue is.")]
Port = Annotated[int, typer.Option(help="Its port.", min=1, max=65535)]
Target = Annotated[str, typer.Option(help="The venue's CompID.")]
Version = Annotated[str, typer.Option(help="The FIX version to speak.")]


@app.command()
def define(
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
    comp_id: CompId = "OPERATOR",
    host: Host = "127.0.0.1",
    port: Port = 9878,
    target: Target = "VENUE",
    version: Version = "FIX.4.4",
) -> None:
    """Add an instrument, or change one: what is not given stays as it is.

    The terms are those of `instruments` in the configuration. `none` takes a dynamic or static
    collar away. Tick and lot cannot change.
    """
    terms = {
        "tick": tick,
        "lot": lot,
        "reference_price": reference_price,
        "min_qty": min_qty,
        "max_qty": max_qty,
        "collar_percent": collar_percent,
        "currency": currency,
        "market": market,
        "security_type": security_type,
        "dynamic_collar_percent": dynamic_collar_percent,
        "static_collar_percent": static_collar_percent,
        "interruption_seconds": interruption_seconds,
        "interruption_random_seconds": interruption_random_seconds,
    }
    _run(comp_id, host, port, target, version, "define", symbol, terms)


@app.command()
def delist(
    symbol: Symbol,
    comp_id: CompId = "OPERATOR",
    host: Host = "127.0.0.1",
    port: Port = 9878,
    target: Target = "VENUE",
    version: Version = "FIX.4.4",
) -> None:
    """End all trading in an instrument: its orders are canceled. `define` lists it again."""
    _run(comp_id, host, port, target, version, "delist", symbol)


@app.command()
def halt(
    symbol: Symbol,
    comp_id: CompId = "OPERATOR",
    host: Host = "127.0.0.1",
    port: Port = 9878,
    target: Target = "VENUE",
    version: Version = "FIX.4.4",
) -> None:
    """Stop trading in an instrument until it is resumed. Orders stay and may be canceled."""
    _run(comp_id, host, port, target, version, "halt", symbol)


@app.command()
def resume(
    symbol: Symbol,
    auction: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="Collect orders so long, and begin with an auction."),
    ] = None,
    comp_id: CompId = "OPERATOR",
    host: Host = "127.0.0.1",
    port: Port = 9878,
    target: Target = "VENUE",
    version: Version = "FIX.4.4",
) -> None:
    """End a halt."""
    terms = {"auction_seconds": None if auction is None else str(auction)}
    _run(comp_id, host, port, target, version, "resume", symbol, terms)


def _run(
    comp_id: str,
    host: str,
    port: int,
    target: str,
    version: str,
    action: str,
    symbol: str,
    terms: dict[str, str | None] | None = None,
) -> None:
    """Ask for an action and print what became of it; exit with status 1 where it is refused."""
    given = {name: value for name, value in (terms or {}).items() if value is not None}
    report = _ask(comp_id, host, port, target, version, action, symbol, given)
    typer.echo(report.text, err=not report.accepted)
    raise SystemExit(0 if report.accepted else 1)


def _ask(
    comp_id: str,
    host: str,
    port: int,
    target: str,
    version: str,
    action: str,
    symbol: str,
    terms: dict[str, str],
) -> "OperatorReport":
    from venue.client.client import connect
    from venue.client.errors import ClientError
    from venue.client.events import BusinessReject, OperatorReport, SessionReject
    from venue.errors import VenueError

    try:
        with connect(
            comp_id,
            host=host,
            port=port,
            target_comp_id=target,
            version=version,
            quickfix={"UseDataDictionary": "N"},  # the stock ones do not know these messages
        ) as client:
            request = client.operate(action, symbol, **terms)
            while True:
                for event in client.events(client.timeout):
                    if isinstance(event, OperatorReport) and event.operator_req_id == request:
                        return event
                    if isinstance(event, SessionReject):
                        raise VenueError(f"the venue rejects tag {event.ref_tag_id}: {event.text}")
                    if isinstance(event, BusinessReject):
                        raise VenueError(f"the venue refuses: {event.text}")
                raise VenueError(f"the venue does not answer within {client.timeout:g} s")
    except ClientError as error:
        raise VenueError(str(error)) from None
