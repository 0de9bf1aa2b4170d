"""A configuration loads exactly as written, or one line says what is wrong and where."""

from decimal import Decimal
from pathlib import Path

import pytest

from venue.config import (
    AccountingConfig,
    Config,
    JournalConfig,
    MarketDataConfig,
    RetentionConfig,
    Role,
    ScheduleConfig,
    StatisticsConfig,
    VenueConfig,
    load,
)
from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType
from venue.errors import ConfigError
from venue.files import shipped

MINIMAL = """\
sessions:
  - comp_id: BUYER
    firm: ALPHA
    roles: [order_entry]
  - comp_id: SELLER
    firm: BETA
    roles: [order_entry, market_data]
    quickfix: {PersistMessages: N}
instruments:
  - symbol: BRK
    tick: 0.01
    lot: 1
    reference_price: 100
    min_qty: 1
    max_qty: 1000
    currency: USD
  - symbol: BRK.B
    tick: 0.05
    lot: 0.1
    reference_price: 7.35
    min_qty: 0.3
    max_qty: 12.5
    collar_percent: 12.5
    currency: USD
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "venue.yaml"
    path.write_text(MINIMAL)
    return path


def refused(path: Path, *overrides: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def refused_text(path: Path, text: str) -> ConfigError:
    path.write_text(text, encoding="utf-8")
    error = refused(path)
    assert str(error).startswith(f"{path}")
    return error


def swapped(old: str, new: str) -> str:
    assert MINIMAL.count(old) == 1
    return MINIMAL.replace(old, new)


def test_shipped_configuration() -> None:
    config = load(shipped("config/venue.yaml"))
    assert [(s.comp_id, s.firm) for s in config.sessions] == [
        ("TRADER1", "ALPHA"),
        ("TRADER2", "ALPHA"),
        ("TRADER3", "BETA"),
        ("TRADER4", "BETA"),
        ("MD1", "DATA"),
        ("MD2", "DATA"),
        ("OPERATOR", "VENUE"),
        ("DROP1", "ALPHA"),
        ("CLEARING", "VENUE"),
        ("WEBMD", "DATA"),
        ("WEB1", "ALPHA"),
        ("WEB2", "BETA"),
        ("WEBOP", "VENUE"),
    ]
    roles = (Role.OPERATOR,), (Role.DROP_COPY,), (Role.CLEARING,)
    assert tuple(session.roles for session in config.sessions[6:9]) == roles
    web = (Role.MARKET_DATA,), (Role.ORDER_ENTRY,), (Role.ORDER_ENTRY,), (Role.OPERATOR,)
    assert tuple(session.roles for session in config.sessions[9:]) == web
    assert [s.roles for s in config.sessions[3:5]] == [
        (Role.ORDER_ENTRY, Role.MARKET_DATA),
        (Role.MARKET_DATA,),
    ]
    assert [(i.symbol, f"{i.tick:f}", f"{i.lot:f}") for i in config.instruments] == [
        ("BTC-USD", "0.01", "0.00000001"),
        ("ETH-USD", "0.01", "0.00000001"),
        ("AAPL", "0.01", "1"),
        ("EURUSD", "0.00001", "1000"),
    ]
    assert [str(i.reference_price) for i in config.instruments] == ["50000", "2500", "100", "1.1"]
    assert {i.collar_percent for i in config.instruments} == {Decimal(50)}


def test_shipped_configuration_writes_out_the_defaults() -> None:
    config = load(shipped("config/venue.yaml"))
    assert (config.venue, config.journal) == (VenueConfig(), JournalConfig())
    assert (config.retention, config.markets) == (RetentionConfig(), ())
    assert (config.marketdata, config.statistics) == (MarketDataConfig(), StatisticsConfig())
    assert (config.fees, config.accounting) == (None, AccountingConfig())


def test_defaults(file: Path) -> None:
    config = load(file)
    versions = ("FIX.4.2", "FIX.4.4", "FIX.5.0SP2")
    assert config.venue == VenueConfig("VENUE", "127.0.0.1", 9878, versions, "00:00:00", "var")
    assert config.journal == JournalConfig("batch", 50)
    assert config.quickfix == {}
    session = config.sessions[0]
    assert session.versions is None
    assert session.quickfix == {}
    assert session.cancel_on_disconnect is False
    assert session.trigger_price_type is TriggerPriceType.LAST_TRADE
    assert session.post_only is PostOnly.REFUSE
    assert session.self_match_prevention is None
    assert config.instruments[0].collar_percent == Decimal(50)


def test_an_empty_value_is_the_default(file: Path) -> None:
    file.write_text("venue:\njournal:\n  sync: ~\nquickfix: null\n" + MINIMAL)
    assert load(file) == load_text(file, MINIMAL)


def load_text(file: Path, text: str) -> Config:
    file.write_text(text)
    return load(file)


def test_numbers_are_exact(file: Path) -> None:
    text = swapped("tick: 0.05", "tick: 0.0000000000000001").replace("7.35", "0.1")
    config = load_text(file, text)
    assert config.instruments[1].tick == Decimal("0.0000000000000001")
    assert config.instruments[1].reference_price == Decimal("0.1")
    assert config.instruments[1].max_qty == Decimal("12.5")


def test_the_finest_grid(file: Path) -> None:
    grid = {"lot": "1e-18", "min_qty": "0.000000000000000001", "max_qty": "1e-3"}
    config = load(file, [f"instruments.BRK.{key}={value}" for key, value in grid.items()])
    assert config.instruments[0].lot == config.instruments[0].min_qty == Decimal(1).scaleb(-18)


def test_words_stay_words(file: Path) -> None:
    config = load_text(file, "journal: {sync: off}\n" + swapped("firm: ALPHA", "firm: no"))
    assert config.journal.sync == "off"
    assert config.sessions[0].firm == "no"


@pytest.mark.parametrize("value", ["Y", "N", "yes", "on", "12:30:00", "007", "1.50", "2026-01-31"])
def test_quickfix_settings_are_passed_on_as_written(file: Path, value: str) -> None:
    config = load_text(file, f"quickfix: {{Setting: {value}}}\n" + MINIMAL)
    assert config.quickfix == {"Setting": value}


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "found", "expected"),
    [
        ("    firm: ALPHA", "    frim: ALPHA", 3, "sessions[0].frim", "an unknown key", "(firm?)"),
        ("    firm: ALPHA\n", "", 2, "sessions[0].firm", "nothing", "1 to 32 printable"),
        (
            "comp_id: BUYER",
            "comp_id: BU YER",
            2,
            "sessions[0].comp_id",
            "'BU YER'",
            "without spaces",
        ),
        ("comp_id: BUYER", "comp_id: KÄUFER", 2, "sessions[0].comp_id", "'KÄUFER'", "ASCII"),
        ("comp_id: BUYER", f"comp_id: {'B' * 33}", 2, "sessions[0].comp_id", "B" * 33, "1 to 32"),
        ("comp_id: BUYER", "comp_id: SELLER", 5, "sessions[1].comp_id", "SELLER", "sessions[0]"),
        ("comp_id: BUYER", "comp_id: VENUE", 2, "sessions[0].comp_id", "VENUE", "not the venue's"),
        ("[order_entry]", "order_entry", 4, "sessions[0].roles", "order_entry", "a list"),
        ("[order_entry]", "[]", 4, "sessions[0].roles", "an empty list", "at least one of"),
        ("[order_entry]", "[boss]", 4, "sessions[0].roles[0]", "boss", "order_entry, market_data"),
        ("[order_entry]", "[~]", 4, "sessions[0].roles[0]", "nothing", "order_entry, market_data"),
        ("market_data]", "order_entry]", 7, "sessions[1].roles[1]", "order_entry", "once"),
        *(
            ("market_data]", f"{role}]", 7, "sessions[1].roles", "a list", "without order_entry")
            for role in ("drop_copy", "clearing")
        ),
        ("{PersistMessages: N}", "[N]", 8, "sessions[1].quickfix", "a list", "keys and values"),
        ("N}", "[N]}", 8, "sessions[1].quickfix.PersistMessages", "a list", "a single value"),
        ("N}", '"a\\nb"}', 8, "sessions[1].quickfix.PersistMessages", r"'a\nb'", "printable"),
        ("symbol: BRK\n", "symbol: ''\n", 10, "instruments[0].symbol", "''", "1 to 32"),
        ("BRK.B", "BRK", 17, "instruments[1].symbol", "BRK", "each symbol once"),
        (
            "tick: 0.01",
            "tick: a lot",
            11,
            "instruments[0].tick",
            "'a lot'",
            "decimal number above 0",
        ),
        ("tick: 0.01", "tick: 0", 11, "instruments[0].tick", "0", "above 0"),
        ("tick: 0.01", "tick: -0.01", 11, "instruments[0].tick", "-0.01", "above 0"),
        ("tick: 0.01", "tick: NaN", 11, "instruments[0].tick", "NaN", "above 0"),
        ("tick: 0.01", "tick: Infinity", 11, "instruments[0].tick", "Infinity", "above 0"),
        ("tick: 0.01", "tick: 1e-19", 11, "instruments[0].tick", "1e-19", "18 digits"),
        ("tick: 0.01", "tick:\n      0", 11, "instruments[0].tick", "0", "above 0"),
        ("lot: 1\n", "lot: 0\n", 12, "instruments[0].lot", "0", "above 0"),
        ("price: 7.35", "price: 7.37", 20, "instruments[1].reference_price", "7.37", "tick 0.05"),
        ("min_qty: 0.3", "min_qty: 0.35", 21, "instruments[1].min_qty", "0.35", "lot 0.1"),
        ("max_qty: 12.5", "max_qty: 1.25", 22, "instruments[1].max_qty", "1.25", "lot 0.1"),
        ("max_qty: 12.5", "max_qty: 0.2", 22, "instruments[1].max_qty", "0.2", "min_qty 0.3"),
        ("max_qty: 1000", "max_qty: 1e999999", 15, "instruments[0].max_qty", "1e999999", "digits"),
        ("percent: 12.5", "percent: 0", 23, "instruments[1].collar_percent", "0", "above 0"),
        (
            "12.5\n    currency: USD",
            "9\n    currency: $",
            24,
            "instruments[1].currency",
            "$",
            "3 to",
        ),
    ],
)
def test_refused_value(
    file: Path, old: str, new: str, line: int, key: str, found: str, expected: str
) -> None:
    error = refused_text(file, swapped(old, new))
    assert (error.line, error.key, error.found) == (line, key, found)
    assert expected in error.expected
    assert str(error) == f"{file}:{line}: {key}: found {found}, expected {error.expected}"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("venue: {port: -1}", "venue.port", "0 to 65535"),
        ("venue: {port: 65536}", "venue.port", "0 to 65535"),
        ("venue: {port: fix}", "venue.port", "0 to 65535"),
        ("venue: {host: ''}", "venue.host", "not empty"),
        ("venue: {data: ''}", "venue.data", "not empty"),
        ("venue: {versions: []}", "venue.versions", "at least one"),
        ("venue: {versions: [FIX.4.1]}", "venue.versions[0]", "FIX.4.2, FIX.4.4, FIX.5.0SP2"),
        ("venue: {versions: [FIXT.1.1]}", "venue.versions[0]", "FIX.4.2, FIX.4.4, FIX.5.0SP2"),
        ("venue: {day_ends: '24:00:00'}", "venue.day_ends", "from 00:00:00 to 23:59:59"),
        ("venue: {day_ends: '17:00'}", "venue.day_ends", "a time of day in UTC, HH:MM:SS"),
        ("venue: {day_ends: '17:60:00'}", "venue.day_ends", "a time of day in UTC, HH:MM:SS"),
        ("venue: {day_ends: '17:00:00 CET'}", "venue.day_ends", "a time of day in UTC, HH:MM:SS"),
        ("venue: {day_ends: 61200}", "venue.day_ends", "a time of day in UTC, HH:MM:SS"),
        ("venue: {versions: [FIX.4.4, FIX.4.4]}", "venue.versions[1]", "once"),
        ("venue: {throttle: 5}", "venue.throttle", "messages, seconds, breaches, within"),
        ("venue: {throttle: {seconds: 1}}", "venue.throttle.messages", "1 to 1000000 messages"),
        ("venue: {throttle: {messages: 0}}", "venue.throttle.messages", "1 to 1000000 messages"),
        (
            "venue: {throttle: {messages: 1, within: 0}}",
            "venue.throttle.within",
            "1 to 86400 seconds",
        ),
        ("venue: {slow_reader: {bytes: 1048575}}", "venue.slow_reader.bytes", "1048576 to"),
        ("venue: {slow_reader: {seconds: 0}}", "venue.slow_reader.seconds", "1 to 86400 seconds"),
        ("venue: 5", "venue", "comp_id, host, port"),
        ("journal: {sync: on}", "journal.sync", "one of batch, interval, off"),
        ("journal: {interval_ms: 0}", "journal.interval_ms", "1 to 60000"),
        ("journal: {interval_ms: 1.5}", "journal.interval_ms", "1 to 60000"),
        ("retention: {cl_ord_ids: 999}", "retention.cl_ord_ids", "1000 to 100000000 ids"),
        ("retention: {cl_ord_ids: 100000001}", "retention.cl_ord_ids", "1000 to 100000000 ids"),
        ("retention: {resend_messages: 99}", "retention.resend_messages", "100 to 10000000"),
        ("retention: {trades: 5}", "retention.trades", "one of cl_ord_ids, resend_messages"),
        ("monitoring: {port: 65536}", "monitoring.port", "0 to 65535"),
        ("monitoring: {port: 5, marketdata_port: 5}", "monitoring.marketdata_port", "another port"),
        ("log: {format: xml}", "log.format", "one of text, json"),
        ("log: {messages: maybe}", "log.messages", "true or false"),
        ("extra: 1", "extra", "one of venue, journal, retention, marketdata,"),
    ],
)
def test_refused_section(file: Path, text: str, key: str, expected: str) -> None:
    error = refused_text(file, f"{text}\n{MINIMAL}")
    assert (error.line, error.key) == (1, key)
    assert expected in error.expected


def test_nothing_to_trade_and_nobody_to_trade_it(file: Path) -> None:
    sessions, _, instruments = MINIMAL.partition("instruments:")
    assert refused_text(file, sessions).key == "instruments"
    assert refused_text(file, f"instruments:{instruments}").key == "sessions"
    assert refused_text(file, f"{sessions}instruments: []").expected == "at least one"
    assert refused_text(file, f"sessions: []\ninstruments:{instruments}").key == "sessions"


@pytest.mark.parametrize(
    ("day_ends", "seconds"),
    [("00:00:00", 0), ("00:00:01", 1), ("17:05:09", 61_509), ("23:59:59", 86_399)],
)
def test_the_end_of_the_trading_day(file: Path, day_ends: str, seconds: int) -> None:
    config = load_text(file, f"venue: {{day_ends: {day_ends}}}\n" + MINIMAL)
    assert config.venue.trading_day_ends == seconds * 1_000_000_000


def test_what_a_session_chooses(file: Path) -> None:
    choices = """\
    cancel_on_disconnect: true
    trigger_price: best_quote
    post_only: reprice
    self_match_prevention: {id: DESK, instruction: cancel_both}
"""
    text = swapped("    roles: [order_entry]\n", "    roles: [order_entry]\n" + choices)
    session = load_text(file, text).sessions[0]
    assert session.cancel_on_disconnect is True
    assert session.trigger_price_type is TriggerPriceType.BEST_QUOTE
    assert session.post_only is PostOnly.REPRICE
    assert session.self_match_prevention is not None
    assert session.self_match_prevention.id == "DESK"
    assert session.self_match_prevention.code is SelfMatchPreventionInstruction.CANCEL_BOTH


def test_self_match_prevention_cancels_what_rests_by_default(file: Path) -> None:
    prevention = load(file, ["sessions.BUYER.self_match_prevention.id=X"]).sessions[0]
    assert prevention.self_match_prevention is not None
    code = prevention.self_match_prevention.code
    assert code is SelfMatchPreventionInstruction.CANCEL_RESTING


@pytest.mark.parametrize(
    ("setting", "key", "expected"),
    [
        *(
            (f"cancel_on_disconnect={value}", "cancel_on_disconnect", "true or false")
            for value in ("Y", "yes", "1", "0", "True", "maybe", "[true]")
        ),
        ("trigger_price=mid", "trigger_price", "one of last_trade, best_quote"),
        ("trigger_price=2", "trigger_price", "one of last_trade, best_quote"),
        ("post_only=REPRICE", "post_only", "one of refuse, reprice"),
        ("self_match_prevention=DESK", "self_match_prevention", "the keys id, instruction"),
        ("self_match_prevention={}", "self_match_prevention.id", "1 to 32 printable"),
        ("self_match_prevention={id: A B}", "self_match_prevention.id", "without spaces"),
        ("self_match_prevention={ids: A}", "self_match_prevention.ids", "(id?)"),
        (
            "self_match_prevention={id: A, instruction: cancel}",
            "self_match_prevention.instruction",
            "one of cancel_aggressor, cancel_resting, cancel_both, decrement",
        ),
    ],
)
def test_refused_choice_of_a_session(file: Path, setting: str, key: str, expected: str) -> None:
    error = refused(file, f"sessions.BUYER.{setting}")
    assert error.key == f"sessions[0].{key}"
    assert expected in error.expected


def test_a_session_speaks_what_the_venue_serves(file: Path) -> None:
    serves = "venue: {versions: [FIX.4.4]}\n"
    text = swapped("[order_entry]", "[order_entry]\n    versions: [FIX.4.4]")
    assert load_text(file, serves + text).sessions[0].versions == ("FIX.4.4",)
    error = refused_text(file, serves + text.replace("[FIX.4.4]", "FIX.4.4"))
    assert (error.key, error.expected) == ("sessions[0].versions", "a list")
    error = refused_text(file, serves + text.replace("FIX.4.4", "FIX.4.2"))
    assert (error.key, error.expected) == ("sessions[0].versions[0]", "one of FIX.4.4")


def test_quantities_and_prices_fit_in_53_bits(file: Path) -> None:
    largest = 2**53
    load(file, [f"instruments.BRK.max_qty={largest}"])
    error = refused(file, f"instruments.BRK.max_qty={largest + 1}")
    assert error.key == "instruments[0].max_qty"
    assert f"{largest} lots" in error.expected
    assert "53 bits" in error.expected
    half = "instruments.BRK.collar_percent=100"
    load(file, [half, "instruments.BRK.tick=1", f"instruments.BRK.reference_price={largest // 2}"])
    error = refused(
        file, half, "instruments.BRK.tick=1", f"instruments.BRK.reference_price={largest // 2 + 1}"
    )
    assert error.key == "instruments[0].reference_price"
    assert "53 bits" in error.expected


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("BeginString", "`versions`"),
        ("DefaultApplVerID", "`versions`"),
        ("SenderCompID", "venue's `comp_id`"),
        ("sendercompid", "venue's `comp_id`"),
        ("TargetCompID", "session's `comp_id`"),
        ("SessionQualifier", "`comp_id`"),
        ("ConnectionType", "accepts"),
        ("SocketAcceptPort", "`port`"),
        ("SocketAcceptHost", "`host`"),
        ("UseDataDictionary", "dictionaries"),
        ("DataDictionary", "dictionaries"),
        ("AppDataDictionary", "dictionaries"),
        ("TransportDataDictionary", "dictionaries"),
        ("FileStorePath", "journal"),
        ("ResetOnLogout", "`schedule`"),
        ("ResetOnDisconnect", "`schedule`"),
        ("RefreshOnLogon", "journal"),
        ("StartTime", "`schedule`"),
        ("EndDay", "`schedule`"),
        ("LogoutTime", "`schedule`"),
        ("UseLocalTime", "`schedule`"),
        ("nonstopsession", "`schedule`"),
    ],
)
def test_settings_the_venue_decides_are_refused(file: Path, setting: str, reason: str) -> None:
    for key in (f"quickfix.{setting}", f"sessions[1].quickfix.{setting}"):
        error = refused(file, f"{key}=X")
        assert error.key == key
        assert reason in error.expected


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: b: c", 1, "mapping values are not allowed here"),
        ("a: 1\nb: [1", 2, "column 6"),
        ("\tq: 1", 1, "cannot start any token"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("sessions: *nobody", 1, "undefined alias"),
        ("x: \x01", None, "special characters are not allowed"),
        ("", 1, "nothing"),
        ("# only a comment\n", 1, "nothing"),
        ("[1, 2]", 1, "a list"),
        ("word", 1, "word"),
        ("? [a]\n: b", 1, "a key that is no text"),
        ("&a {b: *a}", None, "endless nesting"),
        ("[" * 10_000, None, "endless nesting"),
    ],
)
def test_refused_document(file: Path, text: str, line: int | None, found: str) -> None:
    error = refused_text(file, text)
    assert error.line == line
    assert found in error.found


def test_a_document_has_keys(file: Path) -> None:
    assert refused_text(file, "word").expected == "keys and values"


def test_a_key_written_twice(file: Path) -> None:
    error = refused_text(file, swapped("    lot: 1\n", "    lot: 1\n    tick: 0.02\n"))
    assert (error.line, error.key) == (13, "instruments[0].tick")
    assert "first on line 11" in error.found


def test_a_key_of_two_lines_is_still_one_line_of_error(file: Path) -> None:
    error = refused_text(file, '"a\\nb": 1')
    assert r"a\nb: found an unknown key" in str(error)


def test_tags_make_no_objects(file: Path) -> None:
    error = refused_text(file, "venue: !!python/object/apply:os.getcwd []")
    assert error.key == "venue"


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"firm: K\xe4ufer")
    assert "offset 7" in refused(tmp_path / "latin.yaml").found
    assert "no such file" in refused(tmp_path / "none.yaml").found
    assert "directory" in refused(tmp_path).found


def test_overrides_reach_every_key(file: Path) -> None:
    config = load(
        file,
        [
            "venue.port=1234",
            "journal.sync=off",
            "quickfix.ResetOnLogon=N",
            "sessions.BUYER.firm=X",
            "sessions.1.firm=Y",
            "sessions.BUYER.quickfix.MaxLatency=5",
            "sessions[1].roles=[market_data]",
            "instruments.BRK.tick=0.5",
            "instruments.BRK.B.tick=0.15",
            "instruments.BRK.B.collar_percent=",
        ],
    )
    assert (config.venue.port, config.journal.sync) == (1234, "off")
    assert config.quickfix == {"ResetOnLogon": "N"}
    assert [s.firm for s in config.sessions] == ["X", "Y"]
    assert config.sessions[0].quickfix == {"MaxLatency": "5"}
    assert config.sessions[1].roles == (Role.MARKET_DATA,)
    assert [i.tick for i in config.instruments] == [Decimal("0.5"), Decimal("0.15")]
    assert config.instruments[1].collar_percent == Decimal(50)


def test_the_last_override_wins(file: Path) -> None:
    assert load(file, ["venue.port=1", "venue.port=2"]).venue.port == 2


@pytest.mark.parametrize(
    ("override", "key", "found", "expected"),
    [
        ("venue.prot=1", "venue.prot", "an unknown key", "(port?)"),
        ("venu.port=1", "venu", "an unknown key", "(venue?)"),
        ("venue..port=1", "venue.", "an unknown key", "one of comp_id"),
        ("=1", "", "an unknown key", "one of venue"),
        ("venue.port", "", "venue.port", "key.path=value"),
        ("venue.port.x=1", "venue.port.x", "1234", "keys below venue.port"),
        ("venue.port=x", "venue.port", "x", "0 to 65535"),
        ("venue.port=[1", "venue.port", "a YAML error", "valid YAML"),
        ("sessions.NOBODY.firm=X", "sessions", "NOBODY.firm", "one of BUYER, SELLER"),
        ("sessions.BUYERS.firm=X", "sessions", "BUYERS.firm", "one of BUYER, SELLER"),
        ("sessions[2].firm=X", "sessions", "2.firm", "one of BUYER, SELLER"),
        ("sessions[0]=X", "sessions[0]", "X", "the keys comp_id"),
        ("sessions[0]=", "sessions[0]", "nothing", "the keys comp_id"),
        ("sessions=[{firm: X}]", "sessions[0].comp_id", "nothing", "1 to 32"),
        ("instruments.BRK.tick=0", "instruments[0].tick", "0", "above 0"),
    ],
)
def test_refused_override(file: Path, override: str, key: str, found: str, expected: str) -> None:
    error = refused(file, "venue.port=1234", override)
    assert (error.file, error.line, error.key) == ("command line", None, key)
    assert error.found.startswith(found)
    assert expected in error.expected


def test_a_configuration_does_not_change(file: Path) -> None:
    config = load(file)
    for part in (config, config.venue, config.journal, config.sessions[0], config.instruments[0]):
        with pytest.raises(AttributeError):
            setattr(part, part.__struct_fields__[0], "X")


def test_a_fault_is_laid_at_the_door_it_came_in_by(file: Path) -> None:
    error = refused(file, "instruments.BRK.min_qty=2000")
    assert (error.file, error.line, error.key) == (str(file), 15, "instruments[0].max_qty")


def test_a_long_value_is_cut(file: Path) -> None:
    error = refused(file, f"venue.port={'9' * 5000}")
    assert len(str(error)) < 200


DAILY = "{start: 08:00:00, end: 17:00:00, days: [mon, fri], time_zone: Europe/Zurich}"
WEEKLY = "{start: 17:00:00, end: 17:00:00, start_day: sun, end_day: fri}"


def test_schedules(file: Path) -> None:
    config = load(file, [f"venue.schedule={DAILY}", f"sessions.SELLER.schedule={WEEKLY}"])
    assert config.venue.schedule == ScheduleConfig(
        start="08:00:00", end="17:00:00", days=("mon", "fri"), time_zone="Europe/Zurich"
    )
    assert config.sessions[0].schedule is None
    assert config.sessions[1].schedule == ScheduleConfig(
        start="17:00:00", end="17:00:00", start_day="sun", end_day="fri", time_zone="UTC"
    )
    assert load(file).venue.schedule is None


@pytest.mark.parametrize(
    ("schedule", "key", "expected"),
    [
        ("{end: 17:00:00}", ".start", "HH:MM:SS"),
        ("{start: 8:00, end: 17:00:00}", ".start", "HH:MM:SS"),
        ("{start: 08:00:00, end: 24:00:00}", ".end", "23:59:59"),
        ("{start: 08:00:00, end: 17:00:00, days: [monday]}", ".days[0]", "one of mon, tue"),
        ("{start: 08:00:00, end: 17:00:00, days: []}", ".days", "at least one"),
        ("{start: 08:00:00, end: 17:00:00, days: [mon, mon]}", ".days[1]", "once"),
        ("{start: 08:00:00, end: 17:00:00, start_day: mon}", ".start_day", "together"),
        ("{start: 08:00:00, end: 17:00:00, end_day: mon}", ".end_day", "together"),
        (f"{DAILY[:-1]}, start_day: mon, end_day: tue}}", ".start_day", "either days"),
        ("{start: 08:00:00, end: 17:00:00, time_zone: Mars}", ".time_zone", "Europe/Zurich"),
        ("{start: 08:00:00, end: 17:00:00, time_zone: ../UTC}", ".time_zone", "IANA"),
        ("{start: 08:00:00, end: 17:00:00, time_zone: Europe}", ".time_zone", "IANA"),
        ("{start: 08:00:00, end: 17:00:00, zone: UTC}", ".zone", "time_zone"),
        ("08:00:00", "", "start"),
    ],
)
def test_schedules_that_are_none(file: Path, schedule: str, key: str, expected: str) -> None:
    for owner, named in (("venue", "venue"), ("sessions.BUYER", "sessions[0]")):
        error = refused(file, f"{owner}.schedule={schedule}")
        assert error.key == f"{named}.schedule{key}"
        assert expected in error.expected
