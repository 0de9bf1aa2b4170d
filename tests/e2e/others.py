"""Two traders who go on while somebody else misbehaves."""

from tests.e2e.client import BUY, FILLED, NEW, SELL
from tests.e2e.stock import StockClient


class Others:
    """Trade with each other, and count on an order that was there before."""

    def __init__(self, buyer: StockClient, seller: StockClient, symbol: str) -> None:
        self._buyer, self._seller, self._symbol = buyer, seller, symbol
        self._kept = buyer.enter(symbol, BUY, 7, "90.00")

    def trade(self) -> None:
        """Assert that the two trade undisturbed, and that what rested still rests."""
        offer = self._seller.enter(self._symbol, SELL, 2, "100.00")
        bid = self._buyer.enter(self._symbol, BUY, 2, "100.00")
        bought = self._buyer.receive().has({11: bid[11], 150: "F", 39: FILLED, 31: 100, 32: 2})
        self._seller.receive().has({11: offer[11], 150: "F", 39: FILLED, 527: bought[527]})
        self._buyer.ask_status(self._kept).has({39: NEW, 38: 7, 151: 7, 44: 90})
