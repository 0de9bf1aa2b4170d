"""Who somebody is, and what he may do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from venue.configuration.web import UserConfig

if TYPE_CHECKING:
    from venue.web.operator import OperatorDesk
    from venue.web.trading.desk import Desk

Right = Literal["read", "trade", "operate"]
Via = Literal["token", "cookie", "anonymous", "nobody"]


@dataclass(slots=True)
class User:
    """A user of the configuration, and what his sessions can do. `desk` and `operator` are None
    where he has no such session; users of one session share them.
    """

    config: UserConfig
    desk: "Desk | None" = None
    operator: "OperatorDesk | None" = None

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def sessions(self) -> list[str]:
        """The CompIDs of his sessions."""
        return [comp_id for _, comp_id, _ in self.config.uses]

    def rights(self, read_only: bool) -> list[Right]:
        """What he may do, with a token that is read-only or not."""
        rights: list[Right] = ["read"]
        if self.config.session is not None and not read_only:
            rights.append("trade")
        if self.config.operator is not None and not read_only:
            rights.append("operate")
        return rights


class Principal(NamedTuple):
    """Who has asked. `user` is None of nobody; `key` names who shares a rate; `csrf` is what a page
    sends along. `id` is that of the token or the login, which ends at `expires_at`, in seconds
    since 1970, if it does.
    """

    user: User | None
    via: Via
    key: str
    read_only: bool = False
    csrf: str | None = None
    id: str | None = None
    expires_at: float | None = None
