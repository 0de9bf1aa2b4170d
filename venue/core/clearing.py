"""The price of an auction, found from prices and quantities alone.

Of the prices from the lowest to the highest limit it is the one at which most is executed; of
several, that at which least is left over of what would trade there; of several, the highest where
only buyers are left over, the lowest where only sellers are; else the nearest to the reference
price. Where no order has a limit it is the reference price. (Deutsche Boerse, Xetra Release 7.1,
Market Model Equities, auctions; there only limits and the reference price are candidates.)
"""

from collections.abc import Iterable
from itertools import chain

from msgspec import Struct

ANY = 1 << 64
"""As a limit in ticks: whoever buys at any price; with a minus, whoever sells at any."""
NO_BID, NO_OFFER = (-2 * ANY, 0), (2 * ANY, 0)

Quantities = Iterable[tuple[int, int]]
"""(limit price in ticks, lots above 0) of one side, from the best price."""


class Clearing(Struct, frozen=True):
    """An auction's price in ticks, the lots it trades, and those left over there: of buyers if
    above 0, of sellers if below.
    """

    price: int
    qty: int
    surplus: int


def clear(
    bids: Quantities, offers: Quantities, market_bids: int, market_offers: int, reference: int
) -> Clearing | None:
    """Find the price for these limits and lots without one, None where nothing trades.

    Best meets best until prices do not cross: what has met then is the most that any price
    executes. O(limit prices that meet).
    """
    bids, offers = iter(bids), iter(offers)
    best_bid, best_offer = next(bids, NO_BID), next(offers, NO_OFFER)
    bid_px, bid_qty = best_bid
    if market_bids:
        bid_px, bid_qty, bids = ANY, market_bids, chain((best_bid,), bids)
    offer_px, offer_qty = best_offer
    if market_offers:
        offer_px, offer_qty, offers = -ANY, market_offers, chain((best_offer,), offers)
    low, high, qty = -ANY, ANY, 0
    while bid_px >= offer_px:
        low, high = offer_px, bid_px
        if bid_qty < offer_qty:
            qty += bid_qty
            offer_qty -= bid_qty
            bid_px, bid_qty = next(bids, NO_BID)
        else:
            qty += offer_qty
            bid_qty -= offer_qty
            offer_px, offer_qty = next(offers, NO_OFFER)
            if not bid_qty:
                bid_px, bid_qty = next(bids, NO_BID)
    if not qty:
        return None
    # As much trades from `low` to `high`, if that is no further than the limits go.
    limits = [px for px in (low, high, best_bid[0], best_offer[0]) if -ANY < px < ANY]
    if low == -ANY and bid_px < low:
        low = min(limits, default=reference)
    if high == ANY and offer_px > high:
        high = max(limits, default=reference)
    # Whoever is left over trades there, too: buyers up to `bid_px`, sellers from `offer_px`.
    first, last = max(low, bid_px + 1), min(high, offer_px - 1)
    if first <= last:
        return Clearing(min(max(reference, first), last), qty, 0)
    if bid_px < low:
        at_limit = best_offer[1] if offer_px == -ANY and best_offer[0] == low else 0
        return Clearing(max(low, offer_px), qty, -offer_qty - at_limit)
    if offer_px > high:
        at_limit = best_bid[1] if bid_px == ANY and best_bid[0] == high else 0
        return Clearing(min(high, bid_px), qty, bid_qty + at_limit)
    if bid_qty == offer_qty:
        if reference <= bid_px:
            below, _ = next(bids, NO_BID)
            low = bid_px if low == -ANY and below < low else max(low, below + 1)
            return Clearing(max(reference, low), qty, bid_qty)
        above, _ = next(offers, NO_OFFER)
        high = offer_px if high == ANY and above > high else min(high, above - 1)
        return Clearing(min(reference, high), qty, -offer_qty)
    if bid_qty < offer_qty:
        return Clearing(bid_px, qty, bid_qty)
    return Clearing(offer_px, qty, -offer_qty)
