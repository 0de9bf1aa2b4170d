"""A FIX-protocol trading venue: orders and market data over FIX, matched by price and time."""

__version__ = "0.1.0"
