"""The log of messages that people read."""

import asyncio
import threading

from venue.web.messages import KEPT_FREQUENT, MessageLog
from venue.web.shapes import FixMessage


def text(msg_type: str, *fields: str) -> str:
    return "\x01".join(["8=FIXT.1.1", "9=50", f"35={msg_type}", "34=1", *fields, "10=123", ""])


def test_message() -> None:
    log = MessageLog()
    log.add("WEB1", "out", text("D", "11=one"))
    (shown,) = log.recent(["WEB1"], 10)
    assert (shown.number, shown.session, shown.direction, shown.msg_type) == (1, "WEB1", "out", "D")
    assert shown.raw == "8=FIXT.1.1|9=50|35=D|34=1|11=one|10=123|"
    assert shown.time.endswith("Z")


def test_last_ones_of_these_sessions_oldest_first() -> None:
    log = MessageLog(kept=3)
    for number in range(5):
        log.add("WEB1", "in", text("8", f"11={number}"))
        log.add("WEB2", "in", text("8", f"11={number}"))
    assert [each.number for each in log.recent(["WEB1"], 10)] == [5, 7, 9]
    assert [each.number for each in log.recent(["WEB1", "WEB2"], 4)] == [7, 8, 9, 10]
    assert log.recent(["WEB3"], 10) == log.recent(["WEB1"], 0) == []


def test_market_data_leaves_room_for_others() -> None:
    log = MessageLog(kept=5)
    log.add("WEBMD", "out", text("V", "262=1"))
    for _ in range(2 * KEPT_FREQUENT):
        log.add("WEBMD", "in", text("X"))
    kept = log.recent(["WEBMD"], 10_000)
    assert [each.msg_type for each in kept] == ["V"] + ["X"] * KEPT_FREQUENT


def test_secrets() -> None:
    log = MessageLog()
    secrets = (
        "554=hunter2",
        "925=hunter2",
        "1402=hunter2",
        "1404=hunter2",
        "95=9",
        "96=hunter2\x0158",
    )
    log.add("WEB1", "out", text("A", "553=alpha", *secrets, "1137=9"))
    raw = log.recent(["WEB1"], 1)[0].raw
    assert "hunter2" not in raw and "alpha" not in raw
    assert "|553=***|554=***|" in raw and raw.endswith("|1137=9|10=123|")


def test_watchers() -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        log = MessageLog()
        heard: list[FixMessage] = []
        unwatch = log.watch(heard.extend)
        others = [
            threading.Thread(target=log.add, args=("WEB1", "in", text("8", f"11={n}")))
            for n in range(20)
        ]
        for other in others:
            other.start()
        for _ in range(100):
            log.add("WEBMD", "in", text("X"))
        async with asyncio.timeout(10):
            while len([each for each in heard if each.msg_type == "8"]) < 20:
                await asyncio.sleep(0.01)
        unwatch()
        log.add("WEB1", "in", text("9"))
        await asyncio.sleep(0.3)
        numbers = [each.number for each in heard]
        assert numbers == sorted(numbers)
        return [each.msg_type for each in heard if each.msg_type != "X"], [
            each.msg_type for each in heard if each.msg_type == "X"
        ]

    usual, frequent = asyncio.run(scenario())
    assert usual == ["8"] * 20
    assert 0 < len(frequent) <= 40


def test_what_many_read_is_made_once() -> None:
    log = MessageLog()
    log.add("WEB1", "in", text("8"))
    (one,), (other,) = log.recent(["WEB1"], 10), log.recent(["WEB1"], 10)
    assert one is other
