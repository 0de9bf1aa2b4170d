"""`venue trade`: log on, then the live console on a terminal, or line by line from a pipe."""

import sys

from venue.client import ClientError, connect
from venue.console.desk import Desk
from venue.console.lines import run_lines
from venue.console.live import run_live


def run(
    comp_id: str,
    host: str,
    port: int,
    target_comp_id: str,
    version: str,
    username: str | None = None,
    password: str | None = None,
) -> int:
    """Trade as a CompID until quit; return the exit status."""
    try:
        with connect(
            comp_id,
            host=host,
            port=port,
            target_comp_id=target_comp_id,
            version=version,
            username=username,
            password=password,
        ) as trader:
            desk = Desk(trader)
            if sys.stdin.isatty() and sys.stdout.isatty():
                return run_live(desk, f"{comp_id} on {host}:{port} ({version})")
            return run_lines(desk, sys.stdin)
    except ClientError as error:
        print(f"venue trade: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
