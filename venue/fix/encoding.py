"""What every encoder of an event takes and gives."""

from collections.abc import Callable, Mapping
from typing import Any

from venue.core.instrument import Instrument
from venue.fix.versions import Version

Instruments = Mapping[str, Instrument]
Encoder = Callable[[Any, Instruments, str, Version], str]
"""An event, the instruments, TransactTime(60) and a version to the text of a message."""
