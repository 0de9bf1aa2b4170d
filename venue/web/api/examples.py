"""Requests as people send them: one for each kind of order. They are all tried by the tests."""

from typing import Any

_BUY = {"symbol": "BTC-USD", "side": "buy", "quantity": "0.5"}
_SELL = _BUY | {"side": "sell"}


def _examples(bodies: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {name: {"summary": name, "value": value} for name, value in bodies.items()}


ORDERS = _examples(
    {
        "limit": _BUY | {"type": "limit", "price": "50000.00", "client_order_id": "my-order-1"},
        "market": _BUY | {"type": "market"},
        "ioc": _BUY | {"type": "ioc", "price": "50000.00"},
        "fok": _BUY | {"type": "fok", "price": "50000.00"},
        "market_to_limit": _BUY | {"type": "market_to_limit"},
        "stop_market": _SELL | {"type": "stop_market", "trigger_price": "49000.00"},
        "stop_limit": _SELL
        | {"type": "stop_limit", "trigger_price": "49000.00", "price": "48900.00"},
        "take_profit": _SELL | {"type": "take_profit", "trigger_price": "51000.00"},
        "take_profit_limit": _SELL
        | {"type": "take_profit_limit", "trigger_price": "51000.00", "price": "51000.00"},
        "iceberg": _SELL | {"type": "iceberg", "price": "51000.00", "display_quantity": "0.1"},
        "post_only": _BUY | {"type": "post_only", "price": "49000.00"},
        "gtc": _BUY | {"type": "gtc", "price": "49000.00"},
        "gtd": _BUY | {"type": "gtd", "price": "49000.00", "expires": "2099-12-31"},
    }
)
CHANGES = _examples(
    {
        "price": {"price": "50001.00"},
        "quantity": {"quantity": "0.25"},
        "both": {"price": "50001.00", "quantity": "0.25", "client_order_id": "my-order-2"},
    }
)
OPERATIONS = _examples(
    {
        "halt": {"symbol": "BTC-USD"},
        "resume with an auction": {"symbol": "BTC-USD", "auction_seconds": "10"},
        "kill a firm": {"firm": "ALPHA"},
    }
)
COMPAT_ORDERS = _examples(
    {
        "limit": _BUY | {"order_type": "limit", "price": "50000.00"},
        "market": {"symbol": "BTC-USD", "type": "MARKET", "side": "BUY", "quantity": "0.5"},
        "stop_limit": _SELL
        | {"order_type": "stop_limit", "trigger_price": "49000.00", "price": "48900.00"},
    }
)
