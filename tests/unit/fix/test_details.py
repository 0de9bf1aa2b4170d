"""What reports say of qualifiers, by version: the fields beyond those of a plain order."""

from typing import Any

import pytest

from tests.unit.fix.events import details_of, event
from tests.unit.fix.texts import INSTRUMENTS, TIME, wire
from venue.core import events as e
from venue.core.qualifiers import Details, Qualifiers
from venue.core.types import (
    ExecRestatementReason,
    MassCancelRejectReason,
    OrdRejReason,
    OrdStatus,
    OrdType,
    PostOnly,
    SelfMatchPreventionInstruction,
    Side,
    TimeInForce,
    TriggerPriceType,
)
from venue.fix.message import Pairs, parse_pairs
from venue.fix.outbound import encode
from venue.fix.versions import FIX42, FIX44, FIX50SP2, VERSIONS, Version

STOP = Qualifiers(stop_px=10100)
QUOTES = Qualifiers(stop_px=10100, trigger_price_type=TriggerPriceType.BEST_QUOTE)
GTD = TimeInForce.GTD


def pairs(kind: type[e.Event], version: Version, **changes: Any) -> Pairs:
    text = encode(event(kind, **changes), INSTRUMENTS, TIME, version)
    found = parse_pairs(text)
    tags = [tag for tag, _ in found]
    assert len(tags) == len(set(tags)), "a field occurs twice"
    return found


def added(version: Version, details: Details, **changes: Any) -> str:
    """The fields that `details` bring."""
    plain = pairs(e.OrderAccepted, version, **changes)
    return "".join(
        f"{tag}={value}|"
        for tag, value in pairs(e.OrderAccepted, version, **changes, details=details)
        if (tag, value) not in plain
    )


@pytest.mark.parametrize(
    ("details", "changes", "said"),
    [
        (details_of(), {}, ("", "", "")),
        (
            details_of(STOP, working=False),
            {"ord_type": OrdType.STOP},
            ("99=101|", "99=101|636=N|", "99=101|636=N|"),
        ),
        (
            details_of(STOP),
            {"ord_type": OrdType.MARKET_IF_TOUCHED},
            ("99=101|", "99=101|636=Y|", "99=101|636=Y|"),
        ),
        (
            details_of(STOP),
            {"ord_type": OrdType.LIMIT_IF_TOUCHED},
            ("99=101|", "99=101|636=Y|", "1100=4|1101=1|1102=101|1107=2|1109=D|636=Y|"),
        ),
        (
            details_of(QUOTES),
            {"ord_type": OrdType.LIMIT_IF_TOUCHED},
            ("99=101|", "99=101|636=Y|", "1100=4|1101=1|1102=101|1107=1|1109=D|636=Y|"),
        ),
        (
            details_of(QUOTES),
            {"ord_type": OrdType.LIMIT_IF_TOUCHED, "side": Side.SELL},
            ("99=101|", "99=101|636=Y|", "1100=4|1101=1|1102=101|1107=3|1109=U|636=Y|"),
        ),
        (
            details_of(working=False),
            {"time_in_force": TimeInForce.AT_THE_CLOSE},
            ("", "636=N|", "636=N|"),
        ),
        (
            details_of(Qualifiers(expire_date="20240301")),
            {"time_in_force": GTD},
            ("432=20240301|",) * 3,
        ),
        (
            details_of(Qualifiers(expire_time=1_709_208_000_123_000_000)),
            {"time_in_force": GTD},
            ("126=20240229-12:00:00.123|",) * 3,
        ),
        (
            details_of(Qualifiers(display_qty=4, refresh_qty=3)),
            {},
            ("111=4|", "111=4|", "1138=2|1088=3|"),
        ),
        (details_of(Qualifiers(min_qty=4)), {}, ("110=4|",) * 3),
        (details_of(Qualifiers(post_only=PostOnly.REPRICE)), {}, ("18=6|",) * 3),
        (details_of(Qualifiers(all_or_none=True)), {}, ("18=G|",) * 3),
        (
            details_of(Qualifiers(self_match_prevention_id="S")),
            {},
            ("", "", "2362=S|2964=2|"),
        ),
        (
            details_of(
                Qualifiers(
                    self_match_prevention_id="S",
                    self_match_prevention_instruction=SelfMatchPreventionInstruction.DECREMENT,
                )
            ),
            {},
            ("", "", "2362=S|"),
        ),
        # 2 of 7 at 100.00 on earlier days; the third at 100.01 today
        (
            Details(Qualifiers(), True, 4, True, 2, 20000),
            {"notional": 30001},
            ("424=5|425=1|426=100.01|",) * 3,
        ),
        (
            Details(Qualifiers(), True, 4, True, 3, 30001),
            {"notional": 30001},
            ("424=4|425=0|426=0|",) * 3,
        ),
    ],
)
def test_details(details: Details, changes: dict[str, Any], said: tuple[str, ...]) -> None:
    for version, expected in zip(VERSIONS.values(), said, strict=True):
        assert added(version, details, **changes) == expected


def says(kind: type[e.Event], version: Version, said: str, **changes: Any) -> None:
    """The message has these fields among others."""
    found = pairs(kind, version, **changes)
    missing = [pair for pair in parse_pairs(wire(said)) if pair not in found]
    assert not missing, found


@pytest.mark.parametrize(
    ("version", "said"),
    [(FIX42, "20=0|150=D|378=4|"), (FIX44, "150=D|378=8|636=Y|"), (FIX50SP2, "150=L|636=Y|")],
)
def test_triggered(version: Version, said: str) -> None:
    new = {"ord_status": OrdStatus.NEW, "cum_qty": 0, "leaves_qty": 7}
    said += "39=0|99=101|58=triggered at StopPx(99) 101|"
    says(e.OrderTriggered, version, said, **new)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (FIX42, "20=0|150=1|39=1|58=trade 9|"),
        (FIX44, "150=F|39=1|527=9|851=1|"),
        (FIX50SP2, "150=F|39=1|880=9|851=1|"),
    ],
)
def test_filled(version: Version, said: str) -> None:
    says(e.OrderFilled, version, said + "31=100|32=2|14=3|151=4|")


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        (ExecRestatementReason.CONNECTION_LOSS, ("4", "99", "12")),
        (ExecRestatementReason.LOGOUT, ("4", "99", "13")),
        (ExecRestatementReason.SELF_MATCH_AGGRESSOR, ("4", "99", "18")),
        (ExecRestatementReason.SELF_MATCH_RESTING, ("4", "99", "19")),
        (ExecRestatementReason.SELF_MATCH_BOTH, ("4", "99", "20")),
        (ExecRestatementReason.GT_RENEWAL, ("1", "1", "1")),
        (ExecRestatementReason.REPRICING, ("3", "3", "3")),
        (ExecRestatementReason.PARTIAL_DECLINE, ("5", "5", "5")),
    ],
)
def test_why_an_order_changed(reason: ExecRestatementReason, codes: tuple[str, ...]) -> None:
    for version, code in zip(VERSIONS.values(), codes, strict=True):
        says(e.OrderCanceled, version, f"150=4|378={code}|58=a text|", reason=reason)
        says(e.OrderRestated, version, f"150=D|378={code}|58=a text|", reason=reason)


@pytest.mark.parametrize("version", VERSIONS.values())
def test_expired(version: Version) -> None:
    over = {"leaves_qty": 0, "ord_status": OrdStatus.EXPIRED}
    says(e.OrderExpired, version, "150=C|39=C|151=0|14=3|58=a text|", **over)


@pytest.mark.parametrize(("last", "said"), [(False, "912=N|"), (True, "912=Y|")])
def test_one_of_a_mass_status(last: bool, said: str) -> None:
    for version in (FIX44, FIX50SP2):
        said += "150=I|584=M|911=2|"
        says(e.OrderStatusReported, version, said, last_report=last)


def test_a_status_of_no_mass_status() -> None:
    found = dict(pairs(e.OrderStatusReported, FIX44, total_reports=0))
    assert found["790"] == "R" and found.keys().isdisjoint({"584", "911", "912"})


def test_a_status_in_4_2() -> None:
    found = dict(pairs(e.OrderStatusReported, FIX42))
    assert (found["20"], found["150"], found["39"]) == ("3", "1", "1")
    assert found.keys().isdisjoint({"790", "584", "911", "912"})


@pytest.mark.parametrize(("side", "told"), [("", "7"), ("2", "2")])
def test_no_orders(side: str, told: str) -> None:
    said = f"37=NONE|11=NONE|17=0|150=I|39=8|103=5|584=M|911=0|912=Y|54={told}|58=a text|"
    for version in (FIX44, FIX50SP2):
        says(e.NoOrdersReported, version, said + "38=0|14=0|151=0|6=0|", side=side)
    unknown = OrdRejReason.UNKNOWN_SYMBOL
    says(e.NoOrdersReported, FIX44, "103=1|", reason=unknown)


@pytest.mark.parametrize("version", [FIX44, FIX50SP2])
def test_mass_cancel(version: Version) -> None:
    found = dict(pairs(e.MassCancelReported, version, symbol="", side="", text=""))
    said = {"35": "r", "37": "3", "11": "X", "530": "7", "531": "7", "533": "2", "60": TIME}
    said |= {"1369": "3"} if version is FIX50SP2 else {}
    frame = {"8": version.begin_string, "9": "0", "10": "0"}
    assert found == said | frame


def test_mass_cancel_refused() -> None:
    refused = {"reason": MassCancelRejectReason.NOT_SUPPORTED, "scope": "3"}
    said = "35=r|530=3|531=0|532=0|533=0|55=AAPL|58=a text|"
    says(e.MassCancelReported, FIX44, said, **refused, total_affected_orders=0)
