"""What a session was told of orders that are not its own."""

from decimal import Decimal

from venue.conform.blotter import Blotter
from venue.conform.message import Message

NEW = "35=8|37=1|17=E1|150=0|39=0|11=X|55=AAPL|54=1|38=10|14=0|151=10|6=0|60=20260101-00:00:00"


def heard(blotter: Blotter, text: str) -> list[str]:
    pairs = [(tag, value) for tag, _, value in (part.partition("=") for part in text.split("|"))]
    return blotter.hear(Message(pairs))


def test_a_drop_copy_is_an_order_of_somebody_else_s() -> None:
    """It may be told of from anywhere on, and is not cancelled in the end."""
    blotter = Blotter(Decimal("0.01"))
    assert heard(blotter, f"115=TRADER2|{NEW}") == []
    assert blotter.live() == []
    fill = "115=TRADER2|" + NEW.replace("0|39=0", "F|39=1").replace(
        "14=0|151=10|6=0", "14=9|151=1|6=7"
    )
    assert heard(blotter, fill) == []
    assert heard(blotter, fill.replace("151=1|", "151=2|")) != []
    assert heard(blotter, NEW) == []
    assert [order.order_id for order in blotter.live()] == ["1"]


def told(exec_id: str, what: str, cum: int, average: int, rest: str, version: str = "") -> str:
    status = "1" if cum else "0"
    begin = f"35=8|37=1|17={exec_id}|{what}|39={status}|11=X|55=AAPL|54=1|38=10|14={cum}|"
    return f"{begin}151={10 - cum}|6={average}|60=20260101-00:00:00|{rest}{version}"


def test_busts_and_corrections_change_what_was_filled() -> None:
    """Each refers to the report that told of its trade last; in FIX.4.2 it is no fill."""
    blotter = Blotter(Decimal("0.01"))
    assert heard(blotter, NEW) == []
    assert heard(blotter, told("E2", "150=F", 4, 5, "32=4|31=5")) == []
    assert heard(blotter, told("E3", "150=G", 3, 6, "32=3|31=6|19=E2")) == []
    assert heard(blotter, told("E4", "150=1", 2, 6, "32=2|31=6|19=E3", "|20=2")) == []
    wrong = "19: E3 told of no fill of the order last"
    assert wrong in heard(blotter, told("E5", "150=H", 2, 6, "32=0|31=0|19=E3"))
    assert heard(blotter, told("E6", "150=0", 0, 0, "32=0|31=0|19=E4", "|20=1")) == []
    assert heard(blotter, told("E7", "150=F", 1, 5, "32=2|31=5")) == [
        "14: the fills add up to 2, got 1"
    ]
