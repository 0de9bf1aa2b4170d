"""`python -m venue.journal.snapshotter DATA WINDOW [FD FORM]` writes a directory's next snapshot.

A venue has it done beside it (`SnapshotSchedule`), so that its loop need not stop for it. WINDOW is
how many numbers of a session are remembered. With FD it waits, with hardly anything in memory,
until it gets a line; FD is told how that went (`DONE` or `FAILED`), and it waits again, until its
input ends; it logs in that FORM.
"""

import os
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

DONE, FAILED = b"+", b"-"
LEAST_PRIORITY = 19


def main() -> None:
    directory, numbers, *told = sys.argv[1:]
    data, window = Path(directory), int(numbers)
    if not told:
        raise SystemExit(0 if write_behind_others(data, window) else 1)
    descriptor, form = told
    if sys.stdin.buffer.readline():
        with suppress(BrokenPipeError):
            done = write_behind_others(data, window, form)
            os.write(int(descriptor), DONE if done else FAILED)
            os.execv(sys.executable, sys.orig_argv)  # which gives all memory back


def write_behind_others(data: Path, window: int, form: str = "text") -> bool:
    """Write it in a thread that stands back; another one with the usual priority reads."""
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1, "", yield_to_others) as writer:
        reader.submit(os.getpid).result()  # it has the priority of who makes it
        return writer.submit(write, data, window, reader, form).result()


def yield_to_others() -> None:
    """Run this thread only when nobody else wants the processor, as far as the system has such a
    thing.
    """
    os.setpriority(os.PRIO_PROCESS, 0, LEAST_PRIORITY)
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def write(data: Path, window: int, reader: Executor, form: str) -> bool:
    """Write it, or log why that cannot be."""
    import structlog

    from venue import log
    from venue.errors import JournalError
    from venue.journal.beside import write_next

    log.configure(form)
    try:
        write_next(data, window, reader)
    except JournalError as error:
        structlog.get_logger().warning("no snapshot was made", reason=str(error))
        return False
    return True


if __name__ == "__main__":
    main()
