"""Who is stopped: a firm, or an account of it, that may enter nothing until it is released."""

from venue.core import commands as c
from venue.core.events import Event
from venue.core.market import Refusal
from venue.core.reports import dropped
from venue.core.trading import Trading
from venue.core.types import ExecRestatementReason, OrdRejReason, OrdStatus


class KillSwitch:
    """Carries out the commands of kill switches; `engaged` are the firms and accounts that are
    stopped, an account of "" being all of a firm's.
    """

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self.engaged: set[tuple[str, str]] = set()

    def engage(self, command: c.EngageKillSwitch) -> list[Event]:
        """Cancel every live order, those that wait too, and take no more. O(live orders)."""
        firm, account = command.firm, command.account
        self.engaged.add((firm, account))
        events: list[Event] = []
        text = f"the kill switch of {_named(firm, account)} is engaged"
        for order in self._trading.live():
            if order.firm == firm and (not account or order.account == account):
                self._trading.end(order, OrdStatus.CANCELED)
                reason = ExecRestatementReason.MARKET_OPTION
                events.append(dropped(order, self._trading.ids, text, reason))
        self._trading.settle_all(events)
        return events

    def release(self, command: c.ReleaseKillSwitch) -> list[Event]:
        self.engaged.discard((command.firm, command.account))
        return []

    def stops(self, firm: str, account: str) -> bool:
        """Tell whether orders of an account are refused."""
        return (firm, "") in self.engaged or (firm, account) in self.engaged

    def refuses(self, firm: str, account: str) -> Refusal | None:
        """Why an order cannot be had."""
        if not self.engaged or not self.stops(firm, account):
            return None
        whose = _named(firm, "" if (firm, "") in self.engaged else account)
        return OrdRejReason.OTHER, f"the kill switch of {whose} is engaged"


def _named(firm: str, account: str) -> str:
    return f"firm {firm}, account {account}" if account else f"firm {firm}"
