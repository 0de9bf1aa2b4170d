"""The part of a client that asks: for positions and trades, instruments and their phases, and for
what an operator may have done.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from venue.client.errors import ClientError
from venue.client.inquiries import (
    END,
    SNAPSHOT,
    UPDATES,
    When,
    instruments_fields,
    positions_fields,
    security_status_fields,
    trades_fields,
    trading_session_fields,
)
from venue.client.listener import Listener
from venue.client.requests import operator_fields
from venue.client.versions import Version
from venue.client.wire import Field


class Asking(Listener):
    """Asks over what it hears by. FIX.4.2 has no positions, trades and lists of instruments."""

    _version: Version

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

    def request_instruments(
        self, *, symbol: str | None = None, market: str | None = None, updates: bool = False
    ) -> str:
        """Ask for the instruments, of a market, or one; return the SecurityReqID.

        The answer is SecurityLists up to one that `is_last`; with `updates` one more for each
        instrument that is added, changed or delisted.
        """
        if not self._version.has_security_lists:
            raise ClientError(f"{self._version.begin_string} has no SecurityListRequest (x)")
        security_req_id = self.next_id()
        kind = UPDATES if updates else SNAPSHOT
        self.send("x", instruments_fields(security_req_id, kind, self._version, symbol, market))
        return security_req_id

    def end_instruments(self, security_req_id: str) -> None:
        """Hear no more of instruments."""
        self.send("x", instruments_fields(security_req_id, END, self._version))

    def request_security_status(self, symbol: str, *, updates: bool = False) -> str:
        """Ask for an instrument's phase and statistics; return the SecurityStatusReqID.

        The answer is a SecurityStatus; with `updates` one more for each change of the phase.
        """
        security_status_req_id = self.next_id()
        kind = UPDATES if updates else SNAPSHOT
        self.send("e", security_status_fields(security_status_req_id, kind, symbol))
        return security_status_req_id

    def end_security_status(self, security_status_req_id: str, symbol: str) -> None:
        """Hear no more of an instrument's phase."""
        self.send("e", security_status_fields(security_status_req_id, END, symbol))

    def request_trading_sessions(self, *, market: str | None = None, updates: bool = False) -> str:
        """Ask for the phase of a market or of all; return the TradSesReqID.

        The answer is a TradingSessionStatus each; with `updates` one more for each change.
        """
        trad_ses_req_id = self.next_id()
        kind = UPDATES if updates else SNAPSHOT
        self.send("g", trading_session_fields(trad_ses_req_id, kind, self._version, market))
        return trad_ses_req_id

    def end_trading_sessions(self, trad_ses_req_id: str) -> None:
        """Hear no more of markets' phases."""
        self.send("g", trading_session_fields(trad_ses_req_id, END, self._version))

    def operate(self, action: str, symbol: str | None = None, **terms: object) -> str:
        """Send an OperatorRequest; return the id that its OperatorReport will carry.

        `action` is one of `OPERATOR_ACTIONS`, `terms` are of `OPERATOR_TERMS` (both in
        venue.client.requests); a term of None is not said. Takes a session with the role operator,
        logged on with the venue's own dictionary or none: quickfix={"UseDataDictionary": "N"}.
        """
        operator_req_id = self.next_id()
        self.send("U1", operator_fields(operator_req_id, action, {"symbol": symbol} | terms))
        return operator_req_id


def utc_now() -> str:
    """Now, as FIX has it."""
    return datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]
