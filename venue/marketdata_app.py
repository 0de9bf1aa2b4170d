"""The wiring of the market data process: a replica of the venue, made from its journal alone, and
the venue's own market data on a port of its own.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import structlog

from venue import log
from venue.config import Config
from venue.core.venue import Venue
from venue.errors import ConfigError, JournalError, VenueError
from venue.gateway.acceptor import Acceptor
from venue.gateway.dictionaries import write_dictionaries
from venue.gateway.following import Following
from venue.gateway.loop import Loop, keep_collector_off_the_hot_path
from venue.gateway.message_log import LoggingAcceptor
from venue.gateway.monitor import Monitor
from venue.gateway.sessions import Session, configured_sessions
from venue.gateway.unrecorded import Unrecorded
from venue.journal.follower import Follower, is_new
from venue.journal.recovery import recover
from venue.monitoring.counts import Counts
from venue.monitoring.lookout import Lookout
from venue.scratch import ScratchDirectory
from venue.signals import at_end

STOPPING = "the market data process is stopping"
WAIT_SECONDS = 0.1
"""Between two looks whether a venue has begun its journal."""
SOCKET = "marketdata.sock"
LOG_PATH = "FileLogPath"
"""The venue has files of the same names in there."""

logger = structlog.get_logger()


class _Signals:
    """Signals end what `end` ends, or what is waited for before that is known."""

    def __init__(self) -> None:
        self.ended = False
        self.end: Callable[[], None] = lambda: None
        at_end(self._note)

    def _note(self) -> None:
        self.ended = True
        self.end()


def serve_market_data(config: Config) -> int:
    """Serve market data until a signal; return the exit status.

    Raise `VenueError` where it cannot start, or where the journal cannot be followed any more.
    """
    if config.marketdata.port is None:
        raise ConfigError("configuration", "marketdata.port", "nothing", "a port to listen on")
    os.umask(0o077)  # what is journaled is nobody else's business
    log.configure(config.log.format)
    lookout = Lookout()
    try:
        _follow(config, lookout)
    finally:
        lookout.end()
    return 0


def _follow(config: Config, lookout: Lookout) -> None:
    signals = _Signals()
    data = Path(config.venue.data)
    if is_new(data):
        logger.info("waits for a venue to begin its journal", data=str(data))
    while is_new(data):
        if signals.ended:
            return
        time.sleep(WAIT_SECONDS)
    follower, venue = replica(data)
    try:
        monitoring = config.monitoring
        lookout.open(data / SOCKET, monitoring.host, monitoring.marketdata_port)
        with ScratchDirectory() as directory:
            _serve(config, follower, venue, signals, directory, lookout)
    finally:
        follower.close()


def replica(data: Path) -> tuple[Follower, Venue]:
    """The venue as its journal has it, and what follows. Raise `JournalError`."""
    archived = -1
    while True:
        follower = Follower(data)
        try:
            venue, _, _ = recover(data, follower, 1)
        except JournalError as error:
            follower.close()
            if follower.archived == archived:
                raise
            # Batches may have been archived meanwhile; if not, it fails again.
            archived = follower.archived
            logger.warning("the journal is read again", reason=str(error))
        else:
            return follower, venue


def _serve(
    config: Config,
    follower: Follower,
    venue: Venue,
    signals: _Signals,
    directory: Path,
    lookout: Lookout,
) -> None:
    here = config.marketdata
    assert here.port is not None
    own = msgspec.structs.replace(config.venue, host=here.host, port=here.port)
    sessions = list(market_data_sessions(config))
    if not sessions:
        expected = "a session with the role market_data"
        raise ConfigError("configuration", "sessions", "nobody", expected)
    try:
        settings = config.quickfix
        if LOG_PATH in settings:
            settings = settings | {LOG_PATH: f"{settings[LOG_PATH]}/marketdata"}
        counts = Counts()
        kind = LoggingAcceptor if config.log.messages else Acceptor
        acceptor = kind(
            *(own, sessions, settings),
            write_dictionaries(own.versions, directory),  # not kept: they are large
            *(Unrecorded(), counts, venue.operations.disallowed),
        )
    except OSError as error:
        raise VenueError(f"the market data process cannot start: {error}") from error
    following = Following(venue, follower, sessions, acceptor.sender, acceptor.dismiss, counts)
    following.follow()
    while not venue.instruments and not signals.ended:  # the venue is only just starting
        time.sleep(WAIT_SECONDS)
        following.follow()
    monitor = Monitor(
        *(lookout, venue, acceptor, sessions, counts, (own.comp_id, own.host, own.versions)),
        lambda: following.subscriptions | {"journal_batch": follower.seq},
        lambda: following.lag,
    )
    loop = Loop(acceptor, following, (monitor.tick,), counts)
    signals.end = loop.stop
    if signals.ended:
        loop.stop()
    acceptor.open()
    try:
        lookout.run()
        address = f"{own.host}:{acceptor.door.port}"
        versions = ", ".join(own.versions)
        log.say(f"market data ready on {address} ({versions}), after batch {follower.seq}")
        keep_collector_off_the_hot_path()
        loop.run()
    finally:
        lookout.say(STOPPING)
        acceptor.log_out(STOPPING)
        acceptor.close()


def market_data_sessions(config: Config) -> Iterator[Session]:
    """The sessions that may have market data, and nothing else here. Their numbers begin with
    every Logon.
    """
    for session in configured_sessions(config):
        if session.party.market_data:
            session.party = msgspec.structs.replace(
                session.party, order_entry=False, operator=False, drop_copy=False, clearing=False
            )
            session.cancel_on_disconnect = False
            session.quickfix = session.quickfix | {"ResetOnLogon": "Y"}
            session.begins_anew = True
            session.forget_connection()
            yield session
