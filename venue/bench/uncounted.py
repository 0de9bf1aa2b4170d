"""`python -m venue.bench.uncounted serve ...`: the venue without all that tells how it is, to
measure what that costs.
"""

from collections.abc import Callable
from typing import Any

from venue import app, cli
from venue.monitoring.counts import Counts, Histogram


class _Nobody:
    """Stands for a lookout, and for the monitor that paints for it."""

    def __init__(self, *args: Any) -> None:
        """Nobody is forked, and nothing copied."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: None


def main() -> None:
    nothing: Any = lambda *args: None  # noqa: E731
    Histogram.observe = nothing  # type: ignore[method-assign]
    Counts.tally = lambda self: self.happened.clear()  # type: ignore[method-assign]
    for name in ("Lookout", "Monitor"):
        setattr(app, name, _Nobody)
    cli.main()


if __name__ == "__main__":
    main()
