"""The tester tested: every way in which a venue can differ from a script is found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.conform.peer import Answer, Peer
from venue.conform.errors import ScriptError
from venue.conform.message import frame
from venue.conform.runner import Outcome, Result, Runner, Venue
from venue.conform.script import Script, parse_script

NEW = "35=8|37=1|17=E1|150=0|39=0|11=<11>|55=AAPL|54=1|38=10|14=0|151=10|6=0|60=20260101-00:00:00"
CANCELED = (
    "35=8|37=1|17=E2|150=4|39=4|11=<11>|55=AAPL|54=1|38=10|14=0|151=0|6=0|60=20260101-00:00:00"
)
SEND = "I8=FIX.4.4|35=D|11=<ID:X>|55=<SYMBOL>|54=1|38=10|40=1|60=<TIME>"
EXPECT = "E8=FIX.4.4|35=8|11=<ID:X>|150=0|38=10|151=10"

SHORT = 1.0
"""Seconds to wait for what does not come; all that has to come first takes far less."""

Play = Callable[..., Result]


def run(venue: Venue, script: Script, version: str = "FIX.4.4", times: int = 1) -> list[Result]:
    runner = Runner(venue)
    try:
        return [runner.run(script, version) for _ in range(times)]
    finally:
        runner.close()


@pytest.fixture
def play() -> Iterator[Play]:
    """Run lines against a venue that answers each message with the next of `answers`."""
    peers: list[Peer] = []

    def result(
        lines: list[str], *answers: list[Answer], version: str = "FIX.4.4", timeout: float = 10.0
    ) -> Result:
        peer = Peer(answers, "FIXT.1.1" if version == "FIX.5.0SP2" else version)
        peers.append(peer)
        script = parse_script("title: T\n\niLOGON\n" + "\n".join(lines), Path("t.fix"))
        return run(Venue(port=peer.port, timeout=timeout), script, version)[0]

    yield result
    for peer in peers:
        peer.close()


def fails(result: Result, line: int, *reasons: str) -> None:
    assert (result.outcome, result.line) == (Outcome.FAILED, line)
    told = "; ".join(result.reasons) + result.got
    for reason in reasons:
        assert reason in told


def test_right(play: Play) -> None:
    result = play([SEND, EXPECT], [NEW])
    assert (result.outcome, result.reasons) == (Outcome.OK, ())


def test_wrong_value(play: Play) -> None:
    result = play([SEND, EXPECT + "|39=1"], [NEW])
    fails(result, 5, "39: expected 1, got 0")
    assert "35=8|" in result.expected and "151=10|39=1|" in result.expected
    assert "37=1|" in result.got


def test_message_that_does_not_come(play: Play) -> None:
    result = play([SEND, EXPECT, EXPECT], [NEW], timeout=SHORT)
    fails(result, 6, f"nothing came within {SHORT:g} s")


def test_message_too_many(play: Play) -> None:
    fails(play([SEND, EXPECT], [NEW, CANCELED]), 5, "expected nothing more", "150=4")


def test_message_too_many_before_the_next(play: Play) -> None:
    lines = [SEND, EXPECT, SEND.replace(":X", ":Y"), EXPECT.replace(":X", ":Y")]
    fails(play(lines, [NEW, CANCELED], [NEW.replace("E1", "E3")]), 7, "got 4")


def test_nothing_expected_and_something_there(play: Play) -> None:
    fails(play([SEND, "eNOTHING"], [NEW]), 5, "expected nothing more", "150=0")


def test_wrong_order(play: Play) -> None:
    lines = [SEND, EXPECT, EXPECT.replace("150=0", "150=4").replace("151=10", "151=0")]
    assert play(lines, [NEW, CANCELED]).outcome is Outcome.OK
    fails(play(lines, [CANCELED, NEW]), 5, "150: expected 0, got 4")


def test_wrong_type(play: Play) -> None:
    fails(play([SEND, EXPECT], ["35=3|45=2"]), 5, "35: expected 8, got 3")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (EXPECT + "|!11", "11: expected none, got "),
        (EXPECT + "|41=<*>", "41: expected 41=<*>, got none"),
        (EXPECT + "|37=<A>|17=<A>", "17: expected 1, got E1"),
        (EXPECT + "|17=<~Q>", "a text with 'Q'"),
        (EXPECT + "|17=<TIME>", "17: expected a UTCTimestamp"),
        (EXPECT.replace("<ID:X>", "<ID:Y>"), "11: expected Y-"),
    ],
)
def test_field_that_is_not_as_it_must_be(play: Play, lines: str, reason: str) -> None:
    fails(play([SEND, lines], [NEW]), 5, reason)


def test_variables(play: Play) -> None:
    lines = [SEND, EXPECT + "|37=<A>|17=<*>|60=<TIME>|17=<~E~1>|6=0.00|!41"]
    cancel = "I8=FIX.4.4|35=F|11=<ID:Y>|37=<A>"
    result = play([*lines, cancel, "E8=FIX.4.4|35=8|11=<ID:Y>|37=<A>"], [NEW], [CANCELED])
    assert result.outcome is Outcome.OK


def test_variable_without_a_value_is_the_script_s_fault(play: Play) -> None:
    with pytest.raises(ScriptError, match=r"t.fix:4: <A> has no value yet"):
        play([SEND + "|1=<A>"])


def test_wrong_checksum(play: Play) -> None:
    right = frame([("8", "FIX.4.4"), ("35", "8"), ("34", "2")])
    wrong = right[:-4] + b"%03d\x01" % ((int(right[-4:-1]) + 1) % 256)
    fails(play([SEND, EXPECT], [wrong]), 5, "CheckSum(10) is not")


def test_wrong_length(play: Play) -> None:
    wrong = frame([("8", "FIX.4.4"), ("9", "12"), ("35", "8"), ("34", "2"), ("58", "text")])
    fails(play([SEND, EXPECT], [wrong]), 5, "BodyLength(9)")


def test_no_fix(play: Play) -> None:
    fails(play([SEND, EXPECT], [b"HTTP/1.1 400 Bad Request\r\n\r\n"]), 5, "no FIX message")


@pytest.mark.parametrize(
    ("header", "reason"),
    [("34=7", "34: expected "), ("49=X", "49: expected VENUE"), ("56=X", "56: expected TRADER1")],
)
def test_header_that_is_wrong(play: Play, header: str, reason: str) -> None:
    fails(play([SEND, EXPECT], [f"{NEW}|{header}"]), 5, reason)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (NEW.replace("151=10", "151=9"), "151: 9 and 14: 0 are not the order's 38: 10"),
        (CANCELED.replace("151=0", "151=10"), "151: an order that has ended (39=4) leaves 0"),
        (NEW.replace("|60=20260101-00:00:00", ""), "60: is missing"),
        (NEW.replace("|37=1", ""), "37: is missing"),
        (NEW.replace("39=0", "39=2").replace("151=10", "151=0"), "14: a filled order has its 38"),
        (NEW.replace("6=0|", "6=5|"), "6: 5 goes with 14: 0"),
    ],
)
def test_report_that_no_order_can_have(play: Play, wrong: str, reason: str) -> None:
    fails(play([SEND, "E8=FIX.4.4|35=8"], [wrong]), 5, reason)


FILL = NEW.replace("150=0", "150=F").replace("39=0", "39=1").replace("E1", "E2")
FILL = FILL.replace("14=0|151=10|6=0", "14=4|151=6|6=5") + "|32=4|31=5"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (FILL.replace("32=4", "32=3"), "14: the fills add up to 3, got 4"),
        (FILL.replace("6=5", "6=5.006"), "6: the fills were at 5 on average, got 5.006"),
        (FILL.replace("54=1", "54=2"), "54: was 1 when the order was new, got 2"),
        (FILL.replace("55=AAPL", "55=MSFT"), "55: was AAPL when the order was new, got MSFT"),
        (CANCELED.replace("14=0", "14=1"), "14: the fills add up to 0, got 1"),
        (FILL.replace("32=4", "32=four"), "are not all numbers"),
    ],
)
def test_report_that_does_not_go_with_those_before(play: Play, wrong: str, reason: str) -> None:
    more = "E8=FIX.4.4|35=8"
    assert play([SEND, EXPECT, more], [NEW, FILL]).outcome is Outcome.OK
    fails(play([SEND, EXPECT, more], [NEW, wrong]), 6, reason)


def test_exec_id_given_twice(play: Play) -> None:
    lines = [SEND, EXPECT, EXPECT]
    fails(play(lines, [NEW, NEW]), 6, "17: E1 was used before")


def test_venue_that_hangs_up(play: Play) -> None:
    fails(play([SEND, EXPECT], ["HANG UP"]), 5, "closed the connection")
    assert play([SEND, "eDISCONNECT"], ["HANG UP"]).outcome is Outcome.OK


def test_venue_that_does_not_hang_up(play: Play) -> None:
    fails(play([SEND, "eDISCONNECT"], [NEW]), 5, "expected the end of the connection")
    fails(play([SEND, "eDISCONNECT"], [], timeout=SHORT), 5, "nothing came")


def test_groups(play: Play) -> None:
    book = "35=W|262=M|55=AAPL|268=2|269=0|270=99|271=5|269=1|270=101|271=6"
    expected = "E8=FIX.4.4|35=W|268=2|269=0|270=99|271=5|269=1|270=101.00"
    assert play([SEND, expected], [book]).outcome is Outcome.OK
    fails(play([SEND, expected], [book.replace("271=5", "271=4")]), 5, "entry 1: 271: expected 5")
    fails(play([SEND, expected], [book.replace("270=101", "270=102")]), 5, "entry 2: 270")
    three = book.replace("268=2", "268=3") + "|269=1|270=102|271=1"
    fails(play([SEND, expected], [three]), 5, "268: expected 2, got 3", "2 entries")


def test_heartbeats_do_not_count(play: Play) -> None:
    result = play([SEND, EXPECT], ["35=0", "35=1|112=THERE", NEW, "35=0"])
    assert result.outcome is Outcome.OK


def test_not_applicable(play: Play) -> None:
    result = play(["i4,LOGON NOBODY", SEND])
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("needs NOBODY",))
    script = parse_script("title: T\nversions: 4.2\niLOGON", Path("t.fix"))
    [result] = run(Venue(port=1), script)
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("not for FIX.4.4",))


def test_nobody_there() -> None:
    script = parse_script("title: T\niLOGON", Path("t.fix"))
    [result] = run(Venue(port=1, timeout=0.1), script)
    fails(result, 2, "no connection to 127.0.0.1:1")


def test_what_is_left_is_cancelled() -> None:
    peer = Peer([[NEW], [CANCELED]])
    script = parse_script(f"title: T\niLOGON\n{SEND}\n{EXPECT}", Path("t.fix"))
    assert run(Venue(port=peer.port), script)[0].outcome is Outcome.OK
    [cancel] = [message for message in peer.received if message.type == "F"]
    [order] = [message for message in peer.received if message.type == "D"]
    assert (cancel.get("41"), cancel.get("37")) == (order.get("11"), "1")
    peer.close()


def test_ids_are_new_in_every_run() -> None:
    peer = Peer([[NEW], [CANCELED], [NEW.replace("E1", "E3")], [CANCELED.replace("E2", "E4")]])
    script = parse_script(f"title: T\niLOGON\n{SEND}\n{EXPECT}", Path("t.fix"))
    results = run(Venue(port=peer.port), script, times=2)
    assert [result.outcome for result in results] == [Outcome.OK] * 2
    first, second = [message.get("11") for message in peer.received if message.type == "D"]
    assert first != second
    peer.close()
