"""Positions and trades as the venue reports them: typed events, and message text to them."""

from decimal import Decimal

import msgspec

from venue.client.codes import SIDE_WORDS
from venue.client.events import Event
from venue.client.values import Values, decimal_of, int_of
from venue.client.wire import Field, split_group

NO_ACCOUNT = "[N/A]"
"""Account(1) in FIX.4.4 of orders that had none."""
REJECTED = "2"
"""PosReqStatus(729) and TradeRequestStatus(750)."""
_AVERAGE_PRICE = "average_price="
_START_OF_DAY = "SOD"


class RequestForPositionsAck(Event, frozen=True, kw_only=True):
    """35=AO: so many positions follow, or why none do."""

    pos_req_id: str
    total_num_pos_reports: int
    pos_req_result: str
    is_refused: bool
    text: str | None = None


class PositionAmount(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of money by its PosAmtType(707)."""

    pos_amt_type: str
    pos_amt: Decimal
    currency: str


class PositionReport(Event, frozen=True, kw_only=True):
    """35=AP: what an account has of a symbol, below 0 if it is short.

    `unsolicited` tells of a change after the answer. Amounts are in `currency`; `fees` are what was
    paid less rebates, by currency, in FIX.4.4 only those in `currency`.
    """

    pos_req_id: str | None = None
    unsolicited: bool = False
    total_num_pos_reports: int | None = None
    clearing_business_date: str
    firm: str | None = None
    account: str | None = None
    symbol: str
    currency: str
    qty: Decimal
    start_of_day_qty: Decimal
    average_price: Decimal | None = None
    settl_price: Decimal
    prior_settl_price: Decimal
    amounts: tuple[PositionAmount, ...] = ()

    @property
    def cash(self) -> Decimal | None:
        """What came in for trades less what was paid, without fees."""
        return self._amount("CASH")

    @property
    def realised(self) -> Decimal | None:
        return self._amount("TVAR")

    @property
    def unrealised(self) -> Decimal | None:
        """At `settl_price`."""
        return self._amount("FMTM")

    @property
    def day_pnl(self) -> Decimal | None:
        """Earned since the trading day began, realised or not, before fees."""
        return self._amount("IMTM")

    @property
    def fees(self) -> dict[str, Decimal]:
        fees = [each for each in self.amounts if each.pos_amt_type == "CRES"]
        return {each.currency: -each.pos_amt for each in fees}

    def _amount(self, kind: str) -> Decimal | None:
        found = (each.pos_amt for each in self.amounts if each.pos_amt_type == kind)
        return next(found, None)


class TradeCaptureReportRequestAck(Event, frozen=True, kw_only=True):
    """35=AQ: trades follow (`trade_request_status` 0), were sent (1), or why none are."""

    trade_request_id: str
    trade_request_result: str
    trade_request_status: str
    is_refused: bool
    tot_num_trade_reports: int | None = None
    text: str | None = None


class TradeSide(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a trade: `side` is buy or sell, `exec_id` absent of two in FIX.4.4. `order_id` is
    NONE where it is not told whose it was, `session` the CompID, or desk, that had it,
    `is_aggressor` never true of one's own in FIX.4.4.
    """

    side: str
    order_id: str
    cl_ord_id: str | None = None
    exec_id: str | None = None
    firm: str | None = None
    account: str | None = None
    session: str | None = None
    last_liquidity_ind: str | None = None
    commission: Decimal | None = None
    comm_currency: str | None = None
    is_aggressor: bool = False


class TradeCaptureReport(Event, frozen=True, kw_only=True):
    """35=AE: a trade, `trade_report_trans_type` 0; or what became of one: 1 busted, 2 corrected.

    `unsolicited` tells that it comes after the answer.
    """

    trade_report_id: str
    trade_report_ref_id: str | None = None
    trade_report_trans_type: str
    exec_type: str
    trade_request_id: str | None = None
    unsolicited: bool = False
    last_rpt_requested: bool = False
    trade_id: str
    symbol: str
    currency: str | None = None
    last_qty: Decimal
    last_px: Decimal
    trade_date: str
    transact_time: str
    sides: tuple[TradeSide, ...]

    @property
    def aggressor_side(self) -> str | None:
        """Who took, buy or sell; None of an auction's trade, or where it is not told."""
        return next((each.side for each in self.sides if each.is_aggressor), None)

    @property
    def is_auction(self) -> bool:
        """Tell whether it is of an auction, which FIX.4.4 does not tell."""
        return any(each.last_liquidity_ind == "4" for each in self.sides)


def position_ack(text: str, values: Values, _: list[Field]) -> Event:
    return RequestForPositionsAck(
        raw=text,
        pos_req_id=values[710],
        total_num_pos_reports=int(values.get(727, "0")),
        pos_req_result=values[728],
        is_refused=values[729] == REJECTED,
        text=values.get(58),
    )


def position_report(text: str, values: Values, fields: list[Field]) -> Event:
    qty = {each[703]: _net(each) for each in split_group(fields, 702)}
    start_of_day = qty.pop(_START_OF_DAY, Decimal(0))
    account, currency = values.get(1), values[15]
    words = values.get(58, "").split()
    average = next((each for each in words if each.startswith(_AVERAGE_PRICE)), None)
    return PositionReport(
        raw=text,
        pos_req_id=values.get(710),
        unsolicited=values.get(325) == "Y",
        total_num_pos_reports=int_of(values, 727),
        clearing_business_date=values[715],
        firm=values.get(448),
        account=None if account == NO_ACCOUNT else account,
        symbol=values[55],
        currency=currency,
        qty=next(iter(qty.values())),
        start_of_day_qty=start_of_day,
        average_price=None if average is None else Decimal(average.removeprefix(_AVERAGE_PRICE)),
        settl_price=Decimal(values[730]),
        prior_settl_price=Decimal(values[734]),
        amounts=tuple(
            PositionAmount(
                pos_amt_type=each[707],
                pos_amt=Decimal(each[708]),
                currency=each.get(1055, currency),
            )
            for each in split_group(fields, 753)
        ),
    )


def _net(values: Values) -> Decimal:
    return Decimal(values.get(704, "0")) - Decimal(values.get(705, "0"))


def trade_request_ack(text: str, values: Values, _: list[Field]) -> Event:
    return TradeCaptureReportRequestAck(
        raw=text,
        trade_request_id=values[568],
        trade_request_result=values[749],
        trade_request_status=values[750],
        is_refused=values[750] == REJECTED,
        tot_num_trade_reports=int_of(values, 748),
        text=values.get(58),
    )


def trade_report(text: str, values: Values, fields: list[Field]) -> Event:
    sides = split_group(fields, 552)
    return TradeCaptureReport(
        raw=text,
        trade_report_id=values[571],
        trade_report_ref_id=values.get(572),
        trade_report_trans_type=values[487],
        exec_type=values[150],
        trade_request_id=values.get(568),
        unsolicited=values.get(325) == "Y",
        last_rpt_requested=values.get(912) == "Y",
        trade_id=values[880],
        symbol=values[55],
        currency=values.get(15),
        last_qty=Decimal(values[32]),
        last_px=Decimal(values[31]),
        trade_date=values[75],
        transact_time=values[60],
        sides=tuple(_side(each, values.get(17) if len(sides) == 1 else None) for each in sides),
    )


def _side(values: Values, exec_id: str | None) -> TradeSide:
    return TradeSide(
        side=SIDE_WORDS.get(values[54], values[54]),
        order_id=values[37],
        cl_ord_id=values.get(11),
        exec_id=values.get(1427, exec_id),
        firm=values.get(448),
        account=values.get(1),
        session=values.get(821),
        last_liquidity_ind=values.get(1444),
        commission=decimal_of(values, 12),
        comm_currency=values.get(479),
        is_aggressor=values.get(1444) == "2" or values.get(58) == "aggressor",
    )
