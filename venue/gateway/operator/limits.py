"""What an operator asks for of limits and kill switches."""

from collections.abc import Collection, Iterator, Mapping

import msgspec
from msgspec.structs import astuple

from venue.configuration.limits import LimitsConfig, contradictions
from venue.core.limits import Limits, Scope
from venue.core.venue import Venue
from venue.core.venue_commands import DefineLimits, EngageKillSwitch, ReleaseKillSwitch
from venue.fix.listings import ALL, NO_ACCOUNT, FirmState, LimitState, written_out
from venue.fix.operator import LIMITS, OperatorRequest
from venue.fix.order_fault import MAX_ID
from venue.gateway.operator.decision import Decision, fault, is_number, one_of
from venue.gateway.operator.orders import firm_of
from venue.schema import mismatches

Accounts = Mapping[str, Collection[str] | None]
NONE = "none"
"""Takes a limit away."""
FLAGS = {"Y": "true", "N": "false"}
SAID = {term: said for said, term in FLAGS.items()}


class LimitDesk:
    """Decides by what `venue` is. `configured` are the firms that a configuration names, with their
    accounts; None is any.
    """

    def __init__(self, venue: Venue, configured: Accounts) -> None:
        self._venue = venue
        self._configured = configured

    def firms(self) -> Collection[str]:
        """Every firm that may have orders or limits."""
        return {*self._known(), *(order.firm for order in self._venue.orders.by_id.values())}

    def _known(self) -> set[str]:
        """The same, but for who has live orders and nothing else. O(firms)."""
        scopes = (scope.firm for scope in self._venue.risk.limits if scope.firm)
        return {*self._configured, *scopes, *self._venue.ledger.firms}

    def limit(self, request: OperatorRequest) -> Decision:
        """Set limits of a scope; what is not given stays."""
        scope = self._scope(request)
        given = {name: value for name, value in request.given.items() if name in LIMITS}
        if not given:
            raise fault("max_order_qty", "", "this or another limit")
        terms = dict(_texts(self._venue.risk.limits.get(scope, Limits())))
        for name, value in given.items():
            terms.pop(name, None)
            if value != NONE:
                terms[name] = self._term(name, value)
        if "max_messages" not in terms and "message_seconds" not in given:
            terms.pop("message_seconds", None)
        at_scope = {"firm": scope.firm, "account": scope.account, "symbol": scope.symbol}
        terms |= {name: value for name, value in at_scope.items() if value}
        for at, expected, _ in mismatches(LimitsConfig, terms):
            raise fault(str(at[0]), given.get(str(at[0])), expected)
        config = msgspec.convert(terms, LimitsConfig, strict=False)
        limits = config.limits
        if limits == Limits():
            return self._unlimited(scope)
        for name, expected in self._contradictions(config):
            raise fault(name, given.get(name, str(terms.get(name, ""))), expected)
        changed = ", ".join(f"{name} {value}" for name, value in given.items())
        return Decision(f"limits of {scope.text}: {changed}", (DefineLimits(scope, limits),))

    def _contradictions(self, config: LimitsConfig) -> Iterator[tuple[str, str]]:
        """Which of the limits cannot be beside the others, and what it may be."""
        for at, expected in config.faults():
            yield str(at[0]) if at else "message_seconds", expected
        scope, limits = config.scope, config.limits
        instrument = self._venue.instruments.get(scope.symbol)
        if instrument is not None and limits.max_order_qty is not None:
            least = instrument.spec.min_qty
            if limits.max_order_qty < least:
                yield "max_order_qty", f"at least the min_qty {least:f} of {scope.symbol}"
        yield from contradictions(scope, limits, self._venue.risk.limits)

    def unlimit(self, request: OperatorRequest) -> Decision:
        """Take all limits of a scope away."""
        return self._unlimited(self._scope(request))

    def kill(self, request: OperatorRequest) -> Decision:
        """Cancel all orders of a firm, or of one account of it, and take no more."""
        firm = firm_of(request, self.firms())
        account = self._account(request, firm)
        if (firm, account) in self._venue.risk.kills.engaged:
            raise fault("firm", firm, "one whose kill switch is not engaged")
        told = f"the kill switch of {Scope(firm, account).text} is engaged"
        return Decision(told, (EngageKillSwitch(firm, account),))

    def release(self, request: OperatorRequest) -> Decision:
        """Take orders of a firm, or of one account of it, again."""
        firm = firm_of(request, self.firms())
        account = self._account(request, firm)
        if (firm, account) not in self._venue.risk.kills.engaged:
            raise fault("firm", firm, "one whose kill switch is engaged")
        told = f"the kill switch of {Scope(firm, account).text} is released"
        return Decision(told, (ReleaseKillSwitch(firm, account),))

    def limits(self, request: OperatorRequest) -> Decision:
        """Tell all limits, or those that hold for a firm."""
        firm = firm_of(request, self.firms()) if "firm" in request.given else None
        defined = self._venue.risk.limits
        rows = []
        for scope, limits in sorted(defined.items(), key=lambda each: astuple(each[0])):
            if firm is None or scope.firm in ("", firm):
                whose, account, symbol = (written_out(part) or ALL for part in astuple(scope))
                rows.append(LimitState(whose, account, symbol, ",".join(_said(limits))))
        told = f"limits of {len(rows)} scope{'' if len(rows) == 1 else 's'}"
        return Decision(told if firm is None else f"{told} for firm {firm}", rows=tuple(rows))

    def standing(self, _: OperatorRequest) -> Decision:
        """Tell of every firm whether its orders are taken."""
        engaged = self._venue.risk.kills.engaged
        killed: dict[str, list[str]] = {firm: [] for firm in self._known()}
        for firm, account in sorted(engaged):
            accounts = killed.setdefault(firm, [])
            if account:
                accounts.append(written_out(account))
        rows = tuple(
            FirmState(
                written_out(firm),
                "killed" if (firm, "") in engaged else "trading",
                ",".join(accounts) or NO_ACCOUNT,
            )
            for firm, accounts in sorted(killed.items())
        )
        switches = f"{len(engaged)} kill switch{'' if len(engaged) == 1 else 'es'} engaged"
        return Decision(f"{len(rows)} firm{'' if len(rows) == 1 else 's'}, {switches}", rows=rows)

    def _unlimited(self, scope: Scope) -> Decision:
        if scope not in self._venue.risk.limits:
            raise fault("firm", scope.firm or "each firm", f"limits, {scope.text} has none")
        return Decision(f"{scope.text} has no limits", (DefineLimits(scope, None),))

    def _scope(self, request: OperatorRequest) -> Scope:
        """Whose limits these are; without a firm those of each firm by itself."""
        firm = firm_of(request, self.firms()) if "firm" in request.given else ""
        symbol = request.given.get("symbol", "")
        if symbol and symbol not in self._venue.instruments:
            raise fault("symbol", symbol, "an instrument")
        return Scope(firm, self._account(request, firm), symbol)

    def _account(self, request: OperatorRequest, firm: str) -> str:
        account = request.given.get("account", "")
        owned = self._configured.get(firm)
        if len(account) > MAX_ID:
            raise fault("account", account, f"at most {MAX_ID} characters")
        if account and owned is not None and account not in owned:
            raise fault("account", account, one_of(owned))
        return account

    def _term(self, name: str, value: str) -> object:
        """What a configuration would say."""
        if name == "restricted_symbols":
            for symbol in value.split():
                if symbol not in self._venue.instruments:
                    raise fault(name, symbol, "an instrument")
            return value.split()
        if name == "allow_short":
            if value not in FLAGS:
                raise fault(name, value, "Y or N")
            return FLAGS[value]
        if not is_number(value):
            raise fault(name, value, f"a decimal number, or {NONE}")
        return value


def _texts(limits: Limits) -> Iterator[tuple[str, object]]:
    """What limits are, as a request would give them."""
    for name in LIMITS:
        value = getattr(limits, name)
        if isinstance(value, bool):
            yield name, str(value).lower()
        elif isinstance(value, tuple):
            yield name, list(value)
        elif value is not None:
            yield name, str(value) if isinstance(value, int) else f"{value:f}"


def _said(limits: Limits) -> Iterator[str]:
    """The limits that there are, as a request says them, as name=value without spaces."""
    for name, value in _texts(limits):
        if getattr(limits, name) != getattr(Limits(), name) or (
            name == "message_seconds" and limits.max_messages is not None
        ):
            text = " ".join(value) if isinstance(value, list) else str(value)
            yield f"{name}={written_out(SAID.get(text, text))}"
