"""A venue as a picture shows it."""

from venue.monitoring.picture import BookPicture, Picture, SessionPicture

NOON = 1_700_000_000 * 10**9


def picture() -> Picture:
    here = SessionPicture(
        *("FIX.4.4:TRADER1", "ALPHA", ["order_entry", "market_data"], NOON - 90 * 10**9),
        *("10.0.0.1:5000", 12, 345, 300_000, True, True),
    )
    never = SessionPicture(
        "FIX.4.2:TRADER1", "ALPHA", ["order_entry"], 0, "", 1, 1, 0, False, False
    )
    away = SessionPicture("FIX.4.4:TRADER2", "BE[T]A", ["operator"], 0, "", 7, 9, 0, False, False)
    aapl = BookPicture(
        *("AAPL", "MAIN", "0.01", "1", "continuous", False, True),
        *((9999, 500), (10001, 20), (10000, 7), (3, 4), 2),
    )
    gone = BookPicture(
        *("GOLD", "METAL", "0.5", "100", "closed", True, False, None, None, None, (0, 0), 0)
    )
    numbers = {
        "messages_received": 100,
        "messages_sent": 200,
        "market_data_messages_sent": 300,
        "orders": 40,
        "trades": 5,
        "batches": 20,
        "journal_batch": 77,
        "orders_remembered": 39,
        "positions": 6,
    }
    rates = (1.0, 0.5, 0.25)
    return Picture(
        *("VENUE", "127.0.0.1:9878", ["FIX.4.2", "FIX.4.4"], NOON - 86_461 * 10**9, NOON, 77),
        *(numbers, 1.5, {"OrderAccepted": 40, "OrderFilled": 10}),
        [("OrderRejected", "unknown_symbol", 3), ("Reject", "5", 9)],
        dict.fromkeys(list(numbers)[:6], rates),
        ((1.0, 2.0), [3, 2, 1], 12.0),
        ((0.001,), [6, 0], 0.004),
        ((0.001,), [5, 1], 0.5),
        [never, here, away],
        [aapl, gone],
    )
