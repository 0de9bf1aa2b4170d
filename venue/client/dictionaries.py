"""The dictionaries of the quickfix package, as much of them as a client needs.

It takes QuickFIX over a second and 60 MB to read all of FIX.5.0SP2, and a fifth of that to read the
messages that the venue and its clients send each other.
"""

import functools
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from xml.etree import ElementTree

from venue.client.versions import version_named
from venue.lean_dictionary import WholeDictionary

SENT = frozenset({"AD", "AF", "AN", "D", "F", "G", "H", "U1", "V", "e", "g", "q", "x"})
"""MsgType(35) of what the client's own methods send."""
RECEIVED = frozenset(
    {"8", "9", "AE", "AO", "AP", "AQ", "B", "U2", "W", "X", "Y", "d", "f", "h", "j", "r", "y"}
)
"""MsgType(35) of what the venue sends in its sessions."""


@functools.cache
def stock_dictionaries(version_name: str) -> tuple[str, ...]:
    """Return the dictionary files of the quickfix package: one, or FIXT's transport and app."""
    installed = {path.name: path for path in files("quickfix") or ()}
    names = version_named(version_name).dictionaries
    return tuple(str(installed[name].locate()) for name in names)


@contextmanager
def lean_dictionaries(version_name: str, msg_types: Container[str]) -> Iterator[tuple[str, ...]]:
    """Give `stock_dictionaries`; of FIXT's app one that knows messages of `msg_types` alone, and
    that is gone afterwards.
    """
    *transport, application = stock_dictionaries(version_name)
    if not transport:
        yield (application,)
        return
    with tempfile.TemporaryDirectory(prefix="fix-client-") as directory:
        beside = Path(directory, Path(application).name)
        whole = WholeDictionary(beside, ElementTree.parse(application).getroot())
        lean, _ = whole.write_taken(msg_types)
        yield (*transport, str(lean))
