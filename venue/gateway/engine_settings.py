"""What QuickFIX is told of each session, and which dictionary files it reads."""

import socket
from collections.abc import Mapping, Sequence

from venue.fix.inbound import TAKEN as ANSWERED
from venue.gateway.dictionaries import Dictionaries
from venue.gateway.sessions import Session
from venue.lean_dictionary import WholeDictionary

TAKEN = frozenset({*ANSWERED, "j"})
"""Messages of the application that are read at all."""


def engine_settings(
    session: Session,
    settings: Mapping[str, str],
    port: str,
    dictionaries: Mapping[str, str] | None,
) -> dict[str, str]:
    """The settings of one session: those of all, its own, and what the venue decides.

    `dictionaries` are settings that name files, None where another session reads them for it. As
    the journal has what was sent, QuickFIX keeps nothing: `recorded` tells what the configuration
    wanted.
    """
    chosen = {**settings, **session.quickfix}
    session.recorded = chosen.get("PersistMessages") != "N"
    fixed = {
        "ConnectionType": "acceptor",
        "SocketAcceptPort": port,
        "SocketReuseAddress": "Y",
        "NonStopSession": "Y",
        "PersistMessages": "N",
    }
    if session.version.appl_ver_id:
        fixed["DefaultApplVerID"] = session.version.appl_ver_id
    return chosen | fixed | dict(dictionaries or {"UseDataDictionary": "N"})


def reserve_port() -> socket.socket:
    """A free port that nobody else is given while the socket returned is open.

    Who allows the reuse of addresses, as QuickFIX does, may listen on it nevertheless: this socket
    is only bound.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("", 0))
    return reserved


def dictionary_readers(sessions: Sequence[Session]) -> dict[Session, Session]:
    """Which session reads the dictionaries for which: one for all that validate alike.

    QuickFIX copies them for every session, which for FIX.5.0SP2 takes 0.15 s and 55 MB.
    """
    readers: dict[tuple[str, frozenset[tuple[str, str]]], Session] = {}
    about = ("validate", "allow", "check")
    found = {}
    for session in sessions:
        rules = {item for item in session.quickfix.items() if item[0].lower().startswith(about)}
        found[session] = readers.setdefault((session.version.name, frozenset(rules)), session)
    return found


def write_engine_files(
    whole: WholeDictionary, files: Dictionaries
) -> tuple[dict[str, str], frozenset[str]]:
    """Write what QuickFIX reads of a version; return the settings that name it, and the
    MsgType(35) of the messages that are left out.
    """
    if files.transport == files.application:
        return {"DataDictionary": str(files.application)}, frozenset()
    taken, left_out = whole.write_taken(TAKEN)
    names = {
        "TransportDataDictionary": str(files.transport),
        "AppDataDictionary": str(taken),
    }
    return names, left_out
