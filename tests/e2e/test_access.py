"""Passwords, addresses, desks and accounts over sockets. A Logon that fails changes nothing, and
nobody else notices.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.client import BUY, DEADLINE, NEW, SELL
from tests.e2e.codes import FIX42, FIX44
from tests.e2e.message import Fields, Message, frame, utc_now
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_versions_logon import fixt_logon, fixt_message
from tests.e2e.venue_process import ROOT, VenueProcess
from venue.client import LogonFailed, connect
from venue.password_file import PasswordFile
from venue.passwords import hash_password

RIGHT, OTHER = "correct horse", "battery staple"
WRONG = "Username(553) or Password(554) is wrong"
HASH = hash_password(RIGHT)
SESSIONS: dict[str, dict[str, Any]] = {
    "PLAIN1": {},
    "PLAIN2": {"firm": "BETA"},
    "NUMBERS": {"password": "stored"},
    "LIVE": {"password": "stored"},
    "UNCHANGED": {"password": "stored"},
    "CHANGED": {"password": "stored"},
    "GUESSED": {"password": "stored"},
    "OPERATED": {"password": "stored"},
    "HASHED": {"password": str(HASH), "username": "me@alpha"},
    "NEVER": {"password": "stored"},
    "OPS": {"roles": ["operator"]},
    "AFAR": {"addresses": ["192.0.2.0/24"]},
    "BEATS": {"heart_bt_int": {"min": 5, "max": 60}},
    "BROKER": {
        "desks": [
            {"sender_sub_id": "S1", "firm": "BETA", "accounts": ["B-1", "B-2"]},
            {"on_behalf_of": "C1", "firm": "GAMMA"},
        ],
    },
}
S1, C1 = {50: "S1"}, {115: "C1"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """A venue that asks for passwords, with QuickFIX's own log."""
    directory = tmp_path_factory.mktemp("guarded")
    configuration: dict[str, Any] = yaml.safe_load((ROOT / "config/venue.yaml").read_text())
    usual = {"firm": "ALPHA", "roles": ["order_entry", "market_data"]}
    configuration["sessions"] = [usual | {"comp_id": n} | own for n, own in SESSIONS.items()]
    configuration["venue"]["lockout"] = {"failures": 3}
    configuration["quickfix"]["FileLogPath"] = str(directory / "fix")
    (directory / "venue.yaml").write_text(json.dumps(configuration))
    data = directory / "data"
    data.mkdir()
    for name, own in SESSIONS.items():
        if own.get("password") == "stored" and name != "NEVER":
            PasswordFile(data).set(name, HASH)
    options = ("--config", str(directory / "venue.yaml"), "--set", "journal.sync=off")
    venue = VenueProcess(directory, *options)
    yield venue
    with ExitStack() as stack:  # some are being looked at while it stops
        for _ in range(4):
            raw = stack.enter_context(closing(RawClient(venue.port, "HASHED", log_on=False)))
            raw.send_logon({553: "me@alpha", 554: RIGHT})
        venue.stop()
    assert "defect" not in venue.output
    written = [venue.output, *(path.read_text() for path in (directory / "fix").iterdir())]
    for text in written:
        assert RIGHT not in text and OTHER not in text and "wrong horse" not in text


Log = Callable[..., RawClient]


@pytest.fixture
def log_on(guarded: VenueProcess) -> Iterator[Log]:
    """Connect a raw client and send a Logon."""
    with ExitStack() as stack:

        def connected(comp_id: str, more: Fields = (), header: Fields = ()) -> RawClient:
            raw = stack.enter_context(closing(RawClient(guarded.port, comp_id, log_on=False)))
            raw.send("A", {98: 0, 108: 30, 141: "Y"} | dict(more), header)
            return raw

        yield connected
    guarded.is_sound()


def credentials(comp_id: str, password: str = RIGHT) -> dict[int, object]:
    return {553: comp_id, 554: password}


def refused(raw: RawClient) -> Message:
    """The one thing that is said before the venue hangs up."""
    [logout] = raw.is_disconnected()
    return logout.has({35: "5"})


def stock(venue: VenueProcess, comp_id: str, version: str, password: str) -> StockClient:
    logon = list(credentials(comp_id, password).items())
    return StockClient(venue.port, comp_id, version=version, logon=logon)


@pytest.mark.parametrize("version", [FIX42, FIX44])
def test_who_knows_the_password_trades(guarded: VenueProcess, version: str) -> None:
    with closing(stock(guarded, "NUMBERS", version, RIGHT)) as trader:
        trader.enter("AAPL", BUY, 1, 90).has({39: NEW})
        assert trader.complaints == []


def test_the_client_library_tells_why(guarded: VenueProcess) -> None:
    with pytest.raises(LogonFailed, match=r"Username\(553\) or Password\(554\) is wrong"):
        connect("NEVER", port=guarded.port, username="NEVER", password=RIGHT)


def test_a_failed_logon_resets_nothing(log_on: Log) -> None:
    """With 141=Y, on a session that has numbers; its Logout takes none."""
    first = log_on("NUMBERS", credentials("NUMBERS"))
    first.receive_session_message("A")
    order = first.enter("AAPL", SELL, 5, 110)
    first.send("5", {})
    first.is_disconnected()
    sent, received = first.next_sent, first.next_received
    for wrong in (credentials("NUMBERS", "wrong horse"), {}):
        assert refused(log_on("NUMBERS", wrong))[58] == WRONG
    again = log_on("NUMBERS", credentials("NUMBERS") | {141: None}, {34: sent})
    again.next_sent, again.next_received = sent + 1, received
    again.receive_session_message("A").has({34: received, 141: None})
    again.ask_status(order).has({39: NEW, 151: 5, 34: received + 1})


def test_nobody_logs_on_as_another(guarded: VenueProcess) -> None:
    """By a Logon that the venue and QuickFIX could read in two ways: the one is refused, of the
    other QuickFIX hears nothing.
    """
    common = f"34=1|%s52={utc_now()}|56=VENUE|98=0|108=30|141=Y|"
    hidden = "x\x0149=%s"
    as_another = "35=A|" + common % "049=LIVE|" + f"095=11|096={hidden % 'PLAIN1'}|"
    for_another = f"35=A|90=9|91={hidden % 'LIVE'}|" + common % "49=PLAIN1|"
    answers = []
    for body in (as_another, for_another):
        fields: list[Any] = [each.partition("=")[::2] for each in body.strip("|").split("|")]
        with socket.create_connection(("127.0.0.1", guarded.port), timeout=DEADLINE) as connection:
            connection.sendall(frame(fields))
            answers.append(connection.recv(1 << 16))
    assert answers[0] == b"" and b"\x0156=PLAIN1\x01" in answers[1]


def test_a_session_that_is_logged_on(guarded: VenueProcess, log_on: Log) -> None:
    """Another Logon is refused with the wrong password, and dropped with the right one."""
    first = log_on("LIVE", credentials("LIVE"))
    first.receive_session_message("A")
    resting = first.enter("AAPL", SELL, 5, 111)
    assert refused(log_on("LIVE", credentials("LIVE", OTHER)))[58] == WRONG
    assert log_on("LIVE", credentials("LIVE")).is_disconnected() == []
    change = {98: "0", 108: 30, 141: "Y", 1137: 9, 553: "LIVE", 554: RIGHT, 925: "never stored"}
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=DEADLINE) as connection:
        connection.sendall(fixt_message("LIVE", change | {925: None}))
        assert b"\x0135=A\x01" in connection.recv(1 << 16)
        assert fixt_logon(guarded.port, "LIVE", change) == []
    first.ask_status(resting).has({39: NEW, 151: 5})


def test_a_client_changes_its_password(guarded: VenueProcess) -> None:
    """It is told so, and the new one holds in every version; in the same connection there is no
    second time.
    """
    change = {98: "0", 108: 30, 141: "Y", 1137: 9, 553: "CHANGED", 554: RIGHT, 925: OTHER}
    again = change | {554: "a second", 925: "time"}
    answer, logout = fixt_logon(guarded.port, "CHANGED", change, again)
    answer.has({35: "A", 1409: 1, 553: None, 554: None, 925: None})
    logout.has({35: "5"}).names("NewPassword(925)", "first Logon")
    with closing(stock(guarded, "CHANGED", FIX42, OTHER)) as trader:
        trader.settle()
    [told] = fixt_logon(guarded.port, "CHANGED", change)
    told.has({35: "5", 58: WRONG, 1409: 5})
    [told] = fixt_logon(guarded.port, "CHANGED", change | {554: OTHER})
    told.has({35: "5", 1409: 3}).names("NewPassword(925)", "the same as Password(554)")
    [told] = fixt_logon(guarded.port, "CHANGED", change | {554: OTHER, 925: "short"})
    told.has({35: "5", 1409: 3}).names("NewPassword(925)", "5", "8 to 128")
    with closing(stock(guarded, "CHANGED", FIX44, OTHER)) as trader:
        trader.settle()


def test_a_password_that_cannot_be_changed(guarded: VenueProcess) -> None:
    """Nor its Logon resets or uses a number: neither where the password cannot be stored, nor where
    QuickFIX refuses the Logon.
    """
    usual = {98: "0", 108: 30, 1137: 9, 553: "UNCHANGED", 554: RIGHT}
    leave = {35: "5", 34: 2}
    [answer, logout] = fixt_logon(guarded.port, "UNCHANGED", usual | {141: "Y"}, leave)
    assert (answer[34], logout[34]) == ("1", "2")
    for_later = usual | {34: 3, 925: OTHER}
    directory = os.open(guarded.data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        [told] = fixt_logon(guarded.port, "UNCHANGED", for_later)
        told.has({35: "5", 34: 3, 1409: 7}).names("try again")
        [told] = fixt_logon(guarded.port, "UNCHANGED", for_later | {34: 1, 141: "Y"})
        told.has({35: "5", 34: 1, 1409: 7})
    finally:
        os.close(directory)
    [told] = fixt_logon(guarded.port, "UNCHANGED", for_later | {34: 2})
    told.has({35: "5"}).names("MsgSeqNum too low")
    [answer, _] = fixt_logon(guarded.port, "UNCHANGED", usual | {34: 3}, leave | {34: 4})
    answer.has({35: "A", 34: int(told[34]) + 1, 1409: None})


def test_a_second_logon_that_is_refused(log_on: Log) -> None:
    """With 141=Y QuickFIX resets the numbers before it looks: what had them before is not sent
    again as if it had them now.
    """
    first = log_on("BEATS")
    first.receive_session_message("A")
    for cl_ord_id in ("OLD1", "OLD2", "OLD3"):
        first.send("D", order(cl_ord_id, {44: 61000}))
        first.receive().has({150: 0, 11: cl_ord_id})
    first.next_received = 1
    first.send("A", {98: 0, 108: 4, 141: "Y"}, {34: 1})
    first.is_disconnected()[-1].has({35: "5", 34: 1}).names("HeartBtInt(108)")
    again = log_on("BEATS", {141: None}, {34: 1})
    again.next_sent, again.next_received = 2, 2
    again.receive_session_message("A").has({34: 2})
    again.send("D", order("NEW", {44: 61000}))
    again.receive().has({150: 0, 11: "NEW", 34: 3})
    again.send("2", {7: 1, 16: 0})
    again.receive().has({43: "Y", 34: 3, 11: "NEW"})


def test_a_version_without_new_passwords(log_on: Log) -> None:
    told = refused(log_on("UNCHANGED", credentials("UNCHANGED") | {925: "something new"}))
    told.names("NewPassword(925)", "FIX.4.4")


def test_who_guesses_is_locked_out(guarded: VenueProcess, log_on: Log) -> None:
    for guess in ("a", "b", "c"):
        assert refused(log_on("GUESSED", credentials("GUESSED", guess)))[58] == WRONG
    told = refused(log_on("GUESSED", credentials("GUESSED")))
    told.names("locked for 300 s after 3 failed Logons")
    fixt = {98: "0", 108: 30, 141: "Y", 1137: 9} | credentials("GUESSED")
    fixt_logon(guarded.port, "GUESSED", fixt)[0].has({35: "5", 1409: 6})
    guarded.wait_for("locked out")
    operator = log_on("OPS")
    operator.receive_session_message("A")
    operator.send("U1", {9201: "1", 9202: "unlock", 9213: "GUESSED"})
    operator.receive("U2").has({9203: 0, 58: "every address may try again to log on as GUESSED"})
    log_on("GUESSED", credentials("GUESSED")).receive_session_message("A")


def test_many_guesses_slow_nobody_down(guarded: VenueProcess, log_on: Log) -> None:
    """They wait for each other, outside. Two trade meanwhile; a third logs on in between."""
    with ExitStack() as stack:
        one = stack.enter_context(closing(StockClient(guarded.port, "PLAIN1")))
        two = stack.enter_context(closing(StockClient(guarded.port, "PLAIN2")))
        guesses = [log_on("NEVER", credentials("NEVER", f"guess {n}")) for n in range(20)]
        for _ in range(20):
            one.enter("EURUSD", SELL, 1000, "1.1")
            two.new_order("EURUSD", BUY, 1000, "1.1")
            assert len(one.settle()) >= 1 and len(two.settle()) >= 2
        stack.enter_context(closing(StockClient(guarded.port, "PLAIN1", version=FIX42)))
        for each in guesses:
            refused(each)


def test_the_operator_changes_a_password(guarded: VenueProcess, log_on: Log) -> None:
    """Who is logged on stays so; the next Logon needs the new one."""
    first = log_on("OPERATED", credentials("OPERATED"))
    first.receive_session_message("A")
    command = [sys.executable, "-m", "venue", "passwd", "OPERATED", "--config"]
    command += [str(Path(guarded.data).parent / "venue.yaml"), "--data", str(guarded.data)]
    subprocess.run(command, input=OTHER, text=True, check=True, cwd=ROOT, capture_output=True)
    first.enter("AAPL", BUY, 1, 90)
    first.send("5", {})
    first.is_disconnected()
    assert refused(log_on("OPERATED", credentials("OPERATED")))[58] == WRONG
    log_on("OPERATED", credentials("OPERATED", OTHER)).receive_session_message("A")


def test_a_configured_hash_and_username(log_on: Log) -> None:
    log_on("HASHED", credentials("me@alpha")).receive_session_message("A")
    assert refused(log_on("HASHED", credentials("HASHED")))[58] == WRONG


def test_a_session_that_needs_none(log_on: Log) -> None:
    """Whatever it sends is ignored, and never reaches QuickFIX."""
    log_on("PLAIN1", {553: "X", 554: "wrong horse"}).receive_session_message("A")


def test_an_address_and_a_heartbeat_that_are_not_allowed(log_on: Log) -> None:
    assert log_on("AFAR").is_disconnected() == []
    refused(log_on("BEATS", {108: 4})).names("HeartBtInt(108)", "4", "5 to 60")
    log_on("BEATS", {108: 5}).receive_session_message("A").has({108: 5})
    with suppress(ConnectionError):
        log_on("BEATS", {108: 60})


def order(cl_ord_id: str, more: Fields = ()) -> dict[int, object]:
    terms = {11: cl_ord_id, 55: "BTC-USD", 54: SELL, 38: 1, 40: 2, 44: 60000, 60: utc_now()}
    return terms | dict(more)


def test_desks_are_sessions_of_their_own(log_on: Log) -> None:
    """One connection, three identities: each has its ids, its orders, its firm and its accounts."""
    broker = log_on("BROKER")
    broker.receive_session_message("A")
    found = []
    for header, said in (({}, {}), (S1, {57: "S1"}), (C1, {128: "C1"})):
        broker.send("D", order("SAME"), header)
        named: dict[int, object] = {57: None, 128: None} | said
        account = "B-1" if header == S1 else None
        found.append(broker.receive().has({150: 0, 11: "SAME", 1: account} | named))
    assert len({report[37] for report in found}) == 3
    broker.send("D", order("MORE", {1: "B-2"}), S1)
    broker.receive().has({150: 0, 1: "B-2", 57: "S1"})
    broker.send("D", order("ELSE", {1: "B-3"}), S1)
    told = broker.receive().has({150: 8, 103: 15, 57: "S1", 128: None})
    told.names("Account(1)", "B-3", "B-1, B-2")
    theirs = {11: "CANCEL", 41: "MORE", 37: found[1][37], 55: "BTC-USD", 54: SELL, 60: utc_now()}
    broker.send("F", theirs | {41: "NONE"}, C1)
    broker.receive("9").has({102: 1, 39: 8, 37: "NONE", 128: "C1", 57: None})
    broker.send("AF", {584: "ALL", 585: 7}, S1)
    assert {broker.receive().has({57: "S1"})[11] for _ in range(2)} == {"SAME", "MORE"}
    for header in ({50: "S9"}, {115: "C9"}, {50: "S1", 115: "C1"}):
        broker.send("D", order("NOBODY"), header)
        named = {57: header.get(50), 128: header.get(115)}
        told = broker.receive("j").has({380: 6, 372: "D", 379: "NOBODY"} | named)
        told.names("no desk of this session", "50=S1", "115=C1")
    for header, named, ids in ((S1, {57: "S1"}, 2), (C1, {128: "C1"}, 1), ({}, {57: None}, 1)):
        broker.send("q", {11: "END", 530: 7, 60: utc_now()}, header)
        broker.receive("r").has({531: 7, 533: ids} | named)
        for _ in range(ids):
            broker.receive().has({150: 4, 11: "END"} | named)


def test_a_session_without_desks_sends_for_nobody_else(log_on: Log) -> None:
    plain = log_on("PLAIN1")
    plain.receive_session_message("A")
    plain.send("D", order("TRADER", {54: BUY, 44: 40000}), {50: "JIM"})
    plain.receive().has({150: 0, 57: None})
    plain.send("D", order("OTHER"), {115: "C1"})
    plain.receive("j").has({380: 6}).names("OnBehalfOfCompID(115)", "C1")


def test_desks_hear_what_others_do_and_what_they_missed(log_on: Log) -> None:
    """A colleague cancels a desk's order; the end of the connection cancels all others', and the
    colleague hears of that of its firm. It is told again later, and sent again on request.
    """
    colleague = log_on("PLAIN2")
    colleague.receive_session_message("A")
    broker = log_on("BROKER", {9001: "Y"})
    broker.receive_session_message("A")
    orders = {}
    for cl_ord_id, header in (("LOST", S1), ("LEFT", S1), ("GONE", C1)):
        broker.send("D", order(cl_ord_id), header)
        orders[cl_ord_id] = broker.receive().has({150: 0})
    request = {11: "C", 37: orders["LOST"][37], 41: "NONE", 55: "BTC-USD", 54: SELL, 60: utc_now()}
    colleague.send("F", request)
    colleague.receive().has({150: 4, 37: orders["LOST"][37], 57: None})
    broker.receive().has({150: 4, 11: "LOST", 57: "S1"})
    sent, received = broker.next_sent, broker.next_received
    broker.close()
    colleague.receive().has({150: 4, 37: orders["LEFT"][37], 57: None})
    colleague.hears_nothing()
    again = log_on("BROKER", {141: None, 9001: "N"}, {34: sent})
    again.next_sent, again.next_received = sent + 1, received
    again.receive_session_message("A")
    missed = [again.receive().has({150: 4}) for _ in range(2)]
    named = {report[37]: (report.get(57), report.get(128)) for report in missed}
    assert named == {orders["LEFT"][37]: ("S1", None), orders["GONE"][37]: (None, "C1")}
    again.send("2", {7: missed[0][34], 16: 0})
    repeated = [again.receive().has({43: "Y"}) for _ in range(2)]
    assert [(each[34], each.get(57), each.get(128)) for each in repeated] == [
        (each[34], each.get(57), each.get(128)) for each in missed
    ]
