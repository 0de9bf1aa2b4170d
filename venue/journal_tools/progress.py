"""How far a long run over the journal is: a bar on stderr, where that is a terminal."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def tracked(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Iterate `items`, of which there are `total`, and show that."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        done = shown = 0
        for item in items:
            yield item
            done += 1
            if done >= shown + 500:
                progress.update(task, completed=done)
                shown = done
        progress.update(task, completed=done)
