"""What a session asks of positions, trades, instruments and their phases. Pure: ids and times come
in as arguments.
"""

from collections.abc import Sequence
from datetime import date, datetime

from venue.client.codes import SIDES, code_of
from venue.client.versions import Version
from venue.client.wire import Field

SNAPSHOT, UPDATES, END = "0", "1", "2"
"""SubscriptionRequestType(263)."""
BY_SYMBOL, BY_MARKET, ALL_SECURITIES = "0", "3", "4"
"""SecurityListRequestType(559)."""
FIRM, ACCOUNT = "1", "24"
"""PartyRole(452)."""

When = date | datetime | str
"""A trading day, or a moment; text as FIX has it."""


def positions_fields(
    pos_req_id: str,
    request_type: str,
    transact_time: str,
    account: str | None = None,
    symbol: str | None = None,
    firm: str | None = None,
) -> list[Field]:
    """Write a RequestForPositions (AN)."""
    fields = [(710, pos_req_id), (724, "0"), (263, request_type)]
    if account is not None:
        fields.append((1, account))
    if symbol is not None:
        fields.append((55, symbol))
    fields.append((60, transact_time))
    return fields + _parties([(firm, FIRM)])


def trades_fields(
    trade_request_id: str,
    request_type: str,
    symbol: str | None = None,
    account: str | None = None,
    firm: str | None = None,
    side: str | None = None,
    when: Sequence[When] = (),
    criteria: Sequence[Field] = (),
) -> list[Field]:
    """Write a TradeCaptureReportRequest (AD). `when` is a trading day, the first and the last, a
    moment since when, or two that it is between.
    """
    fields = [(568, trade_request_id), (569, "1"), (263, request_type)]
    if symbol is not None:
        fields.append((55, symbol))
    if side is not None:
        fields.append((54, code_of("side", side, SIDES)))
    fields += criteria
    if when:
        fields.append((580, str(len(when))))
        fields += [_date(each) for each in when]
    return fields + _parties([(firm, FIRM), (account, ACCOUNT)])


def instruments_fields(
    security_req_id: str,
    request_type: str,
    version: Version,
    symbol: str | None = None,
    market: str | None = None,
) -> list[Field]:
    """Write a SecurityListRequest (x): of a symbol, of a market or of all."""
    fields = [(320, security_req_id)]
    if symbol is not None:
        fields += [(559, BY_SYMBOL), (55, symbol)]
    elif market is not None:
        fields += [(559, BY_MARKET), (version.market_id, market)]
    else:
        fields.append((559, ALL_SECURITIES))
    return [*fields, (263, request_type)]


def security_status_fields(
    security_status_req_id: str, request_type: str, symbol: str
) -> list[Field]:
    """Write a SecurityStatusRequest (e)."""
    return [(324, security_status_req_id), (55, symbol), (263, request_type)]


def trading_session_fields(
    trad_ses_req_id: str, request_type: str, version: Version, market: str | None = None
) -> list[Field]:
    """Write a TradingSessionStatusRequest (g), of all markets where none is named."""
    named = [] if market is None else [(version.market_id, market)]
    return [(335, trad_ses_req_id), *named, (263, request_type)]


def _date(when: When) -> Field:
    if isinstance(when, datetime):
        return 60, when.strftime("%Y%m%d-%H:%M:%S.%f")[:-3]
    text = when if isinstance(when, str) else when.strftime("%Y%m%d")
    return (60 if "-" in text else 75), text


def _parties(named: Sequence[tuple[str | None, str]]) -> list[Field]:
    fields = [
        field
        for party_id, role in named
        if party_id is not None
        for field in ((448, party_id), (447, "D"), (452, role))
    ]
    return [(453, str(len(fields) // 3)), *fields] if fields else []
