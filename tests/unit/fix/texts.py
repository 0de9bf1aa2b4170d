"""FIX text for tests: `|` for the separator, and QuickFIX's field order."""

from decimal import Decimal

from venue.core.instrument import Instrument, InstrumentSpec
from venue.fix.message import SOH, parse_fields
from venue.fix.party import Party
from venue.fix.versions import FIX44

TIME = "20240229-12:00:00.000"
TRADER = Party("TRADER1", "NORTH", FIX44, order_entry=True, market_data=True)
VIEWER = Party("MD1", "EAST", FIX44, order_entry=False, market_data=True)
DROP = Party("TRADER9", "NORTH", FIX44, order_entry=True, market_data=False)

_HEADER = ("49", "52", "56", "97")


def instrument(symbol: str, tick: str, lot: str, reference_price: str) -> Instrument:
    numbers = map(Decimal, (tick, lot, reference_price, lot, "1000000", "50"))
    return Instrument(InstrumentSpec(symbol, *numbers, "USD"))


INSTRUMENTS = {
    "AAPL": instrument("AAPL", "0.01", "1", "100"),
    "BTC-USD": instrument("BTC-USD", "0.01", "0.00000001", "50000"),
    "EURUSD": instrument("EURUSD", "0.00001", "1000", "1.1"),
}


def wire(text: str) -> str:
    return text.replace("|", SOH)


def message(msg_type: str, fields: dict[str, str | None], data: str = "") -> str:
    """A message as QuickFIX hands it over; None takes a field away, `data` ends its body."""
    fields = {"49": "TRADER1", "52": TIME, "56": "VENUE"} | fields
    tags = sorted(fields, key=lambda tag: (tag not in _HEADER, int(tag)))
    body = "".join(f"{tag}={fields[tag]}|" for tag in tags if fields[tag] is not None)
    return wire(f"8=FIX.4.4|9=100|35={msg_type}|34=7|{body}{data}10=000|")


def new_order(data: str = "", **fields: str | None) -> str:
    """A plain buy of 5 AAPL at 100, with other fields by `t` and the tag."""
    order = {"11": "X", "38": "5", "40": "2", "44": "100", "54": "1", "55": "AAPL", "60": TIME}
    return message("D", order | _tags(fields), data)


def cancel(**fields: str | None) -> str:
    request = {"11": "Y", "41": "X", "54": "1", "55": "AAPL", "60": TIME}
    return message("F", request | _tags(fields))


def replace(**fields: str | None) -> str:
    order = {"38": "5", "40": "2", "44": "100", "54": "1", "55": "AAPL", "60": TIME}
    return message("G", order | {"11": "Y", "41": "X"} | _tags(fields))


def status(**fields: str | None) -> str:
    return message("H", {"11": "X", "54": "1", "55": "AAPL"} | _tags(fields))


def _tags(fields: dict[str, str | None]) -> dict[str, str | None]:
    return {name[1:]: value for name, value in fields.items()}


def assert_says(text: str, said: str) -> None:
    """The message has exactly these fields, in any order, besides its frame."""
    frame = {"8": "FIX.4.4", "9": "0", "10": "0"}
    assert {tag: value for tag, value in parse_fields(text).items() if tag not in frame} == (
        parse_fields(wire(said))
    )
    assert text.count(SOH) == len(parse_fields(text)), "a field occurs twice"
