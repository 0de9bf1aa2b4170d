"""Orders and books in the plain shapes that small engines have made common."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from venue.web.api.amounts import Account, AnyNumber, ClientOrderId, Expires, Symbol
from venue.web.api.requests import Model, OrderRequest, TypeWord
from venue.web.api.validation import FieldError, invalid
from venue.web.shapes import Side, TimeInForce

SYNONYMS = {
    "stop": "stop_market",
    "stop_loss": "stop_market",
    "stop_loss_limit": "stop_limit",
    "take_profit_market": "take_profit",
    "immediate_or_cancel": "ioc",
    "fill_or_kill": "fok",
    "bid": "buy",
    "ask": "sell",
}


def _word(value: Any) -> Any:
    """`STOP-LOSS` is `stop_loss`, which is `stop_market` here."""
    if not isinstance(value, str):
        return value
    word = value.lower().replace("-", "_").replace(" ", "_")
    return SYNONYMS.get(word, word)


def _any_case(*words: str) -> dict[str, Any]:
    """What is documented; other spellings of the same are taken, too."""
    return {"type": "string", "examples": [words[0].upper(), *words]}


AnyType = Annotated[TypeWord, BeforeValidator(_word), WithJsonSchema(_any_case("limit", "market"))]
AnySide = Annotated[Side, BeforeValidator(_word), WithJsonSchema(_any_case("buy", "sell"))]
AnyTimeInForce = Annotated[
    TimeInForce, BeforeValidator(_word), WithJsonSchema(_any_case("gtc", "ioc"))
]


class CompatRequest(Model):
    """An order. Words in any case; numbers as text, or JSON numbers as they were written. A price
    that the type of order has no use for may be null or left out.
    """

    symbol: Symbol
    order_type: AnyType | None = None
    type: Annotated[AnyType | None, Field(description="The same as `order_type`.")] = None
    side: AnySide
    quantity: AnyNumber
    price: AnyNumber | None = None
    trigger_price: AnyNumber | None = None
    stop_price: Annotated[AnyNumber | None, Field(description="The same as `trigger_price`.")] = (
        None
    )
    time_in_force: AnyTimeInForce | None = None
    expires: Expires | None = None
    display_quantity: AnyNumber | None = None
    post_only: bool = False
    account: Account | None = None
    client_order_id: ClientOrderId | None = None
    user_id: Annotated[
        str | None,
        Field(description="A user of the web. Default: who asks.", pattern="^[!-~]{1,64}$"),
    ] = None

    def plain(self) -> OrderRequest:
        """The order as /v1/orders has it. Raise `Problem` 422 where two names for one differ."""
        errors: list[FieldError] = []
        kind = _one(errors, order_type=self.order_type, type=self.type) or "limit"
        trigger = _one(errors, trigger_price=self.trigger_price, stop_price=self.stop_price)
        if errors:
            raise invalid(errors)
        return OrderRequest.model_construct(
            symbol=self.symbol,
            side=self.side,
            type=kind,
            quantity=self.quantity,
            price=self.price,
            trigger_price=trigger,
            time_in_force=self.time_in_force,
            expires=self.expires,
            display_quantity=self.display_quantity,
            post_only=self.post_only,
            account=self.account,
            client_order_id=self.client_order_id,
        )


def _one(errors: list[FieldError], **named: Any) -> Any:
    given = {name: value for name, value in named.items() if value is not None}
    values = list(given.values())
    if len(values) > 1 and values[0] != values[1]:
        first, second = given
        errors.append(FieldError(second, str(values[1]), f"{values[0]}, as {first}, or nothing"))
    return values[0] if values else None
