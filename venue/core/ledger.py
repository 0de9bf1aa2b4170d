"""Who owns what: every position, and what the venue has earned with fees."""

from collections import Counter
from collections.abc import Iterator, Mapping

from venue.core.fees import Fee
from venue.core.market import Market
from venue.core.position import Position
from venue.core.types import CostMethod

MOST_ACCOUNTS = 10_000
"""Accounts of a firm: what a client may make the venue remember for good."""


class Ledger:
    """Every position, by (firm, account) and symbol, and in `firms` the same by firm.

    `earned` are the fees that the venue has taken less its rebates, in units of 10 ** -FEE_DIGITS,
    by currency. `day_trade_id` is the last trade
    before the present trading day, `method_trade_id` the last one before the present cost method.
    """

    def __init__(self) -> None:
        self.cost_method = CostMethod.AVERAGE
        self.accounts: dict[tuple[str, str], dict[str, Position]] = {}
        self.firms: dict[str, list[dict[str, Position]]] = {}
        self.earned: dict[str, int] = {}
        self.day_trade_id = 0
        self.method_trade_id = 0

    def open_account(self, firm: str, account: str) -> dict[str, Position]:
        """An account's positions, none where it is new."""
        held = self.accounts.get((firm, account))
        if held is None:
            held = self.accounts[firm, account] = {}
            self.firms.setdefault(firm, []).append(held)
        return held

    def refuses(self, firm: str, account: str) -> str | None:
        """Why a firm cannot have an order for an account, None where it can."""
        opened = len(self.firms.get(firm, ()))
        if opened < MOST_ACCOUNTS or (firm, account) in self.accounts:
            return None
        has = f"{firm} has {MOST_ACCOUNTS} accounts, the most it may"
        return f"Account(1) {account} is new, and {has}"

    def position(self, firm: str, account: str, symbol: str) -> Position:
        """An account's position, made where it is the first in an instrument."""
        held = self.open_account(firm, account)
        position = held.get(symbol)
        if position is None:
            position = held[symbol] = Position(firm, account, symbol)
            position.queue(self.cost_method is CostMethod.FIFO)
        return position

    def positions(self, firm: str | None = None) -> Iterator[Position]:
        """Every position, or every one of a firm. O(those)."""
        accounts = self.accounts.values() if firm is None else self.firms.get(firm, ())
        for held in accounts:
            yield from held.values()

    def charge(self, position: Position, fee: Fee, is_past: bool = False) -> None:
        """An account pays a fee, or has one back; of an earlier day if `is_past`."""
        amount, currency = fee.amount, fee.currency
        position.fees[currency] = position.fees.get(currency, 0) + amount
        self.earned[currency] = self.earned.get(currency, 0) + amount
        if is_past:
            position.day_fees[currency] = position.day_fees.get(currency, 0) + amount

    def count_cost(self, method: CostMethod, trade_id: int) -> None:
        """Count the cost of what is traded after `trade_id` so; what is held keeps what it has."""
        if method is not self.cost_method:
            self.cost_method, self.method_trade_id = method, trade_id
            for position in self.positions():
                position.queue(method is CostMethod.FIFO)

    def begin_day(self, trade_id: int, markets: Mapping[str, Market]) -> None:
        """Another trading day begins after `trade_id`. O(positions)."""
        self.day_trade_id = trade_id
        for position in self.positions():
            position.begin_day(markets[position.symbol].last_px or 0)
            position.day_fees = dict(position.fees)

    def check(self) -> None:
        """Assert that nothing was made or lost: over all accounts the lots of each instrument and
        what was paid for them are 0, and what they have paid in fees is what the venue has earned.
        O(positions).
        """
        left: Counter[str] = Counter()
        for position in self.positions():
            left[f"lots of {position.symbol}"] += position.qty
            left[f"cash of {position.symbol}"] += position.cash
            for currency, amount in position.fees.items():
                left[f"fees in {currency}"] += amount
            if position.lots is not None:
                assert position.qty == sum(qty for qty, _ in position.lots)
                assert position.cost == sum(cost for _, cost in position.lots)
            assert position.qty or not position.cost, "what is not held has no cost"
        left.subtract({f"fees in {name}": amount for name, amount in self.earned.items()})
        assert not any(left.values()), f"the books do not balance: {left}"
