"""Who is answered and told the news, when, and that none of it is in the journal."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_exchange import LOGON, Clock, Floor
from venue.config import Role, SessionConfig
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.fix.versions import FIX42, FIX44
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import decode_batch
from venue.journal.sqlite import SqliteJournal

TOLD = ("35", "320", "324", "335", "560", "55", "336", "326", "340", "325", "380", "9203")


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    clock = Clock()
    monkeypatch.setattr("time.time_ns", clock.time_ns)
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        floor = Floor(journal, clock)
        floor.exchange.begin([c.DefineInstrument(aapl(), configured=True)])
        operator = Session(SessionConfig("OPERATOR", "VENUE", (Role.OPERATOR,)), FIX44)
        operator.link = floor.sessions["TRADER1"].link.__class__(1, 1)
        old = Session(SessionConfig("OLD", "BETA", (Role.MARKET_DATA,)), FIX42)
        old.link = floor.sessions["TRADER1"].link.__class__(1, 1)
        floor.sessions |= {"OPERATOR": operator, "OLD": old}
        floor.exchange._sessions |= {each.name: each for each in (operator, old)}
        floor.turn(*((each, LOGON) for each in ("TRADER1", "TRADER3", "OPERATOR", "OLD")))
        yield floor


def ask(msg_type: str, fields: str) -> str:
    text = f"8=FIX.4.4|9=0|35={msg_type}|34=2|49=X|56=VENUE|{fields}|10=000|"
    return text.replace("|", "\x01")


def operate(action: str, symbol: str = "AAPL", more: str = "") -> tuple[str, str]:
    return "OPERATOR", ask("U1", f"9201=U|9202={action}|55={symbol}{more}")


def say(floor: Floor, *inbox: tuple[str, str]) -> list[str]:
    """What is sent, to whom: `TRADER1 35=f 324=R ...`."""
    return [
        " ".join([to, *(f"{tag}={fields[tag]}" for tag in TOLD if tag in fields)])
        for to, fields in floor.turn(*inbox)
    ]


STATUS = ask("e", "324=R|55=AAPL|263=1")
LIST = ask("x", "320=R|559=4|263=1")
SESSIONS = ask("g", "335=R|263=1")
OF_AAPL = "35=f 324=R 55=AAPL"


def test_a_status_and_its_news(floor: Floor) -> None:
    assert say(floor, ("TRADER1", STATUS)) == [f"TRADER1 {OF_AAPL} 336=MAIN 326=17 325=N"]
    told = say(floor, operate("halt"))
    assert told == [
        "OPERATOR 35=U2 55=AAPL 9203=0",
        f"TRADER1 {OF_AAPL} 336=MAIN 326=2 325=Y",
    ]
    told = say(floor, operate("resume"), operate("halt"), operate("resume", more="|9204=60"))
    assert [each for each in told if "U2" not in each] == [
        f"TRADER1 {OF_AAPL} 336=MAIN 326=17 325=Y",
        f"TRADER1 {OF_AAPL} 336=MAIN 326=2 325=Y",
        f"TRADER1 {OF_AAPL} 336=MAIN 326=5 325=Y",
    ]
    floor.clock.now += 60_000_000_000
    assert say(floor) == [f"TRADER1 {OF_AAPL} 336=MAIN 326=17 325=Y"]


def test_a_snapshot_alone_has_no_news(floor: Floor) -> None:
    assert len(say(floor, ("TRADER1", ask("e", "324=R|55=AAPL|263=0")))) == 1
    assert say(floor, operate("halt")) == ["OPERATOR 35=U2 55=AAPL 9203=0"]


def test_a_snapshot_of_the_same_id_leaves_a_subscription_as_it_is(floor: Floor) -> None:
    """Of a symbol that is not traded, too, and news of the same batch come as well."""
    say(floor, ("TRADER1", STATUS))
    nothing = ask("e", "324=R|55=NONE|263=0")
    assert say(floor, ("TRADER1", nothing)) == ["TRADER1 35=f 324=R 55=NONE 326=20 325=N"]
    told = say(floor, operate("halt"), ("TRADER1", nothing))
    assert told[1:] == [
        f"TRADER1 {OF_AAPL} 336=MAIN 326=2 325=Y",
        "TRADER1 35=f 324=R 55=NONE 326=20 325=N",
    ]


def test_a_subscription_that_took_over_an_id_in_the_same_batch_stays(floor: Floor) -> None:
    nothing, end = ask("e", "324=R|55=NONE|263=1"), ask("e", "324=R|263=2")
    say(floor, *(("TRADER1", each) for each in (nothing, end, STATUS)))
    assert say(floor, operate("halt"))[1:] == [f"TRADER1 {OF_AAPL} 336=MAIN 326=2 325=Y"]


def test_who_subscribes_in_a_batch_hears_of_its_end_alone(floor: Floor) -> None:
    say(floor, ("TRADER3", STATUS))
    told = say(floor, ("TRADER1", STATUS), operate("halt"))
    assert told[1:] == [
        f"TRADER3 {OF_AAPL} 336=MAIN 326=2 325=Y",
        f"TRADER1 {OF_AAPL} 336=MAIN 326=2 325=N",
    ]


def test_the_end_of_a_subscription(floor: Floor) -> None:
    say(floor, ("TRADER1", STATUS))
    end = ask("e", "324=R|263=2")
    assert say(floor, ("TRADER1", end)) == []
    assert say(floor, operate("halt")) == ["OPERATOR 35=U2 55=AAPL 9203=0"]
    assert say(floor, ("TRADER1", end)) == ["TRADER1 35=j 380=1"]


def test_ids_in_use(floor: Floor) -> None:
    for request in (STATUS, LIST, SESSIONS, ask("c", "320=R|321=3|263=1")):
        assert "35=j" not in say(floor, ("TRADER1", request))[0]
        assert say(floor, ("TRADER1", request)) == ["TRADER1 35=j 380=0"]
        assert "35=j" not in say(floor, ("TRADER3", request))[0]


def test_a_session_that_is_gone_hears_nothing_when_it_is_back(floor: Floor) -> None:
    say(floor, ("TRADER1", STATUS), ("TRADER1", LIST), ("TRADER1", SESSIONS))
    say(floor, ("TRADER1", Presence.LOSS))
    say(floor, ("TRADER1", LOGON))
    assert say(floor, operate("halt")) == ["OPERATOR 35=U2 55=AAPL 9203=0"]
    assert len(say(floor, ("TRADER1", STATUS))) == 1


def test_a_session_that_goes_before_its_answer(floor: Floor) -> None:
    assert say(floor, ("TRADER1", STATUS), ("TRADER1", Presence.LOSS)) == []


def test_a_connection_that_is_lost_while_others_are_answered(floor: Floor) -> None:
    """QuickFIX tells of it in the next turn."""
    say(floor, ("TRADER1", STATUS), ("TRADER3", STATUS))
    send = floor.sockets.send

    def loses(answers: dict[Session, list[str]], time: int) -> None:
        send(answers, time)
        floor.sessions["TRADER1"].logged_on = False

    floor.sockets.send = loses  # type: ignore[method-assign]
    assert say(floor, operate("halt"), ("TRADER1", LIST)) == [
        "OPERATOR 35=U2 55=AAPL 9203=0",
        f"TRADER3 {OF_AAPL} 336=MAIN 326=2 325=Y",
    ]


def test_symbols_that_are_none(floor: Floor) -> None:
    unknown = ask("e", "324=R|55=NOPE|263=1")
    for _ in range(2):
        assert say(floor, ("TRADER1", unknown)) == ["TRADER1 35=f 324=R 55=NOPE 326=20 325=N"]
    assert say(floor, ("TRADER1", ask("e", "324=R|263=2"))) == ["TRADER1 35=j 380=1"]


def test_a_delisting_is_told_and_ends_the_subscription(floor: Floor) -> None:
    say(floor, ("TRADER1", STATUS), ("TRADER1", LIST))
    told = say(floor, operate("delist"))
    assert told == [
        "OPERATOR 35=U2 55=AAPL 9203=0",
        "TRADER1 35=f 324=R 55=AAPL 326=19 325=Y",
        "TRADER1 35=y 320=R 560=0 55=AAPL 336=MAIN",
    ]
    assert say(floor, ("TRADER1", STATUS)) == ["TRADER1 35=f 324=R 55=AAPL 326=19 325=N"]
    assert say(floor, ("TRADER1", ask("e", "324=R|263=2"))) == ["TRADER1 35=j 380=1"]
    assert say(floor, ("TRADER1", ask("x", "320=S|559=4"))) == ["TRADER1 35=y 320=S 560=2"]


def test_a_status_asked_for_in_the_batch_that_delists(floor: Floor) -> None:
    told = say(floor, ("TRADER1", STATUS), operate("delist"))
    assert told[1:] == ["TRADER1 35=f 324=R 55=AAPL 326=19 325=N"]
    assert say(floor, ("TRADER1", ask("e", "324=R|263=2"))) == ["TRADER1 35=j 380=1"]


NEW = "|969=0.05|561=1|1150=20|562=1|1140=9|15=USD"


def test_new_and_changed_instruments(floor: Floor) -> None:
    say(floor, ("TRADER1", LIST), ("TRADER3", ask("x", "320=S|559=0|55=NEW|263=1")))
    told = say(floor, operate("define", "NEW", NEW))
    assert told[1:] == [
        "TRADER3 35=y 320=S 560=0 55=NEW 336=MAIN",
        "TRADER1 35=y 320=R 560=0 55=NEW 336=MAIN",
    ]
    [_, change] = floor.turn(operate("define", "AAPL", "|1140=77"))
    assert change[0] == "TRADER1" and " max_qty=77 " in change[1]["58"]
    [_, end] = floor.turn(operate("delist", "AAPL"))
    assert "status=active " in change[1]["58"] and "status=delisted " in end[1]["58"]


def test_lists_of_what_fits(floor: Floor) -> None:
    floor.exchange.begin([c.EnterPhase("XSWX", TradingPhase.CLOSED)])
    say(floor, operate("define", "NEW", f"{NEW}|9206=XSWX|167=CS"))

    def found(fields: str) -> list[str]:
        return say(floor, ("TRADER1", ask("x", f"320=R|{fields}")))

    new = ["TRADER1 35=y 320=R 560=0 55=NEW 336=XSWX"]
    assert found("559=3|336=XSWX") == found("559=1|167=CS") == found("559=0|55=NEW") == new
    assert found("559=3|336=NOPE") == found("559=1|167=FUT") == ["TRADER1 35=y 320=R 560=2"]
    [(_, both)] = floor.turn(("TRADER1", ask("x", "320=R|559=4")))
    assert (both["393"], both["146"], both["893"]) == ("2", "2", "Y")


def test_definitions_of_a_session_that_has_no_lists(floor: Floor) -> None:
    told = say(floor, ("OLD", ask("c", "320=R|321=0|55=AAPL|263=1")))
    assert told == ["OLD 35=d 320=R 55=AAPL 336=MAIN"]
    assert say(floor, operate("define", "AAPL", "|1140=77"))[1:] == told
    assert say(floor, ("OLD", ask("c", "320=S|321=0|55=NOPE"))) == ["OLD 35=d 320=S"]


def test_markets(floor: Floor) -> None:
    floor.exchange.begin([c.EnterPhase("XSWX", TradingPhase.CLOSED)])
    one = ask("g", "335=S|336=XSWX|263=1")
    assert say(floor, ("TRADER1", SESSIONS), ("TRADER3", one)) == [
        "TRADER1 35=h 335=R 336=MAIN 340=2 325=N",
        "TRADER1 35=h 335=R 336=XSWX 340=3 325=N",
        "TRADER3 35=h 335=S 336=XSWX 340=3 325=N",
    ]
    floor.exchange.begin([c.EnterPhase("XSWX", TradingPhase.PRE_OPEN)])
    assert [(to, told["35"], told["340"], told["325"]) for to, told in floor.told()] == [
        ("TRADER3", "h", "4", "Y"),
        ("TRADER1", "h", "4", "Y"),
    ]


def test_a_market_that_is_none(floor: Floor) -> None:
    request = ask("g", "335=R|336=NOPE|263=1")
    assert say(floor, ("TRADER1", request)) == ["TRADER1 35=h 335=R 336=NOPE 340=6 325=N"]
    assert say(floor, ("TRADER1", ask("g", "335=R|263=2"))) == ["TRADER1 35=j 380=1"]
    assert say(floor, ("OLD", request)) == ["OLD 35=j 380=1"]


def test_what_is_journaled_is_the_report_and_not_the_news(floor: Floor) -> None:
    say(floor, ("TRADER1", STATUS))
    say(floor, operate("halt"))
    batches = [decode_batch(text, seq) for seq, text in floor.journal.read()]
    assert batches[-1].commands[1:] == [c.HaltInstrument("AAPL")]
    sent = [text for batch in batches for each in batch.sent for text in each.texts]
    assert [text for text in sent if "\x0135=f\x01" in text] == []
    [report] = [text for text in sent if "\x0135=U2\x01" in text]
    assert "\x0158=AAPL is halted\x01" in report


def statistics(floor: Floor, *inbox: tuple[str, str]) -> dict[str, str]:
    """The words of the only SecurityStatus that is sent."""
    [text] = [fields["58"] for _, fields in floor.turn(*inbox) if fields["35"] == "f"]
    phase, _, words = text.partition(" ")
    assert phase == "continuous"
    return dict(word.split("=") for word in words.split())


def test_an_answer_tells_the_statistics_and_the_news_do_not(floor: Floor) -> None:
    nothing = {"trades": "0", "volume": "0", "auction_volume": "0", "turnover": "0"}
    assert statistics(floor, ("TRADER1", STATUS)) == nothing
    for number, price in enumerate(("101.50", "100.50")):
        rest = floor.order(f"A{number}", "2", price)
        floor.turn(("TRADER1", rest), ("TRADER3", floor.order(f"B{number}", "1", price)))
        floor.clock.now += 1_000_000_000
    prices = {"open": "101.5", "high": "101.5", "low": "100.5", "last": "100.5"}
    prices |= {"vwap": "101", "twap": "101"}
    once = ask("e", "324=ONCE|55=AAPL|263=0")
    told = statistics(floor, ("TRADER3", once))
    some = {"trades": "2", "volume": "10", "auction_volume": "0", "turnover": "1010"}
    assert told == some | prices
    [text] = [fields["58"] for _, fields in floor.turn(operate("halt")) if fields["35"] == "f"]
    assert text == "halt"
    old = [fields for _, fields in floor.turn(("OLD", once)) if fields["35"] == "f"]
    assert "58" not in old[0], "FIX.4.2 has no such field"


def test_sessions_are_told_of_and_not_kept(floor: Floor) -> None:
    told = floor.turn(("OPERATOR", ask("U1", "9201=U|9202=sessions")))
    [(to, fields)] = told
    assert (to, fields["35"], fields["9203"]) == ("OPERATOR", "U2", "0")
    comp_ids = fields["9241"].split()
    assert comp_ids == [each.comp_id for each in floor.exchange._sessions.values()]
    for tag in range(9242, 9249):
        assert len(fields[str(tag)].split()) == len(comp_ids)
    roles = dict(zip(comp_ids, fields["9244"].split(), strict=True))
    assert roles["TRADER1"] == "order_entry,market_data"
    assert_nothing_is_kept(floor)


def assert_nothing_is_kept(floor: Floor) -> None:
    """Of a question how things stand; while a request that is refused is in the audit."""
    batches = [decode_batch(text, seq) for seq, text in floor.journal.read()]
    assert not any(
        isinstance(each, c.RecordOperation) for batch in batches for each in batch.commands
    )
    assert [text for batch in batches for sent in batch.sent for text in sent.texts] == []
    floor.turn(("OPERATOR", ask("U1", "9201=W|9202=sessions|58=why")))
    [*_, (seq, text)] = floor.journal.read()
    [*_, audited] = decode_batch(text, seq).commands
    assert isinstance(audited, c.RecordOperation)
    assert (audited.action, audited.accepted) == ("sessions", False)


def test_firms_are_told_of_and_not_kept(floor: Floor) -> None:
    [(to, fields)] = floor.turn(("OPERATOR", ask("U1", "9201=U|9202=firms")))
    assert (to, fields["35"], fields["9203"]) == ("OPERATOR", "U2", "0")
    firms = ["ALPHA", "BETA"]
    assert [fields[tag].split() for tag in ("9251", "9252", "9253")] == [
        *(firms, ["trading"] * 2, ["()"] * 2)
    ]
    assert_nothing_is_kept(floor)


def test_no_limits_are_told_of_and_not_kept(floor: Floor) -> None:
    [(_, fields)] = floor.turn(("OPERATOR", ask("U1", "9201=U|9202=limits")))
    assert (fields["35"], fields["9203"], fields["58"]) == ("U2", "0", "limits of 0 scopes")
    assert "9261" not in fields
    assert_nothing_is_kept(floor)


def test_a_refused_request_changes_nothing(floor: Floor) -> None:
    before = floor.venue.state_hash()
    assert say(floor, operate("resume")) == ["OPERATOR 35=U2 55=AAPL 9203=1"]
    assert say(floor, ("TRADER1", operate("halt")[1])) == ["TRADER1 35=j 380=6"]
    assert floor.venue.state_hash() == before


def test_a_defect_ends_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    say(floor, ("TRADER1", STATUS))

    def fails(*_: object) -> str:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr("venue.gateway.notices.encode_security_status", fails)
        assert say(floor, operate("halt")) == ["OPERATOR 35=U2 55=AAPL 9203=0"]
    assert len(say(floor, operate("resume"))) == 2
