"""An operator on a bare socket: no stock dictionary knows its messages."""

from tests.e2e.message import Message
from tests.e2e.raw import RawClient

TERMS = {
    "tick": 969,
    "lot": 561,
    "reference_price": 1150,
    "min_qty": 562,
    "max_qty": 1140,
    "currency": 15,
    "collar_percent": 9205,
    "market": 9206,
    "security_type": 167,
    "seconds": 9204,
}
NEW = {
    "tick": "0.01",
    "lot": "1",
    "reference_price": "100",
    "min_qty": "1",
    "max_qty": "1000",
    "currency": "USD",
}


class Operator:
    """What an operator asks for, and that it is done."""

    def __init__(self, client: RawClient) -> None:
        self.client = client

    def send(self, action: str, symbol: str, **terms: str) -> str:
        req_id = self.client.unused_id()
        fields = {9201: req_id, 9202: action, 55: symbol}
        self.client.send("U1", fields | {TERMS[name]: value for name, value in terms.items()})
        return req_id

    def asks(self, action: str, symbol: str, **terms: str) -> Message:
        """The report of what was done."""
        return self._report(action, symbol, "0", terms)

    def asks_in_vain(self, action: str, symbol: str, **terms: str) -> Message:
        """The report that nothing was."""
        return self._report(action, symbol, "1", terms)

    def _report(self, action: str, symbol: str, result: str, terms: dict[str, str]) -> Message:
        req_id = self.send(action, symbol, **terms)
        expected = {9201: req_id, 9202: action, 9203: result, 55: symbol}
        return self.client.receive("U2").has(expected)
