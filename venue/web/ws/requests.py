"""What a client may say, checked. Pure."""

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Op = Literal["subscribe", "unsubscribe", "resync", "ping", "login"]
SymbolChannel = Literal["depth", "bbo", "auction", "trades", "statistics"]
OtherChannel = Literal[
    "instruments", "orders", "fills", "positions", "messages", "sessions", "status"
]
SYMBOL_CHANNELS = frozenset(get_args(SymbolChannel))
SYMBOL = r"^[!-~]{1,32}\Z"
"""What may be one, and be sent to the venue before it has told which there are."""
MOST_LEVELS = 1000
DEFAULT_LEVELS = 10


class Request(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A message. `id` comes back in the answer; of `levels` 0 is all of them."""

    op: Op
    channel: SymbolChannel | OtherChannel | None = None
    symbol: Annotated[str, Meta(pattern=SYMBOL)] | None = None
    levels: Annotated[int, Meta(ge=0, le=MOST_LEVELS)] | None = None
    id: str | int | float | bool | UnsetType | None = UNSET
    token: Annotated[str, Meta(max_length=200)] | None = None

    @property
    def named(self) -> dict[str, Any]:
        """What the answer repeats."""
        found = {
            name: value
            for name in ("channel", "symbol", "levels")
            if (value := getattr(self, name)) is not None
        }
        return found if self.id is UNSET else found | {"id": self.id}


class RequestError(Exception):
    """It makes no sense. `named` is what an answer can repeat of it."""

    def __init__(self, detail: str, named: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.named = named or {}


_WORDS = {"op": get_args(Op), "channel": (*get_args(SymbolChannel), *get_args(OtherChannel))}
_decode = msgspec.json.Decoder(Request).decode


def _told(error: str) -> str:
    """What msgspec says, and the words that there are."""
    for name, words in _WORDS.items():
        if error.endswith(f"`$.{name}`"):
            return f"{error}: expected one of {', '.join(words)}"
    return error


def parse(text: str) -> Request:
    """Read a message. Raise `RequestError`."""
    try:
        request = _decode(text)
    except msgspec.ValidationError as error:
        raise RequestError(_told(str(error)), _named(text)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise RequestError(f"not a JSON object: {error}") from None
    if request.op in ("ping", "login"):
        if request.op == "login" and request.token is None:
            raise RequestError("login needs a token", request.named)
        return request
    if request.channel is None:
        raise RequestError(f"{request.op} needs a channel", request.named)
    if (request.symbol is None) is (request.channel in SYMBOL_CHANNELS):
        word = "needs a" if request.symbol is None else "has no"
        raise RequestError(f"channel {request.channel} {word} symbol", request.named)
    if request.channel == "depth":
        if request.levels is None:
            request.levels = DEFAULT_LEVELS
    elif request.levels is not None:
        raise RequestError(f"channel {request.channel} has no levels", request.named)
    return request


def _named(text: str) -> dict[str, Any]:
    """The id of a message that is wrong otherwise."""
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    own = content.get("id") if isinstance(content, dict) else None
    return {"id": own} if isinstance(own, str | int | float) else {}
