"""Positions and trades without sockets: what is answered, in which pieces, and what follows."""

import random
from collections import defaultdict
from typing import Any

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_drop_copies import WatchedFloor, trade
from tests.unit.gateway.test_exchange import DAY, LOGON, Clock, clock, journal
from venue.core import commands as c
from venue.core.types import CostMethod
from venue.errors import JournalError
from venue.gateway.back_office.office import AT_ONCE, MAX_STREAMS, BackOffice
from venue.gateway.back_office.trades import LOOKED_AT
from venue.gateway.sessions import Presence
from venue.journal.sqlite import SqliteJournal

__all__ = ["clock", "journal"]

Told = list[tuple[str, dict[str, str]]]
COMP_IDS = ("TRADER1", "TRADER2", "TRADER3", "DROP", "CLEARING")


class Office:
    """The floor, with two firms that trade, a drop copy and one who clears."""

    def __init__(self, floor: WatchedFloor) -> None:
        self.floor = floor
        floor.turn(*((comp_id, LOGON) for comp_id in COMP_IDS))
        self._orders = 0

    @property
    def back_office(self) -> BackOffice:
        return self.floor.exchange._back_office

    def trade(self, count: int = 1, price: str = "100.00", more: str = "") -> None:
        """TRADER1 of ALPHA buys 5 from TRADER3 of BETA, so many times."""
        for _ in range(count):
            self._orders += 1
            self.floor.exchange.turn(
                [
                    self._entry("TRADER1", self.floor.order(f"B{self._orders}", "1", price, more)),
                    self._entry("TRADER3", self.floor.order(f"S{self._orders}", "2", price)),
                ]
            )

    def _entry(self, comp_id: str, text: str) -> tuple[Any, str]:
        session = self.floor.sessions[comp_id]
        session.link.next_target += 1
        return session, text

    def ask(self, comp_id: str, msg_type: str, fields: str) -> Told:
        text = f"8=FIX.4.4|9=0|35={msg_type}|34=9|49=X|56=VENUE|{fields}10=0|"
        return own(self.floor.turn((comp_id, text.replace("|", "\x01"))))

    def positions(self, comp_id: str, fields: str = "", req_id: str = "P") -> Told:
        return self.ask(comp_id, "AN", f"710={req_id}|724=0|60=20260101-00:00:00|{fields}")

    def trades(self, comp_id: str, fields: str = "", req_id: str = "T") -> Told:
        return self.ask(comp_id, "AD", f"568={req_id}|569=1|{fields}")

    def tick(self) -> Told:
        self.floor.exchange.tick()
        return own(self.floor.told())

    def all(self) -> Told:
        """What comes until nothing more is to be sent at once."""
        told = own(self.floor.told())
        while self.back_office.busy:
            assert self.floor.exchange.patience() == 0.0
            told += self.tick()
        return told


def own(told: Told) -> Told:
    """Without reports."""
    return [(to, fields) for to, fields in told if fields["35"] != "8"]


def values(told: Told, *tags: str) -> list[tuple[str | None, ...]]:
    return [tuple(fields.get(tag) for tag in tags) for _, fields in told]


@pytest.fixture
def desk(journal: SqliteJournal, clock: Clock) -> Office:
    floor = WatchedFloor(journal, clock)
    floor.exchange.begin([c.DefineInstrument(aapl())])
    return Office(floor)


def test_orders_that_trade_nothing_are_nothing_to_who_follows_trades(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds may, and each would cost every order."""
    desk.trades("TRADER1", "263=1|")
    desk.positions("TRADER1", "263=1|")
    desk.all()
    streams = list(desk.back_office._streams.values())
    for stream in streams:
        monkeypatch.setattr(type(stream), "note", lambda *_: pytest.fail("is told of an order"))
        monkeypatch.setattr(type(stream), "idle", property(lambda _: pytest.fail("is asked")))
    desk.floor.exchange.turn([desk._entry("TRADER1", desk.floor.order("B0", "1", "90.00"))])
    assert len(streams) == 2


def test_a_firm_s_positions(desk: Office) -> None:
    desk.trade(2, "100.00")
    desk.trade(1, "103.00", "1=ACC|")
    told = desk.positions("TRADER2")
    assert values(told, "35", "727", "728") == [
        ("AO", "2", "0"),
        ("AP", "2", "0"),
        ("AP", "2", "0"),
    ]
    assert values(told[1:], "448", "1", "55", "704", "705", "730", "325") == [
        ("ALPHA", "[N/A]", "AAPL", "10", "0", "103", "N"),
        ("ALPHA", "ACC", "AAPL", "5", "0", "103", "N"),
    ]
    assert len({fields["721"] for _, fields in told}) == 3
    [_, (_, short)] = desk.positions("TRADER3")
    assert (short["448"], short["704"], short["705"]) == ("BETA", "0", "15")
    assert short["58"] == "average_price=101"


def test_accounts_symbols_and_firms(desk: Office) -> None:
    desk.trade(1)
    desk.trade(1, more="1=ACC|")
    assert values(desk.positions("DROP", "1=ACC|"), "1") == [("ACC",), ("ACC",)]
    assert values(desk.positions("DROP", "1=[N/A]|"), "1") == [("[N/A]",), ("[N/A]",)]
    [(_, none)] = desk.positions("DROP", "1=OTHER|")
    assert (none["35"], none["727"], none["728"], none["729"]) == ("AO", "0", "2", "0")
    assert len(desk.positions("CLEARING")) == 4
    assert len(desk.positions("CLEARING", "453=1|448=BETA|452=1|")) == 2
    assert len(desk.positions("CLEARING", "55=AAPL|1=ACC|")) == 2


def test_positions_are_those_of_the_trading_day(desk: Office) -> None:
    desk.trade(1, "100.00")
    desk.floor.clock.now += DAY
    desk.trade(1, "102.00")
    day = desk.floor.venue.day.date_of(desk.floor.clock.now)
    [_, (_, position)] = desk.positions("TRADER1", f"715={day}|")
    assert (position["715"], position["734"], position["730"]) == (day, "100", "102")
    [(_, refused)] = desk.positions("TRADER1", "715=20200101|")
    assert (refused["728"], refused["729"]) == ("99", "2")
    assert f"ClearingBusinessDate(715) 20200101 is not {day}" in refused["58"]


def test_who_subscribes_to_positions_hears_of_each_change_once(desk: Office) -> None:
    assert values(desk.positions("DROP", "263=1|"), "35", "728") == [("AO", "2")]
    desk.trade()
    [(to, first)] = desk.all()
    assert (to, first["710"], first["325"], first["704"]) == ("DROP", "P", "Y", "5")
    assert "727" not in first
    desk.floor.sockets.behind.add(desk.floor.sessions["DROP"].name)
    desk.trade(7)
    assert desk.all() == [] and desk.tick() == []
    assert desk.back_office.owing and not desk.back_office.busy
    desk.floor.sockets.behind.clear()
    [(_, last)] = desk.tick()
    assert last["704"] == "40"
    assert desk.positions("DROP", "263=2|") == []
    desk.trade()
    assert desk.all() == [] and not desk.back_office.owing


def test_a_change_while_the_answer_is_under_way_is_told_once(desk: Office) -> None:
    for number in range(3 * AT_ONCE):
        desk.trade(1, more=f"1=A{number}|")
    told = desk.positions("TRADER1", "263=1|")
    assert len(told) == AT_ONCE
    desk.trade(1, more="1=A0|")  # told already
    desk.trade(1, more=f"1=A{3 * AT_ONCE - 1}|")  # yet to be told
    told += desk.all()
    assert [fields["325"] for _, fields in told] == ["N"] * (3 * AT_ONCE + 1) + ["Y"]
    assert told[-1][1]["1"] == "A0"
    by_account = {fields["1"]: fields["704"] for _, fields in told[1:]}
    assert by_account[f"A{3 * AT_ONCE - 1}"] == by_account["A0"] == "10"


def test_who_asks_once_is_not_told_of_changes(desk: Office) -> None:
    for number in range(2 * AT_ONCE):
        desk.trade(1, more=f"1=A{number}|")
    told = desk.positions("TRADER1")
    desk.trade(1, more="1=A0|")
    told += desk.all()
    assert [fields["325"] for _, fields in told] == ["N"] * (2 * AT_ONCE + 1)


def test_a_firm_s_trades(desk: Office) -> None:
    desk.trade(3)
    told = desk.trades("TRADER2")
    assert values(told, "35", "749", "750", "748") == [
        ("AQ", "0", "0", None),
        *[("AE", None, None, None)] * 3,
        ("AQ", "0", "1", "3"),
    ]
    reports = [fields for _, fields in told[1:-1]]
    assert [each["571"] for each in reports] == ["1", "2", "3"]
    assert [each["912"] for each in reports] == ["N", "N", "Y"]
    for each in reports:
        assert (each["552"], each["54"], each["448"]) == ("1", "1", "ALPHA")
        assert (each["32"], each["31"], each["487"], each["150"]) == ("5", "100", "0", "F")
    both = desk.trades("CLEARING")[1][1]
    assert (both["552"], both.get("17")) == ("2", None)


def test_trades_by_what_they_are(desk: Office) -> None:
    desk.trade(1)
    desk.trade(1, more="1=ACC|")
    order_id = desk.floor.venue.trades.remembered[2].first.order_id
    for fields, ids in (
        ("55=AAPL|", ["1", "2"]),
        ("54=1|", ["1", "2"]),
        ("54=2|", []),
        ("453=1|448=ACC|452=24|", ["2"]),
        ("453=1|448=[N/A]|452=24|", ["1"]),
        ("880=2|", ["2"]),
        ("37=1|", ["1"]),
        ("11=B2|", ["2"]),
        ("17=4|", ["1"]),
        (f"453=1|448=ALPHA|452=1|11=S{order_id}|", []),
    ):
        told = desk.trades("TRADER1", fields)
        assert [each["571"] for _, each in told[1:-1]] == ids, fields
        assert told[-1][1]["748"] == str(len(ids))
    assert len(desk.trades("CLEARING", "54=2|453=1|448=BETA|452=1|")) == 4


def test_who_has_market_data_alone_hears_of_all_trades_and_of_nobody(desk: Office) -> None:
    desk.trade(1, more="1=ACC|")
    desk.floor.turn(("MD", LOGON))
    told = desk.trades("MD", "55=AAPL|263=1|")
    assert values(told, "35", "750", "748") == [
        ("AQ", "0", None),
        ("AE", None, None),
        ("AQ", "1", "1"),
    ]
    desk.trade(1, "101.00")
    desk.floor.exchange.begin([c.BustTrade(1)])
    reports = [fields for _, fields in told + desk.all() if fields["35"] == "AE"]
    assert [(each["571"], each["31"], each["487"]) for each in reports] == [
        *[("1", "100", "0"), ("2", "101", "0"), ("1-1", "100", "1")],
    ]
    for each in reports:
        # The one who sold was the second.
        assert (each["552"], each["54"], each["37"], each["58"]) == ("2", "2", "NONE", "aggressor")
        assert not each.keys() & {"1", "11", "17", "12", "136", "448", "453", "1427"}
    [(_, refused)] = desk.trades("MD", "11=B1|", "OTHER")
    assert (refused["749"], refused["750"]) == ("9", "2")
    later = desk.trades("MD", "580=1|60=20300101-00:00:00|", "LATER")
    assert values(later, "35", "748") == [("AQ", None), ("AQ", "0")]


def test_trades_by_day_and_time(desk: Office) -> None:
    days = []
    for _ in range(3):
        days.append(desk.floor.venue.day.date_of(desk.floor.clock.now))
        desk.trade()
        desk.floor.clock.now += DAY
    noon = f"{days[1]}-12:00:00"
    for fields, ids in (
        (f"580=1|75={days[1]}|", ["2"]),
        (f"580=2|75={days[0]}|75={days[1]}|", ["1", "2"]),
        (f"580=1|60={noon}|", ["2", "3"]),
        (f"580=2|60={days[0]}-00:00:00|60={noon}|", ["1", "2"]),
        (f"580=1|60={days[1]}-12:00:00.001|", ["3"]),
        ("580=1|75=20200101|", []),
    ):
        told = desk.trades("TRADER1", fields)
        assert [each["571"] for _, each in told[1:-1]] == ids, fields


def test_who_subscribes_to_trades_hears_of_each(desk: Office) -> None:
    desk.trade()
    told = desk.trades("DROP", "263=1|")
    assert values(told, "35", "750") == [("AQ", "0"), ("AE", None), ("AQ", "1")]
    desk.trade(2)
    told = desk.all()
    assert values(told, "571", "325", "912") == [("2", "Y", None), ("3", "Y", None)]
    desk.floor.sockets.behind.add(desk.floor.sessions["DROP"].name)
    desk.trade(2 * AT_ONCE)
    assert desk.tick() == []
    desk.floor.sockets.behind.clear()
    assert [fields["571"] for _, fields in desk.tick()] == [str(4 + n) for n in range(AT_ONCE)]
    assert len(desk.all()) == AT_ONCE
    assert desk.trades("DROP", "263=2|") == []
    desk.trade()
    assert desk.all() == []


def test_busts_and_corrections_are_told(desk: Office) -> None:
    desk.trade(3)
    desk.trades("DROP", "263=1|")
    desk.trades("DROP", "263=1|55=AAPL|54=2|", "NOTHING")
    desk.positions("DROP", "263=1|")
    desk.floor.exchange.begin([c.CorrectTrade(2, 4, 10100)])
    told = desk.all()
    assert values(told, "35", "571", "572", "487", "32", "31", "704") == [
        ("AE", "2-1", "2", "2", "4", "101", None),
        ("AP", None, None, None, None, None, "14"),
    ]
    desk.floor.exchange.begin([c.BustTrade(2)])
    told = desk.all()
    assert values(told, "35", "571", "572", "487", "856", "150", "32", "704") == [
        ("AE", "2-2", "2-1", "1", "6", "H", "0", None),
        ("AP", None, None, None, None, None, None, "10"),
    ]
    again = desk.trades("TRADER1")
    assert [each["571"] for _, each in again[1:-1]] == ["1", "2-2", "3"]


def test_a_long_answer_comes_in_pieces_between_which_others_are_served(desk: Office) -> None:
    desk.trade(3 * AT_ONCE)
    told = desk.trades("TRADER1")
    assert len(told) == AT_ONCE - 1  # one step has only looked
    assert desk.back_office.busy
    other = desk.positions("TRADER3")
    assert [fields["35"] for to, fields in other if to == "TRADER3"] == ["AO", "AP"]
    told += [each for each in other if each[0] == "TRADER1"] + desk.all()
    assert [fields["571"] for _, fields in told if fields["35"] == "AE"] == [
        str(1 + number) for number in range(3 * AT_ONCE)
    ]
    assert not desk.back_office.busy and not desk.back_office.owing


def test_to_find_little_in_many_takes_turns_too(desk: Office) -> None:
    desk.trade(2 * LOOKED_AT)
    told = desk.trades("TRADER1", f"880={2 * LOOKED_AT}|")
    assert [fields["571"] for _, fields in told if fields["35"] == "AE"] == [str(2 * LOOKED_AT)]
    assert told[-1][1]["748"] == "1"


def test_trades_that_are_forgotten_are_not_skipped_in_silence(desk: Office) -> None:
    desk.floor.exchange.begin([c.DefineAccounting(CostMethod.AVERAGE, 30)])
    desk.trade(40)
    told = desk.trades("DROP", "263=1|") + desk.all()
    assert [fields["571"] for _, fields in told[1:-1]] == [str(11 + n) for n in range(30)]
    desk.floor.sockets.behind.add(desk.floor.sessions["DROP"].name)
    desk.trade(31)
    desk.floor.sockets.behind.clear()
    [(_, ended)] = desk.tick() + desk.all()
    assert (ended["35"], ended["749"], ended["750"]) == ("AQ", "99", "2")
    assert ended["58"] == "trades 41 to 41 are forgotten, and were not sent yet"
    desk.trade()
    assert desk.all() == []


def test_an_answer_goes_on_where_the_oldest_is_forgotten(desk: Office) -> None:
    desk.floor.exchange.begin([c.DefineAccounting(CostMethod.AVERAGE, 2 * AT_ONCE)])
    desk.trade(2 * AT_ONCE)
    desk.floor.sockets.behind.add(desk.floor.sessions["DROP"].name)
    assert desk.trades("DROP") == []
    desk.trade(5)
    desk.floor.sockets.behind.clear()
    told = desk.tick() + desk.all()
    assert told[-1][1]["748"] == str(2 * AT_ONCE)


def test_ids_in_use_and_ends_of_what_is_not(desk: Office) -> None:
    desk.positions("TRADER1", "263=1|")
    [(_, refused)] = desk.positions("TRADER1")
    assert (refused["35"], refused["728"], refused["58"]) == (
        "AO",
        "99",
        "PosReqID(710) P is in use",
    )
    # ids of trades are ids of their own
    assert len(desk.trades("TRADER1", "263=1|", "P")) == 2
    [(_, refused)] = desk.trades("TRADER1", "", "P")
    assert (refused["749"], refused["58"]) == ("99", "TradeRequestID(568) P is in use")
    assert desk.positions("TRADER2", "263=1|", "P") != []
    for ask, id_name in ((desk.positions, "PosReqID(710)"), (desk.trades, "TradeRequestID(568)")):
        [(_, unknown)] = ask("TRADER1", "263=2|", "Z")
        assert (unknown["35"], unknown["380"], unknown["379"]) == ("j", "1", "Z")
        assert unknown["58"] == f"{id_name} Z is no subscription of this session"
    assert desk.positions("TRADER1", "", "ONCE") != []
    assert desk.positions("TRADER1", "", "ONCE") != [], "an answer that is over leaves its id free"


def test_a_desk_asks_for_its_own_firm_s(desk: Office) -> None:
    desk.floor.turn(("BROKER", LOGON))
    desk.trade()
    own_firm = desk.positions("BROKER", "263=1|")
    assert [(each["448"], each.get("57")) for _, each in own_firm] == [("ALPHA", None)] * 2
    desks = desk.positions("BROKER", "50=SUB|263=1|") + desk.trades("BROKER", "50=SUB|")
    assert [each["448"] for _, each in desks if "448" in each] == ["BETA"] * 3
    assert {each["57"] for _, each in desks} == {"SUB"}
    assert desk.positions("BROKER", "50=SUB|263=2|") == []
    desk.trade()
    assert values(desk.all(), "35", "448", "57") == [("AP", "ALPHA", None)]
    [(_, unknown)] = desk.positions("BROKER", "50=OTHER|")
    assert (unknown["35"], unknown["380"]) == ("j", "6")


def test_a_session_may_have_so_many_requests(desk: Office) -> None:
    for number in range(MAX_STREAMS):
        assert desk.positions("TRADER1", "263=1|", f"P{number}") != []
    [(_, refused)] = desk.trades("TRADER1")
    assert refused["749"] == "99" and f"one more than {MAX_STREAMS}" in refused["58"]
    assert len(desk.trades("TRADER2")) == 2


def test_a_request_ends_with_its_connection(desk: Office) -> None:
    desk.positions("DROP", "263=1|")
    desk.trades("DROP", "263=1|")
    desk.floor.turn(("DROP", Presence.LOSS))
    desk.trade()
    desk.floor.turn(("DROP", LOGON))
    desk.trade()
    assert desk.all() == []
    assert desk.positions("DROP", "263=1|") != []


def test_nothing_is_told_that_is_not_in_the_journal(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.positions("DROP", "263=1|")
    desk.trades("DROP", "263=1|")

    def fail(body: bytes) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(desk.floor.journal, "append", fail)
    with pytest.raises(JournalError):
        trade(desk.floor)
    assert desk.floor.told() == []


def test_a_defect_ends_the_answer_it_is_in(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.trade()

    def fail(*_: object) -> str:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr("venue.gateway.back_office.trades.encode_trade", fail)
        assert values(desk.trades("TRADER1", "263=1|"), "35") == [("AQ",)]
    assert len(desk.positions("TRADER1")) == 2
    assert len(desk.trades("TRADER1", "263=1|")) == 3


def test_nothing_of_it_is_in_the_journal(desk: Office) -> None:
    desk.trade()
    before = len(desk.floor.batches())
    desk.positions("TRADER1", "263=1|")
    desk.trades("TRADER1", "263=1|")
    batches = desk.floor.batches()[before:]
    assert [commands for _, commands in batches] == [[], []], "only that something was received"


@pytest.mark.parametrize("seed", range(3))
def test_positions_are_what_the_trades_add_up_to(desk: Office, seed: int) -> None:
    """Whoever traded what, and whatever was busted and corrected; over all it is nothing."""
    chance = random.Random(seed)
    desk.trades("CLEARING", "263=1|")
    desk.positions("CLEARING", "263=1|")
    told: Told = []
    for _ in range(40):
        accounts = [chance.choice(("", "1=A|", "1=B|")) for _ in range(2)]
        desk.trade(1, f"{chance.randint(98, 102)}.00", chance.choice(accounts))
        remembered = desk.floor.venue.trades.remembered
        trade_id = chance.choice(list(remembered))
        if remembered[trade_id].qty and chance.random() < 0.3:
            change = c.CorrectTrade(trade_id, chance.randint(1, 5), chance.randint(9800, 10200))
            busts = chance.random() < 0.5
            desk.floor.exchange.begin([c.BustTrade(trade_id) if busts else change])
        told += desk.all()
    trades = {fields["880"]: fields for _, fields in told if fields["35"] == "AE"}
    latest = {
        (each["448"], each["1"]): each["704"] + "-" + each["705"]
        for _, each in told
        if each["35"] == "AP"
    }
    again = [fields for _, fields in desk.trades("CLEARING", "", "AGAIN") + desk.all()]
    assert {each["880"]: each["571"] for each in again if each["35"] == "AE"} == {
        trade_id: fields["571"] for trade_id, fields in trades.items()
    }
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for side, sign, firm in (("1", 1, "ALPHA"), ("2", -1, "BETA")):
        asked = f"54={side}|453=1|448={firm}|452=1|"
        answer = desk.trades("CLEARING", asked, f"OF{side}") + desk.all()
        for _, fields in answer:
            if fields["35"] == "AE":
                account = (firm, fields.get("1", "[N/A]"))
                sums[account] += sign * int(fields["32"])
    held = {}
    for _, each in desk.positions("CLEARING", "", "HELD"):
        if each["35"] == "AP":
            account = each["448"], each["1"]
            held[account] = int(each["704"]) - int(each["705"])
            assert latest[account] == each["704"] + "-" + each["705"], "the last update said so"
    assert held == sums
    assert sum(held.values()) == 0
