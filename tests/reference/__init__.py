"""A naive matcher: what the venue has to do, written a second time and as plainly as possible.

It shares no code with the venue. All orders are in one list, and whose turn it is comes from
sorting that list. Prices are ticks, quantities lots, times nanoseconds since 1970 UTC, everything
else words: those of FIX, in small letters. Every method takes one request and returns what the
sessions are told of it, in order.
"""

from tests.reference.operations import Operations as Reference
from tests.reference.order import Order, Terms, Told

__all__ = ["Order", "Reference", "Terms", "Told"]
