"""What ids were used for: the terms of orders, and why the venue has refused one.

So a request that comes a second time gets the same answer, as far as this process remembers.
"""

from typing import TypeVar

from venue.web.problems import Problem
from venue.web.trading.records import Record, field_of
from venue.web.trading.terms import ACCOUNT, EXEC_INST, OrderTerms, difference

K = TypeVar("K")
KEPT = 10_000


class Entered:
    """The last KEPT orders and the last KEPT refusals by ClOrdID."""

    def __init__(self) -> None:
        self._terms: dict[str, OrderTerms] = {}
        self._refusals: dict[str, tuple[OrderTerms, Problem]] = {}

    def accepted(self, id_: str, terms: OrderTerms) -> None:
        _note(self._terms, id_, terms)

    def refused(self, id_: str, terms: OrderTerms, problem: Problem) -> None:
        _note(self._refusals, id_, (terms, problem))

    def refusal(self, id_: str, terms: OrderTerms) -> Problem:
        """Return what to say of an id that was used for what is no order."""
        if id_ in self._refusals:
            refused_terms, problem = self._refusals[id_]
            if refused_terms == terms:
                return Problem(problem.status, problem.code, problem.detail, **problem.more)
        return in_use(id_, "was used for what is no order")

    def check(self, record: Record, id_: str, terms: OrderTerms) -> None:
        """Raise a Problem unless it is with these terms that an order was entered."""
        asked = self._terms.get(id_)
        if asked is not None:
            other = None if asked == terms else "terms"
        else:
            other = difference(
                terms,
                record.order,
                account=field_of(record.report, ACCOUNT),
                exec_inst=(field_of(record.report, EXEC_INST) or "").split(),
                is_amended=_may_be_amended(record, id_),
            )
        if other is not None:
            raise in_use(id_, f"is that of an order with other {other}")


def _may_be_amended(record: Record, id_: str) -> bool:
    """Tell whether an order may be another than it was under this id. Of one that has ended before
    this process began only its fills tell their ids.
    """
    if record.is_named or record.client_order_id != id_:
        return record.client_order_id != id_
    fills = record.order.fills
    return record.order.status != "filled" or not fills or fills[-1].client_order_id != id_


def in_use(id_: str, why: str) -> Problem:
    return Problem(409, "id_in_use", f"the id {id_} {why}")


def _note(known: dict[str, K], id_: str, what: K) -> None:
    known[id_] = what
    if len(known) > KEPT:
        del known[next(iter(known))]
