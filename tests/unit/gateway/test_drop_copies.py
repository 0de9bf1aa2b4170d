"""Drop copies without sockets: who gets a copy of what, when, and what waits for whom."""

import random
from collections import defaultdict
from typing import Any

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_exchange import LOGON, Clock, Floor, brief, clock, journal, last_batch
from venue.config import Role, SessionConfig
from venue.configuration.firms import DeskConfig
from venue.core import commands as c
from venue.core.types import OrdRejReason, OrdStatus
from venue.errors import JournalError
from venue.fix.message import parse_fields
from venue.fix.versions import FIX42, FIX44, FIX50SP2, VERSIONS, Version
from venue.gateway import drop_copies
from venue.gateway.sessions import Presence, Session
from venue.journal.sqlite import SqliteJournal

__all__ = ["clock", "journal"]

CLEARING, DROP_COPY = Role.CLEARING, Role.DROP_COPY
WATCHERS = (
    ("DROP", "ALPHA", DROP_COPY, FIX44),
    ("DROP42", "ALPHA", DROP_COPY, FIX42),
    ("BETADROP", "BETA", DROP_COPY, FIX50SP2),
    ("CLEARING", "VENUE", CLEARING, FIX44),
    ("MD", "DATA", Role.MARKET_DATA, FIX44),
)


class WatchedFloor(Floor):
    """The floor, with sessions that get copies."""

    def __init__(self, journal: SqliteJournal, clock: Clock) -> None:
        self.watchers = WATCHERS
        super().__init__(journal, clock)

    def make_sessions(self) -> dict[str, Session]:
        sessions = super().make_sessions()
        for comp_id, firm, role, version in self.watchers:
            sessions[comp_id] = Session(SessionConfig(comp_id, firm, (role,)), version)
        desk = DeskConfig(sender_sub_id="SUB", firm="BETA")
        broker = SessionConfig("BROKER", "ALPHA", (Role.ORDER_ENTRY,), desks=(desk,))
        sessions["BROKER"] = Session(broker, FIX44)
        return sessions

    def turn(self, *inbox: tuple[str, str]) -> list[tuple[str, dict[str, str]]]:
        for comp_id, text in inbox:
            if text == LOGON:  # which the acceptor would have journaled
                self.logs[self.sessions[comp_id].name].reset_time = 1
        return super().turn(*inbox)


@pytest.fixture
def floor(journal: SqliteJournal, clock: Clock) -> WatchedFloor:
    floor = WatchedFloor(journal, clock)
    floor.exchange.begin([c.DefineInstrument(aapl())])
    return floor


def cancel(cl_ord_id: str, more: str) -> str:
    text = f"8=FIX.4.4|9=0|35=F|34=2|49=X|56=VENUE|11={cl_ord_id}|{more}60=20260101-00:00:00|10=0|"
    return text.replace("|", "\x01")


def trade(floor: Floor) -> list[tuple[str, dict[str, str]]]:
    """TRADER1 of ALPHA buys from TRADER3 of BETA."""
    return floor.turn(
        ("TRADER1", floor.order("REST", "1")),
        ("TRADER3", floor.order("HIT", "2", more="1=ACC|")),
    )


def test_a_firm_s_drop_copy_has_its_reports_and_no_others(floor: WatchedFloor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("DROP", LOGON))
    told = trade(floor)
    assert brief(told) == [
        *[("TRADER1", "0", "REST"), ("TRADER1", "F", "REST")],
        *[("DROP", "0", "REST"), ("DROP", "F", "REST")],
        *[("TRADER3", "0", "HIT"), ("TRADER3", "F", "HIT")],
    ]
    by_session = defaultdict(list)
    for comp_id, fields in told:
        by_session[comp_id].append(fields)
    for copy, original in zip(by_session["DROP"], by_session["TRADER1"], strict=True):
        assert copy == original | {"115": "TRADER1", "797": "Y"}


def test_clearing_has_the_reports_of_all_firms_and_says_whose(floor: WatchedFloor) -> None:
    floor.turn(("CLEARING", LOGON))
    told = [(fields["115"], fields["116"], fields["150"]) for _, fields in trade(floor)]
    assert told == [
        *[("TRADER1", "ALPHA", "0"), ("TRADER3", "BETA", "0")],
        *[("TRADER3", "BETA", "F"), ("TRADER1", "ALPHA", "F")],
    ]


@pytest.mark.parametrize(("comp_id", "version"), [("DROP42", FIX42), ("BETADROP", FIX50SP2)])
def test_a_copy_is_in_the_version_of_who_gets_it(
    floor: WatchedFloor, comp_id: str, version: Version
) -> None:
    floor.turn((comp_id, LOGON), ("CLEARING", LOGON))
    everything = trade(floor)
    told = [each for each in everything if each[0] != "CLEARING"]
    assert {fields["8"] for to, fields in everything if to == "CLEARING"} == {"FIX.4.4"}
    assert {to for to, _ in told} == {comp_id}
    for _, fields in told:
        assert fields["8"] == version.begin_string
        assert fields.get("797") == (None if version is FIX42 else "Y")
        assert fields["115"] == ("TRADER1" if version is FIX42 else "TRADER3")
    assert told[-1][1]["150"] == ("2" if version is FIX42 else "F")


def live(text: str, **more: str) -> str:
    asked = "".join(f"{tag[1:]}={value}|" for tag, value in more.items())
    text = (
        f"8=FIX.4.4|9=0|35=AF|34=9|49=X|56=VENUE|584={text}|585={'1' if more else '7'}|{asked}10=0|"
    )
    return text.replace("|", "\x01")


def test_live_orders_are_told_to_who_asks_for_copies(floor: WatchedFloor) -> None:
    """Of the firm, of all firms; as they are when they are told."""
    floor.turn(*((comp_id, LOGON) for comp_id in ("TRADER1", "BROKER", "DROP", "CLEARING")))
    desk = floor.order("OF-BETA", price="97.00").replace("\x0149=X\x01", "\x0149=X\x0150=SUB\x01")
    floor.turn(
        ("TRADER1", floor.order("A")),
        ("BROKER", desk),
        ("BROKER", floor.order("B", "2", "101.00")),
    )
    told = floor.turn(
        ("DROP", live("R")), ("CLEARING", live("R")), ("DROP", live("S", _55="AAPL", _54="2"))
    )
    assert floor.turn() == []
    by_session = sorted(told, key=lambda each: each[0] != "DROP")
    assert [
        (to, f["115"], f.get("116"), f["11"], f["911"], f["912"])
        for to, f in sorted(by_session, key=lambda each: each[1]["584"])
    ] == [
        ("DROP", "TRADER1", None, "A", "2", "N"),
        ("DROP", "BROKER", None, "B", "2", "Y"),
        ("CLEARING", "TRADER1", "ALPHA", "A", "3", "N"),
        ("CLEARING", "BROKER/SUB", "BETA", "OF-BETA", "3", "N"),
        ("CLEARING", "BROKER", "ALPHA", "B", "3", "Y"),
        ("DROP", "BROKER", None, "B", "1", "Y"),
    ]


def test_a_desk_s_reports_go_to_its_own_firm_s_drop_copy(floor: WatchedFloor) -> None:
    floor.turn(("BROKER", LOGON), ("DROP", LOGON), ("BETADROP", LOGON), ("CLEARING", LOGON))
    order = floor.order("A").replace("\x0149=X\x01", "\x0149=X\x0150=SUB\x01")
    told = floor.turn(("BROKER", order), ("BROKER", floor.order("B", "1", "98.00")))
    copies = [(to, each["11"], each["115"]) for to, each in told if to != "BROKER"]
    assert copies == [
        ("BETADROP", "A", "BROKER/SUB"),
        *[("CLEARING", "A", "BROKER/SUB"), ("CLEARING", "B", "BROKER")],
        ("DROP", "B", "BROKER"),
    ]


def test_refusals_are_copied_and_a_status_and_a_cancel_reject_are_not(floor: WatchedFloor) -> None:
    floor.turn(("TRADER1", LOGON), ("DROP", LOGON), ("TRADER1", floor.order("A")))
    status = "8=FIX.4.4|9=0|35=H|34=3|49=X|56=VENUE|11=A|55=AAPL|54=1|10=0|".replace("|", "\x01")
    told = floor.turn(
        ("TRADER1", floor.order("A")),
        ("TRADER1", floor.order("B", price="99.001")),
        ("TRADER1", status),
        ("TRADER1", cancel("C", "41=NONE-SUCH|55=AAPL|54=1|")),
    )
    assert [fields["103"] for to, fields in told if to == "DROP"] == [
        OrdRejReason.DUPLICATE_ORDER,
        "99",
    ]
    assert len([to for to, _ in told if to == "TRADER1"]) == 4


def test_what_two_sessions_are_told_under_one_exec_id_is_one_copy(floor: WatchedFloor) -> None:
    """Cancel on disconnect is told to the sessions of the firm that are there, too."""
    floor.turn(("TRADER1", Presence.LOGON_CANCEL_ON_DISCONNECT), ("TRADER2", LOGON))
    floor.turn(("DROP", LOGON), ("TRADER1", floor.order("A")))
    told = floor.turn(("TRADER1", Presence.LOSS))
    assert brief(told) == [("TRADER2", "4", "A"), ("DROP", "4", "A")]
    assert told[0][1]["17"] == told[1][1]["17"]
    assert told[1][1]["115"] == "TRADER1"


def test_both_reports_of_a_colleague_s_cancel_are_copied(floor: WatchedFloor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER2", LOGON), ("DROP", LOGON))
    [(_, accepted), _] = floor.turn(("TRADER1", floor.order("A")))
    told = floor.turn(("TRADER2", cancel("C", f"37={accepted['37']}|41=NONE|55=AAPL|54=1|")))
    copies = [(fields["115"], fields["11"], fields["17"]) for to, fields in told if to == "DROP"]
    originals = [(to, fields["11"], fields["17"]) for to, fields in told if to != "DROP"]
    assert sorted(copies) == sorted(originals) and len(copies) == 2


def test_copies_wait_for_who_is_away_and_come_first_then(floor: WatchedFloor) -> None:
    name = floor.sessions["DROP"].name
    floor.turn(("TRADER1", LOGON), ("DROP", LOGON))
    floor.turn(("DROP", Presence.LOGOUT))
    floor.turn(("TRADER1", floor.order("A")))
    assert [(each.session, each.first) for each in last_batch(floor).sent][1] == (name, 0)
    floor.turn(("TRADER1", floor.order("B")))
    told = floor.turn(("DROP", LOGON), ("TRADER1", floor.order("C")))
    assert [fields["11"] for to, fields in told if to == "DROP"] == ["A", "B", "C"]
    assert floor.turn(("DROP", Presence.LOGOUT), ("DROP", LOGON)) == []


def test_nothing_is_kept_for_who_has_never_come(floor: WatchedFloor) -> None:
    trade(floor)
    names = {each.session for each in last_batch(floor).sent}
    assert names == {floor.sessions[comp_id].name for comp_id in ("TRADER1", "TRADER3")}


def test_who_came_before_a_restart_is_known_after_it(floor: WatchedFloor, clock: Clock) -> None:
    recorder: Any = floor.exchange._recorder
    recorder.note({floor.sessions["DROP"].name: (2, 2)}, {floor.sessions["DROP"].name: 1})
    again = WatchedFloor(floor.journal, clock)
    trade(again)
    assert again.sessions["DROP"].name in {each.session for each in last_batch(again).sent}
    told = again.turn(("DROP", LOGON))
    assert brief(told) == [("DROP", "0", "REST"), ("DROP", "F", "REST")]


def test_a_fill_is_in_the_journal_before_anybody_has_a_copy(
    floor: WatchedFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("DROP", LOGON))
    before = len(floor.batches())
    seen: list[int] = []
    send = floor.sockets.send

    def watched(answers: Any, time: int) -> None:
        seen.append(len(floor.batches()))
        send(answers, time)

    monkeypatch.setattr(floor.sockets, "send", watched)
    trade(floor)
    assert seen == [before + 1]
    batch = last_batch(floor)
    [copies] = [each for each in batch.sent if each.session == floor.sessions["DROP"].name]
    assert [parse_fields(text)["150"] for text in copies.texts] == ["0", "F"]


def test_where_the_journal_fails_nobody_has_a_copy(
    floor: WatchedFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("DROP", LOGON), ("CLEARING", LOGON))

    def fail(body: bytes) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(floor.journal, "append", fail)
    with pytest.raises(JournalError):
        trade(floor)
    assert floor.told() == []


def test_a_defect_costs_one_copy(floor: WatchedFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.turn(("TRADER1", LOGON), ("DROP", LOGON))
    as_copy = drop_copies.as_copy

    def faulty(report: str, *others: Any) -> str:
        if "\x0111=A\x01" in report:
            raise ValueError
        return as_copy(report, *others)

    monkeypatch.setattr(drop_copies, "as_copy", faulty)
    told = floor.turn(("TRADER1", floor.order("A")), ("TRADER1", floor.order("B")))
    assert brief(told) == [("TRADER1", "0", "A"), ("TRADER1", "0", "B"), ("DROP", "0", "B")]


@pytest.mark.parametrize("seed", range(3))
def test_the_copies_are_the_firm_s_reports(floor: WatchedFloor, clock: Clock, seed: int) -> None:
    """Whatever happens, and whoever comes and goes: each firm's, and clearing's those of both."""
    chance = random.Random(seed)
    traders, watchers = ("TRADER1", "TRADER2", "TRADER3"), ("DROP", "BETADROP", "CLEARING")
    got: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    online: set[str] = set()

    def turn(*inbox: tuple[str, str]) -> None:
        for comp_id, fields in floor.turn(*inbox):
            if fields["35"] == "8" and fields["17"] != "0":
                got[comp_id].append(fields)

    for comp_id in (*traders, *watchers):
        turn((comp_id, LOGON))
        online.add(comp_id)
    ids: list[tuple[str, str, str]] = []
    for number in range(150):
        clock.now += 1_000_000
        comp_id = chance.choice((*traders, *watchers))
        if comp_id in watchers or chance.random() < 0.05:
            if comp_id in online:
                online.remove(comp_id)
                turn((comp_id, chance.choice((Presence.LOSS, Presence.LOGOUT))))
            else:
                online.add(comp_id)
                turn((comp_id, LOGON))
        elif comp_id in online:
            mine = [each for each in ids if each[0] == comp_id]
            if mine and chance.random() < 0.3:
                _, orig, side = chance.choice(mine)
                turn((comp_id, cancel(f"C{number}", f"41={orig}|55=AAPL|54={side}|")))
            else:
                side, price = chance.choice("12"), f"{chance.randint(98, 102)}.00"
                ids.append((comp_id, f"D{number}", side))
                turn((comp_id, floor.order(f"D{number}", side, price)))
    for comp_id in (*traders, *watchers):
        if comp_id not in online:
            turn((comp_id, LOGON))
    for watcher, firms in (
        ("DROP", {"TRADER1", "TRADER2"}),
        ("BETADROP", {"TRADER3"}),
        ("CLEARING", set(traders)),
    ):
        expected = {fields["17"]: fields for each in firms for fields in got[each]}
        copies = {fields["17"]: fields for fields in got[watcher]}
        assert len(copies) == len(got[watcher]), "a copy came twice"
        assert copies.keys() == expected.keys()
        for exec_id, copy in copies.items():
            # The trade's id and the liquidity have another tag, or more codes, in 5.0.
            for tag in ("11", "37", "39", "14", "151", "38", "6", "31", "32", "54", "60"):
                assert copy.get(tag) == expected[exec_id].get(tag)
    assert any(fields["150"] == "F" for fields in got["CLEARING"])
    assert any(fields["39"] == OrdStatus.CANCELED for fields in got["CLEARING"])


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_only_who_has_never_been_there_is_unknown(version: Version, floor: WatchedFloor) -> None:
    assert not floor.logs.has_begun(f"{version.name}:NOBODY")
    floor.logs[f"{version.name}:NOBODY"].begin_anew(7)
    assert floor.logs.has_begun(f"{version.name}:NOBODY")
