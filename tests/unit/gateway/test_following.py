"""A turn of the market data process without sockets."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.journal_tools.made import SECOND, START, Writer, new, trading
from venue.config import Role, SessionConfig, ThrottleConfig
from venue.core import commands as c
from venue.fix.message import parse_fields
from venue.fix.versions import FIX44
from venue.gateway import following as module
from venue.gateway.desk import Elsewhere
from venue.gateway.following import Following
from venue.gateway.sessions import Presence, Session
from venue.gateway.throttle import Throttle
from venue.journal.follower import Follower
from venue.journal.recovery import recover
from venue.marketdata.entries import Publication
from venue.marketdata.requests import Subscribe

BATCHES = list(trading(30))


class Clock:
    """The machine's clocks, which are set by the test."""

    def __init__(self) -> None:
        self.now = START

    def time_ns(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1e9


class Sockets:
    """Keeps what sessions are sent."""

    def __init__(self) -> None:
        self.behind: set[str] = set()
        self.published: list[Publication] = []
        self.told: list[dict[str, str]] = []

    def publish(self, publication: Publication, *_: Any) -> None:
        self.published.append(publication)

    def inform(self, session: Session, text: str) -> None:
        self.told.append(parse_fields(text))


class Post:
    """A market data process beside a venue that has begun its journal."""

    def __init__(self, data: Path, clock: Clock, writer: Writer) -> None:
        self.clock, self.writer = clock, writer
        self.write(1)
        self.follower = Follower(data)
        self.venue, _, _ = recover(data, self.follower, 1)
        self.sockets = Sockets()
        self.session = Session(SessionConfig("MD1", "DATA", (Role.MARKET_DATA,)), FIX44)
        self.session.logged_on = True
        self.dismissed: list[str] = []
        sockets: Any = self.sockets
        self.following = Following(self.venue, self.follower, [self.session], sockets, self.dismiss)
        self.number = 1

    def dismiss(self, session: Session, text: str) -> None:
        self.dismissed.append(text)
        session.dismissed = 1.0

    def write(self, batches: int) -> None:
        for _ in range(batches):
            self.writer.write(*BATCHES[self.writer.journal.seq])
        self.writer.journal.flush()
        self.clock.now = self.writer.time

    def say(self, msg_type: str, *fields: tuple[int, object]) -> None:
        self.number += 1
        all_fields = [(8, "FIX.4.4"), (9, 0), (35, msg_type), (34, self.number), *fields, (10, 0)]
        text = "".join(f"{tag}={value}\x01" for tag, value in all_fields)
        self.following.turn([(self.session, text)])

    def subscribe(self, md_req_id: str = "R1") -> None:
        terms = [(262, md_req_id), (263, 1), (264, 0), (265, 1), (267, 3)]
        self.say("V", *terms, (269, 0), (269, 1), (269, 2), (146, 1), (55, "AAPL"))


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    with closing(Writer(tmp_path)) as writer:
        post = Post(tmp_path, clock, writer)
        with closing(post.follower):
            yield post


def test_batches_that_come_together_are_one_increment(post: Post) -> None:
    post.subscribe()
    assert [each.snapshot for each in post.sockets.published] == [True]
    post.write(5)
    post.following.tick()
    [_, increment] = post.sockets.published
    assert not increment.snapshot and increment.entries
    assert post.venue.state_hash() == post.writer.hashes[6]
    post.following.tick()
    assert len(post.sockets.published) == 2


def test_a_session_that_went_is_told_nothing(post: Post) -> None:
    post.subscribe()
    post.following.turn([(post.session, Presence.LOSS)])
    post.write(5)
    post.following.tick()
    assert len(post.sockets.published) == 1
    post.subscribe()
    assert len(post.sockets.published) == 2


def test_it_looks_more_rarely_while_nothing_comes(post: Post) -> None:
    post.write(1)
    post.following.tick()
    assert post.following.patience() == pytest.approx(module.LEAST_SECONDS, rel=0.01)
    post.clock.now += SECOND // 5
    post.following.tick()
    assert post.following.patience() == pytest.approx(0.002, rel=0.01)
    post.clock.now += 100 * SECOND
    assert post.following.patience() < 0
    post.following.tick()
    assert post.following.patience() == pytest.approx(module.MOST_SECONDS, rel=0.01)
    post.write(1)
    post.following.tick()
    assert post.following.patience() == pytest.approx(module.LEAST_SECONDS, rel=0.01)


def test_it_says_when_it_is_behind(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.write(3)
    post.clock.now += 3 * SECOND
    post.following.tick()
    post.write(2)
    post.clock.now += 2 * SECOND
    post.following.tick()
    assert capsys.readouterr().out.count("behind the venue") == 1
    post.write(1)
    post.following.tick()
    assert "up to date with the venue" in capsys.readouterr().out


def test_no_orders_and_no_commands(post: Post) -> None:
    post.say("D", (11, "A"), (55, "AAPL"))
    post.say("U1", (9201, "A"), (9202, "halt"), (55, "AAPL"))
    for told in post.sockets.told:
        assert (told["35"], told["380"], told["58"]) == ("j", "6", module.NO_ORDERS)
    assert len(post.sockets.told) == 2
    post.say("V", (262, "R"), (263, 2))
    assert post.sockets.told[-1]["379"] == "R"
    post.say("V", (262, "R"), (263, 1), (264, -1))
    assert (post.sockets.told[-1]["35"], post.sockets.told[-1]["281"]) == ("Y", "5")
    post.say("j", (45, 1))
    assert len(post.sockets.told) == 4


def test_trades_of_nobody(post: Post) -> None:
    post.write(20)
    post.say("AD", (568, "T"), (569, 1), (263, 1), (55, "AAPL"))
    while post.following.patience() == 0:
        post.following.tick()
    traded = post.venue.ids.trade_id
    assert traded > 0
    told = post.sockets.told
    assert [each["35"] for each in told] == ["AQ", *["AE"] * traded, "AQ"]
    assert {each["37"] for each in told[1:-1]} == {"NONE"}
    post.write(5)
    post.following.tick()
    while post.following.patience() == 0:
        post.following.tick()
    later = post.venue.ids.trade_id - traded
    assert later > 0
    assert [each["325"] for each in told[2 + traded :]] == ["Y"] * later
    post.say("AD", (568, "T"), (569, 1))
    assert (told[-1]["35"], told[-1]["749"]) == ("AQ", "99")
    before = len(told)
    post.following.turn([(post.session, Presence.LOSS)])
    post.say("AD", (568, "T"), (569, 1))
    assert told[before]["750"] == "0"
    post.following.turn([(post.session, Presence.LOSS)])
    post.say("AN", (710, "P"), (724, 0), (60, "20260101-00:00:00"))
    assert (told[-1]["35"], told[-1]["729"]) == ("AO", "2")


def test_a_rate(post: Post) -> None:
    post.session.throttle = Throttle.configured(ThrottleConfig(messages=3, breaches=2))
    for number in range(5):
        post.subscribe(f"R{number}")
    assert len(post.sockets.published) == 3
    assert [told["380"] for told in post.sockets.told] == ["0", "0"]
    assert len(post.dismissed) == 1


def test_a_defect_ends_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(module, "parse", broken)
        post.subscribe()
    assert "defect" in capsys.readouterr().out
    post.subscribe()
    assert len(post.sockets.published) == 1


def test_where_there_is_none(post: Post) -> None:
    """What a venue does that has its market data elsewhere."""
    elsewhere = Elsewhere(post.venue, "md:1")
    request: Any = Subscribe
    reason, text = elsewhere.subscribe(post.session, request)
    assert (reason, text) == ("4", "market data is at md:1, not here")
    assert not elsewhere.unsubscribe(post.session, "R")
    post.venue.handle(new("TRADER1", "x", "buy", 5, 9_000))
    elsewhere.note([])
    elsewhere.end_batch(post.clock.now)
    elsewhere.publish(post.clock.now)
    elsewhere.drop_session(post.session)
    assert not post.venue.level_changes()


def test_who_is_disabled_at_the_venue_is_logged_out_here(post: Post) -> None:
    for command, dismissed in (
        (c.AllowSession("MD1", True), 0),
        (c.AllowSession("OTHER", False), 0),
        (c.AllowSession("MD1", False), 1),
        (c.AllowSession("MD1", False), 1),
    ):
        post.writer.write(command)
        post.writer.journal.flush()
        post.following.tick()
        assert post.dismissed == ["the operator has disabled this session"] * dismissed
    assert post.venue.operations.disallowed == {"MD1", "OTHER"}
