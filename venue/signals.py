"""Which signals end a process of the venue in an orderly way."""

import signal
from collections.abc import Callable


def at_end(end: Callable[[], object]) -> None:
    """Call `end` at each SIGINT and SIGTERM; at SIGHUP, too, for then the terminal is gone, unless
    who started the process has it ignore that, as nohup does.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        signal.signal(number, lambda *_: end())
