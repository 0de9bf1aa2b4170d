"""The wiring: from a configuration to a running venue. Nothing else knows how the parts fit."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

from venue import log
from venue.config import Config, InstrumentConfig
from venue.core.commands import (
    AdvanceTime,
    DefineAccounting,
    DefineFees,
    DefineInstrument,
    DefineLimits,
    DefineRetention,
    DefineSeed,
    DefineStatistics,
    DefineTradingDay,
    SessionDisconnected,
)
from venue.core.fees import FeeSchedule
from venue.core.instrument import FIXED_TERMS, InstrumentSpec
from venue.core.types import ExecRestatementReason
from venue.core.venue import Venue
from venue.errors import ConfigError, JournalError, VenueError
from venue.gateway.acceptor import Acceptor
from venue.gateway.desk import Elsewhere
from venue.gateway.dictionaries import write_dictionaries
from venue.gateway.exchange import Exchange
from venue.gateway.loop import Loop, keep_collector_off_the_hot_path
from venue.gateway.message_log import LoggingAcceptor
from venue.gateway.monitor import Monitor
from venue.gateway.outage import Outage
from venue.gateway.phases import PhaseSchedule
from venue.gateway.recorder import Recorder
from venue.gateway.sessions import configured_sessions
from venue.journal.batch import Batch
from venue.journal.recovery import recover
from venue.journal.reserve import Reserve
from venue.journal.snapshot_schedule import SnapshotSchedule
from venue.journal.sqlite import SqliteJournal
from venue.monitoring.counts import Counts
from venue.monitoring.lookout import Lookout
from venue.signals import at_end

STOPPING = "the venue is stopping"
SOCKET = "venue.sock"
"""In the data directory: where `venue status` asks."""

logger = structlog.get_logger()


def serve(config: Config) -> int:
    """Run the venue until SIGINT or SIGTERM; return the exit status.

    Raise `VenueError` where it cannot start, or where its journal fails while it runs.
    """
    os.umask(0o077)  # what is journaled is nobody else's business
    log.configure(config.log.format)
    lookout = Lookout()
    try:
        _serve(config, lookout)
    finally:
        lookout.end()
    return 0


def _serve(config: Config, lookout: Lookout) -> None:
    data = Path(config.venue.data)
    journal = SqliteJournal(data, config.journal.sync, config.journal.interval_ms)
    try:
        lookout.open(data / SOCKET, config.monitoring.host, config.monitoring.port)
        reserve = Reserve(data)
        venue, logs, begun = recover(data, journal, config.retention.resend_messages)
        snapshots = SnapshotSchedule(
            journal, logs, begun, config.journal.snapshot_batches, config.journal.snapshot_seconds
        )
        counts = Counts()
        recorder = Recorder(journal, logs, venue.time, counts)
        phases = PhaseSchedule(config.markets, venue.time)
        changes = changed_instruments(config, venue)
        sessions = list(configured_sessions(config))
        try:
            kind = LoggingAcceptor if config.log.messages else Acceptor
            acceptor = kind(
                *(config.venue, sessions, config.quickfix),
                write_dictionaries(config.venue.versions, data),  # not kept: they are large
                *(recorder, counts, venue.operations.disallowed),
            )
        except OSError as error:
            raise VenueError(f"the venue cannot start in {data}: {error}") from error
        here = config.marketdata.port is None
        exchange = Exchange(
            *(venue, sessions, acceptor.sender, recorder, acceptor.dismiss, phases),
            elsewhere=None if here else Elsewhere(venue, config.marketdata.told),
            firms={firm.name: firm.accounts for firm in config.firms},
            make_snapshot=snapshots.make,
            unlock=acceptor.unlock,
            counts=counts,
        )
        define_trading_day(config.venue.trading_day_ends, venue, recorder)
        settings = changed_settings(config, venue)
        limits = changed_limits(config, venue)
        exchange.begin([*settings, *changes, *limits, *disconnections(venue)])
        about = config.venue.comp_id, config.venue.host, config.venue.versions
        monitor = Monitor(
            *(lookout, venue, acceptor, sessions, counts, about),
            lambda: exchange.subscriptions | snapshots.numbers,
        )
        loop = Loop(acceptor, exchange, (snapshots.tick, monitor.tick), counts)
        at_end(loop.stop)
        acceptor.open()
        try:
            lookout.run()
            address = f"{config.venue.host}:{acceptor.door.port}"
            log.say(f"venue ready on {address} ({', '.join(config.venue.versions)})")
            keep_collector_off_the_hot_path()
            loop.run()
            lookout.say(STOPPING)
            acceptor.log_out(STOPPING)
            exchange.end(acceptor.inbox)
        except JournalError as failure:
            lookout.say(f"the journal fails: {failure}")
            Outage(acceptor, recorder, reserve, exchange.end).log_out(failure)
            raise
        finally:
            snapshots.end()
            acceptor.log_out(STOPPING)
            acceptor.close()
        snapshots.finish(venue)
    finally:
        lookout.end()
        journal.close()


def define_trading_day(ends: int, venue: Venue, recorder: Recorder) -> None:
    """End trading days `ends` nanoseconds after midnight UTC, since the journal's last batch."""
    if ends != venue.trading_day_ends:
        now = venue.time or time.time_ns()
        command = DefineTradingDay(ends)
        venue.handle(AdvanceTime(now))
        venue.handle(command)
        recorder.append(Batch(now, [command]))


def changed_settings(
    config: Config, venue: Venue
) -> Iterator[DefineRetention | DefineSeed | DefineStatistics | DefineFees | DefineAccounting]:
    """What makes the venue remember, compute, charge and draw as the configuration says, if it does
    not already. What random ends are derived from stays as long as there is this journal.
    """
    if config.retention.cl_ord_ids != venue.cl_ord_ids:
        yield DefineRetention(config.retention.cl_ord_ids)
    if config.statistics.volatility_windows != venue.trading.windows:
        yield DefineStatistics(config.statistics.volatility_windows)
    if not venue.seed:
        yield DefineSeed(int.from_bytes(os.urandom(8)) >> 1 or 1)
    schedule = None if config.fees is None else config.fees.schedule()
    if schedule != venue.trades.fees.schedule:
        yield DefineFees(schedule or FeeSchedule())
    accounting = config.accounting
    if (accounting.cost_method, accounting.trades) != venue.trades.accounting:
        yield DefineAccounting(accounting.cost_method, accounting.trades)


def disconnections(venue: Venue) -> list[SessionDisconnected]:
    """The end of every session that was connected with cancel on disconnect when the venue ended.

    Nobody is there to be told yet; the session itself is at its next Logon.
    """
    reason = ExecRestatementReason.CONNECTION_LOSS
    return [SessionDisconnected(session, reason) for session in venue.connected]


def changed_instruments(config: Config, venue: Venue) -> list[DefineInstrument]:
    """What the configuration says of instruments and has not said before.

    What it has said before may have been changed by an operator, whose word stands; so does an
    instrument that it does not have. Raise `ConfigError` for a change that orders in the journal do
    not allow: another grid under their prices and quantities.
    """
    specs = {each.symbol: _spec(each) for each in config.instruments}
    for symbol, market in venue.markets.items():
        old, new = market.instrument.spec, specs.get(symbol)
        if new is None:
            logger.info("instrument kept, the configuration has none of this name", symbol=symbol)
            continue
        for field in FIXED_TERMS:
            was, now = getattr(old, field), getattr(new, field)
            if was != now:
                texts = [each if isinstance(each, str) else f"{each:f}" for each in (now, was)]
                raise _journal_conflict(config, symbol, field, *texts)
    return [
        DefineInstrument(spec, configured=True)
        for symbol, spec in specs.items()
        if venue.configured.get(symbol) != spec
    ]


def changed_limits(config: Config, venue: Venue) -> list[DefineLimits]:
    """What the configuration says of limits and has not said before, none where it had some. What
    an operator has said since stands.
    """
    said, wanted = venue.risk.configured, {each.scope: each.limits for each in config.limits}
    gone = [DefineLimits(scope, None, configured=True) for scope in said if scope not in wanted]
    return gone + [
        DefineLimits(scope, limits, configured=True)
        for scope, limits in wanted.items()
        if said.get(scope) != limits
    ]


def _spec(instrument: InstrumentConfig) -> InstrumentSpec:
    return InstrumentSpec(**msgspec.structs.asdict(instrument))


def _journal_conflict(
    config: Config, symbol: str, field: str, found: str, expected: str
) -> ConfigError:
    key = f"instruments.{symbol}.{field}"
    journal = f"{expected}, as in the journal in {config.venue.data} (or another data directory)"
    return ConfigError("configuration", key, found, journal)
