"""Desks in a turn: their requests and answers go over their session, and its end is theirs."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_exchange import CANCELING, LOGON, ROLES, Clock, Floor
from venue.config import SessionConfig
from venue.configuration.firms import DeskConfig
from venue.core import commands as c
from venue.core.types import ExecRestatementReason
from venue.fix.versions import FIX44
from venue.gateway.sessions import Presence, Session
from venue.journal.sqlite import SqliteJournal

DESKS = (DeskConfig(sender_sub_id="S1", firm="BETA"), DeskConfig(on_behalf_of="C1"))
BROKER, S1, C1 = "FIX.4.4:BROKER", "FIX.4.4:BROKER/S1", "FIX.4.4:BROKER//C1"


class BrokersFloor(Floor):
    """Besides a broker with two desks there are a colleague of each firm."""

    def make_sessions(self) -> dict[str, Session]:
        configured = [
            SessionConfig("BROKER", "ALPHA", ROLES, desks=DESKS),
            SessionConfig("ALPHA1", "ALPHA", ROLES),
            SessionConfig("BETA1", "BETA", ROLES),
        ]
        return {each.comp_id: Session(each, FIX44) for each in configured}

    def sent_by(self, header: str, cl_ord_id: str, price: str = "99.00") -> str:
        text = self.order(cl_ord_id, price=price)
        return text.replace("\x0149=X\x01", f"\x0149=X\x01{header}")

    def commands(self) -> list[object]:
        return [command for _, commands in self.batches() for command in commands]


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokersFloor]:
    clock = Clock()
    monkeypatch.setattr("time.time_ns", clock.time_ns)
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        floor = BrokersFloor(journal, clock)
        floor.exchange.begin([c.DefineInstrument(aapl())])
        yield floor


SUB, CLIENT = "50=S1\x01", "115=C1\x01"


def test_each_is_told_what_is_its_own(floor: BrokersFloor) -> None:
    told = floor.turn(
        *(("BROKER", CANCELING), ("BROKER", floor.sent_by("", "X"))),
        *(("BROKER", floor.sent_by(SUB, "X")), ("BROKER", floor.sent_by(CLIENT, "X"))),
    )
    found = [(who, said["150"], said.get("57"), said.get("128")) for who, said in told]
    assert found == [
        ("BROKER", "0", None, None),
        ("BROKER", "0", "S1", None),
        ("BROKER", "0", None, "C1"),
    ]
    orders = [each for each in floor.commands() if isinstance(each, c.NewOrder)]
    assert [(each.session, each.firm) for each in orders] == [
        (BROKER, "ALPHA"),
        (S1, "BETA"),
        (C1, "ALPHA"),
    ]


def test_nobody_has_no_desk(floor: BrokersFloor) -> None:
    floor.turn(("BROKER", LOGON))
    [(who, said)] = floor.turn(("BROKER", floor.sent_by("50=S9\x01115=C1\x01", "X")))
    assert (who, said["35"], said["380"]) == ("BROKER", "j", "6")
    assert (said["57"], said["128"]) == ("S9", "C1")
    assert not [each for each in floor.commands() if isinstance(each, c.NewOrder)]


def test_the_end_of_a_connection_is_that_of_all_its_desks(floor: BrokersFloor) -> None:
    """Of each desk's orders a colleague of its firm hears, and nobody of another firm."""
    floor.turn(("BROKER", CANCELING), ("ALPHA1", LOGON), ("BETA1", LOGON))
    floor.turn(("BROKER", floor.sent_by(SUB, "BETAS")), ("BROKER", floor.sent_by(CLIENT, "ALPHAS")))
    told = floor.turn(("BROKER", Presence.LOSS))
    assert sorted((who, said["11"], said.get("57")) for who, said in told) == [
        ("ALPHA1", "ALPHAS", None),
        ("BETA1", "BETAS", None),
    ]
    reason = ExecRestatementReason.CONNECTION_LOSS
    assert [each for each in floor.commands() if isinstance(each, c.SessionDisconnected)] == [
        c.SessionDisconnected(BROKER, reason, ("FIX.4.4:ALPHA1",)),
        c.SessionDisconnected(S1, reason, ("FIX.4.4:BETA1",)),
        c.SessionDisconnected(C1, reason, ("FIX.4.4:ALPHA1",)),
    ]
    told = floor.turn(("BROKER", LOGON))
    assert sorted((said["11"], said.get("57"), said.get("128")) for _, said in told) == [
        ("ALPHAS", None, "C1"),
        ("BETAS", "S1", None),
    ]


def test_a_desk_hears_of_a_colleagues_orders(floor: BrokersFloor) -> None:
    floor.turn(("BROKER", LOGON), ("BETA1", CANCELING), ("BETA1", floor.order("THEIRS")))
    told = floor.turn(("BETA1", Presence.LOGOUT))
    assert [(who, said["11"], said.get("57")) for who, said in told] == [("BROKER", "THEIRS", "S1")]
