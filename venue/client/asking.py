"""The part of a client that asks for positions and trades."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from venue.client.inquiries import END, SNAPSHOT, UPDATES, When, positions_fields, trades_fields
from venue.client.listener import Listener
from venue.client.wire import Field


class Asking(Listener):
    """Asks over what it hears by; FIX.4.2 has none of this."""

    @abstractmethod
    def send(self, msg_type: str, fields: Iterable[Field]) -> None: ...

    @abstractmethod
    def next_id(self) -> str: ...

    def request_positions(
        self,
        *,
        account: str | None = None,
        symbol: str | None = None,
        firm: str | None = None,
        updates: bool = False,
    ) -> str:
        """Ask for the firm's positions; return the PosReqID.

        The answer is a RequestForPositionsAck, then a PositionReport each; with `updates` one more
        for each that changes. Who clears may name a `firm`, or gets those of all.
        """
        pos_req_id = self.next_id()
        kind = UPDATES if updates else SNAPSHOT
        self.send("AN", positions_fields(pos_req_id, kind, utc_now(), account, symbol, firm))
        return pos_req_id

    def end_positions(self, pos_req_id: str) -> None:
        """Hear no more of positions."""
        self.send("AN", positions_fields(pos_req_id, END, utc_now()))

    def request_trades(
        self,
        *,
        symbol: str | None = None,
        account: str | None = None,
        firm: str | None = None,
        side: str | None = None,
        when: When | Sequence[When] = (),
        order_id: str | None = None,
        trade_id: str | None = None,
        updates: bool = False,
    ) -> str:
        """Ask for the firm's trades; return the TradeRequestID.

        The answer is a TradeCaptureReportRequestAck, a TradeCaptureReport each, and another ack
        that tells how many they were; with `updates` more reports, of later trades and of what
        becomes of earlier ones. `when` is a trading day, two for all between, or one or two moments
        in UTC.
        """
        trade_request_id = self.next_id()
        kind = UPDATES if updates else SNAPSHOT
        whens = (when,) if isinstance(when, When) else when
        named = [(37, order_id), (880, trade_id)]
        criteria = [(tag, value) for tag, value in named if value is not None]
        fields = trades_fields(trade_request_id, kind, symbol, account, firm, side, whens, criteria)
        self.send("AD", fields)
        return trade_request_id

    def end_trades(self, trade_request_id: str) -> None:
        """Hear no more of trades."""
        self.send("AD", trades_fields(trade_request_id, END))


def utc_now() -> str:
    """Now, as FIX has it."""
    return datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]
