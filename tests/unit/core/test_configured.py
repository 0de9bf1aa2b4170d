"""What a configuration has said of an instrument is remembered apart from what an operator says."""

from tests.unit.core.desk import aapl
from venue.core import commands as c
from venue.core.image import copy, restore
from venue.core.venue import Venue

SPEC, OTHER = aapl(), aapl(max_qty="7")


def listed(*commands: c.Command) -> Venue:
    venue = Venue()
    for command in (c.AdvanceTime(1), *commands):
        venue.handle(command)
    return venue


def test_an_operator_does_not_speak_for_the_configuration() -> None:
    venue = listed(c.DefineInstrument(SPEC, configured=True), c.DefineInstrument(OTHER))
    assert venue.configured == {"AAPL": SPEC}
    assert venue.instruments["AAPL"].spec == OTHER
    venue.handle(c.DelistInstrument("AAPL"))
    assert venue.configured == {"AAPL": SPEC}
    venue.handle(c.DefineInstrument(OTHER, configured=True))
    assert venue.configured == {"AAPL": OTHER}


def test_it_is_in_the_image_and_in_the_state() -> None:
    venue = listed(c.DefineInstrument(SPEC, configured=True), c.DefineInstrument(OTHER))
    again = restore(copy(venue))
    assert again.configured == {"AAPL": SPEC}
    assert again.state_hash() == venue.state_hash()
    assert listed(c.DefineInstrument(OTHER)).state_hash() != venue.state_hash()
