"""What an operator asks for of orders and trades."""

from collections.abc import Callable, Collection

from venue.core.grid import OffGridError, TooLargeError
from venue.core.types import LIVE
from venue.core.venue import Venue
from venue.core.venue_commands import BustTrade, CancelByVenue, CorrectTrade
from venue.fix.operator import OperatorRequest
from venue.gateway.operator.decision import (
    Decision,
    OperatorFaultError,
    fault,
    named,
    needed,
    number,
    one_of,
)

REMEMBERED = "a trade that the venue remembers"


class OrderDesk:
    """Decides by what `venue` is. `firms` are those that anybody has heard of."""

    def __init__(self, venue: Venue, firms: Callable[[], Collection[str]]) -> None:
        self._venue = venue
        self._firms = firms

    def cancel(self, request: OperatorRequest) -> Decision:
        """Cancel one order, whosever it is."""
        expected = "a live order"
        order_id = number(request, "order_id", expected)
        order = self._venue.orders.by_id.get(order_id)
        if order is None or order.ord_status not in LIVE:
            if order is not None:
                expected += f", this one is {order.ord_status.name.lower().replace('_', ' ')}"
            raise fault("order_id", request.given["order_id"], expected)
        told = f"{named('order_id')} {order_id} of {order.session} is canceled"
        return Decision(told, (CancelByVenue(order_id),))

    def cancel_firm(self, request: OperatorRequest) -> Decision:
        """Cancel every order of a firm."""
        firm = firm_of(request, self._firms())
        orders = len(self._venue.operations.orders_of(firm))
        told = "1 order of {} is" if orders == 1 else f"{orders} orders of {{}} are"
        return Decision(f"{told.format(firm)} canceled", (CancelByVenue(0, firm),))

    def bust(self, request: OperatorRequest) -> Decision:
        """Undo a trade."""
        trade_id = self._trade_id(request)
        return Decision(f"trade {trade_id} is busted", (BustTrade(trade_id),))

    def correct(self, request: OperatorRequest) -> Decision:
        """Give a trade another quantity, or price, or both."""
        trade_id = self._trade_id(request)
        trade = self._venue.trades.remembered[trade_id]
        if not {"qty", "price"} & request.given.keys():
            raise fault("qty", "", f"this or {named('price')}, or both")
        instrument = self._venue.instruments[trade.symbol]
        steps = []
        for name, grid, before, unit in (
            ("qty", instrument.qty, trade.qty, "lot"),
            ("price", instrument.price, trade.price, "tick"),
        ):
            text = request.given.get(name)
            try:
                count = before if text is None else grid.steps(text)
            except (OffGridError, TooLargeError, ValueError):
                count = 0
            if count <= 0:
                step = f"the {unit} {grid.step:f} of {trade.symbol}"
                raise fault(name, text, f"a multiple of {step} above 0")
            steps.append(count)
        qty, price = steps
        why = self._venue.corrections.refuses_correction(trade_id, qty, price)
        if why is not None:
            raise OperatorFaultError(why)
        told = f"trade {trade_id} is corrected to"
        told += f" {instrument.qty.text(qty)} @ {instrument.price.text(price)}"
        return Decision(told, (CorrectTrade(trade_id, qty, price),))

    def _trade_id(self, request: OperatorRequest) -> int:
        """A trade that is remembered, and not busted."""
        trade_id = number(request, "trade_id", REMEMBERED)
        why = self._venue.corrections.refuses_bust(trade_id)
        if why is not None:
            raise OperatorFaultError(why)
        return trade_id


def firm_of(request: OperatorRequest, firms: Collection[str]) -> str:
    """The firm that a request is about."""
    choice = one_of(firms)
    firm = needed(request, "firm", choice)
    if firm not in firms:
        raise fault("firm", firm, choice)
    return firm
