"""The commands over the journal: what was, at any past moment, beside a running venue too.

What a command needs is imported when it runs, so `--help` is instant.
"""

from pathlib import Path
from typing import Annotated

import typer

from venue.options import ConfigFile, DataDirectory, data_directory, load_config, one_of

app = typer.Typer()
journal_app = typer.Typer(
    help="Read, check and archive the journal, beside a running venue too.", no_args_is_help=True
)
app.add_typer(journal_app, name="journal")


@journal_app.command("show")
def show_journal(
    data: DataDirectory = None,
    first: Annotated[
        int | None, typer.Option("--from", metavar="SEQ", help="The first batch.", min=1)
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="SEQ", help="The last batch.", min=1)
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what concerns one, as in FIX.4.4:TRADER1."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a batch.")] = False,
    config: ConfigFile = None,
) -> None:
    """Print batches: their time, requests, reports sent and sequence numbers."""
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.show import show

    print_lines(show(data_directory(data, config), first, last, session, as_json))


@journal_app.command("check")
def check_journal(data: DataDirectory = None, config: ConfigFile = None) -> None:
    """Read journal and archives through and tell what is damaged; status 1 if anything is."""
    from venue.journal_tools.check import Check
    from venue.journal_tools.printing import print_lines

    check = Check(data_directory(data, config))
    print_lines(line.text for line in check.lines())
    print_lines([f"{check.faults} faults" if check.faults else "the journal is whole"])
    raise SystemExit(1 if check.faults else 0)


@journal_app.command("archive")
def archive_journal(
    keep: Annotated[
        int, typer.Option(metavar="BATCHES", help="Leave at least so many in the journal.", min=0)
    ] = 0,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Move old batches to DIR/archive. The venue must be stopped.

    Old are the batches before the newest good snapshot; reports that a session may yet ask for
    stay. Replay and export read the archives, too.
    """
    from venue.journal_tools.archive import archive
    from venue.journal_tools.printing import print_lines

    print_lines(archive(data_directory(data, config), keep))


@journal_app.command("backup")
def backup_journal(
    target: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="New or empty.", show_default=False)
    ],
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Copy one moment of everything in the data directory, beside a running venue, too.

    The copy is a data directory: `venue serve --data DIRECTORY` goes on from there.
    """
    from venue.journal_tools.backup import backup
    from venue.journal_tools.printing import print_lines

    print_lines(backup(data_directory(data, config), target))


@app.command()
def replay(
    journal: Annotated[
        Path | None,
        typer.Argument(help="A data directory, or the journal in it. Default: venue.data."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="SEQ|TIME", help="The moment. Default: the last batch.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with every snapshot on the way.")
    ] = False,
    symbol: Annotated[str | None, typer.Option(help="Only this instrument.")] = None,
    depth: Annotated[int, typer.Option(help="Price levels of each book.", min=1)] = 10,
    orders: Annotated[bool, typer.Option("--orders", help="List every live order.")] = False,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Rebuild any past moment and print its books, sessions and state hash.

    TIME is ISO 8601 or a UTCTimestamp, in UTC: 2026-11-21T08:00:00.5 or 20261121-08:00:00.500.
    With --verify the whole history is carried out again; status 1 where a snapshot differs.
    """
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.replay import Replay

    run = Replay(data_directory(one_of(journal, data), config))
    print_lines(run.lines(until, symbol, depth, orders, verify))
    raise SystemExit(1 if run.differences else 0)


@app.command()
def statistics(
    journal: Annotated[
        Path | None,
        typer.Argument(help="A data directory, or the journal in it. Default: venue.data."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="SEQ|TIME", help="The moment. Default: the last batch.")
    ] = None,
    symbol: Annotated[str | None, typer.Option(help="Only this instrument.")] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="table or csv.")
    ] = "table",
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Print the trading day of every instrument in numbers, at any past moment.

    Open, high, low, last, close, trades, volume, turnover, volume- and time-weighted average
    price, time-weighted spread, volatility. TIME is ISO 8601 or a UTCTimestamp, in UTC.
    """
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.statistics import statistics

    print_lines(statistics(data_directory(one_of(journal, data), config), until, symbol, form))


@app.command()
def audit(
    operator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only of one, a CompID or a session.")
    ] = None,
    action: Annotated[str | None, typer.Option(help="Only one action, as in halt.")] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only what was refused.")] = False,
    first: Annotated[
        str | None, typer.Option("--from", metavar="SEQ|TIME", help="Where to begin.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="SEQ|TIME", help="Where to end, included.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="table or csv.")
    ] = "table",
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Print what operators have asked for, and what became of it, refused or not.

    TIME is ISO 8601 or a UTCTimestamp, in UTC.
    """
    from shutil import get_terminal_size

    from venue.journal_tools.audit import WIDTH, Wanted, audit
    from venue.journal_tools.printing import print_lines

    wanted = Wanted(operator, action, refused)
    width = get_terminal_size((WIDTH, 0)).columns
    print_lines(audit(data_directory(data, config), wanted, first, until, form, width))


@app.command()
def statement(
    firm: Annotated[str, typer.Option(metavar="FIRM", help="Whose.")],
    day: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="Of which trading day.")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or csv.")] = "text",
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Print what a firm has traded, paid, earned and holds, on a trading day.

    Every trade with its fee, what was bought and sold, positions, realised and unrealised profit,
    fees by currency. A day that is not over yet is told as far as it is.
    """
    from venue.journal_tools.printing import print_lines
    from venue.journal_tools.statement import statement

    known = load_config(config, []).known_firms if config or not data else ()
    print_lines(statement(data_directory(data, config), firm, day, form, known))


@app.command()
def export(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="trades, orders or executions.")],
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="csv, or parquet with pyarrow.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default for csv: standard output.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="SEQ|TIME", help="Where to begin.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="SEQ|TIME", help="Where to end, included.")
    ] = None,
    data: DataDirectory = None,
    config: ConfigFile = None,
) -> None:
    """Write every trade, order or execution of the journal, a row each.

    Orders are those entered in that time, each as it was when it ended, or at the end. TIME is ISO
    8601 or a UTCTimestamp, in UTC. Parquet: pip install pyarrow.
    """
    from venue.journal_tools.export import export
    from venue.journal_tools.printing import unless_unread

    with unless_unread():
        rows = export(data_directory(data, config), kind, form, out, first, until)
        typer.echo(f"{rows} {kind}" + (f" in {out}" if out else ""), err=True)
