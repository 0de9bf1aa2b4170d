"""The venue's disk, made to fail: compiles `faulty_disk.c` and says how a process gets it."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "g++", "clang"))), None)
"""Without one there is no faulty disk; tests are skipped then."""


@functools.cache
def build() -> Path:
    """The compiled library; it is there as long as this process."""
    assert COMPILER is not None, "a C compiler is needed"
    directory = tempfile.mkdtemp(prefix="faulty-disk-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    library = Path(directory) / "faulty_disk.so"
    language = ("-x", "c", str(SOURCE), "-x", "none")
    command = (COMPILER, "-shared", "-fPIC", "-O2", "-o", str(library), *language, "-lpthread")
    subprocess.run(command, check=True)
    return library


def environment(data: Path, orders: Path, undo: Path | None = None) -> dict[str, str]:
    """What to add to a process's environment for a faulty disk under the directory `data`.

    The line in the file `orders` says what fails, as long as it is there: see `give`. `undo` is
    what files begin with that let `lost_cache.restore` take back what was never synced. All are
    outside of `data`.
    """
    added = {
        "LD_PRELOAD": str(build()),
        "FAULTY_DISK_DATA": str(data.resolve()),
        "FAULTY_DISK_ORDERS": str(orders.resolve()),
    }
    if undo is not None:
        added["FAULTY_DISK_UNDO"] = str(undo.resolve())
    return added


def give(orders: Path, line: str) -> None:
    """Put a line into the file of orders, at once: `fail write * ENOSPC`, `fail sync * EIO`,
    `kill-in journal.db-wal 7`, `kill-before sync * 1`, `kill-after sync * 1`.

    Delete the file to make the disk a good one again.
    """
    fresh = orders.with_name(f"{orders.name}.new")
    fresh.write_text(line)
    os.replace(fresh, orders)
