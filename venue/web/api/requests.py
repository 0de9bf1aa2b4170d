"""What requests may say: exact types, no member that is not known, nothing converted."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from venue.web.api.amounts import Account, ClientOrderId, Expires, Name, Price, Quantity, Symbol
from venue.web.shapes import Side, TimeInForce

TypeWord = Literal[
    "market",
    "limit",
    "stop_market",
    "stop_limit",
    "take_profit",
    "take_profit_limit",
    "market_to_limit",
    "ioc",
    "fok",
    "iceberg",
    "post_only",
    "gtd",
    "gtc",
    "day",
]
SelfMatchPrevention = Literal["cancel_aggressor", "cancel_resting", "cancel_both", "decrement"]


class Model(BaseModel):
    """A JSON object as it has to be."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OrderRequest(Model):
    """An order. `type` is a kind of order, or a limit order with the qualifier of that name."""

    symbol: Symbol
    side: Side
    type: Annotated[
        TypeWord,
        Field(
            description="`ioc` and `fok` without a price are market orders. `iceberg` needs"
            " `display_quantity`, `gtd` needs `expires`."
        ),
    ] = "limit"
    quantity: Quantity
    price: Annotated[Price | None, Field(description="The limit.")] = None
    trigger_price: Annotated[Price | None, Field(description="Of stop and take profit orders.")] = (
        None
    )
    time_in_force: Annotated[TimeInForce | None, Field(description="Default `day`.")] = None
    expires: Annotated[
        Expires | None, Field(description="The last trading day, or a moment. Makes it `gtd`.")
    ] = None
    display_quantity: Annotated[
        Quantity | None, Field(description="What others see of an iceberg at a time.")
    ] = None
    min_quantity: Annotated[
        Quantity | None, Field(description="What has to be filled at once, or nothing is.")
    ] = None
    post_only: Annotated[bool, Field(description="Never takes liquidity.")] = False
    all_or_none: bool = False
    self_match_prevention_id: Name | None = None
    self_match_prevention: SelfMatchPrevention | None = None
    account: Account | None = None
    client_order_id: Annotated[
        ClientOrderId | None,
        Field(
            description="Names the order. The same request with the same id is the same order,"
            " however often it is sent. Without one the answer tells the id it was given."
        ),
    ] = None


class OrderChanges(Model):
    """What is to be another; all else stays. A new quantity includes what is filled."""

    quantity: Quantity | None = None
    price: Price | None = None
    trigger_price: Price | None = None
    time_in_force: TimeInForce | None = None
    expires: Expires | None = None
    display_quantity: Quantity | None = None
    client_order_id: Annotated[
        ClientOrderId | None, Field(description="The order's new id. Its old ones name it, too.")
    ] = None
