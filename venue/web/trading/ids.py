"""ClOrdIDs that the web makes of its users': an amendment needs another one, and the order keeps
the name that it was given.
"""

import re

from venue.web.trading.terms import LONGEST_NAME, checked_name, invalid

_AMENDED = re.compile(r"~[0-9a-z]+-[0-9]+\Z")


def amended(present: str, unused: str) -> str:
    """The id of an order's amendment: the one that was chosen and, behind a ~, what makes `unused`
    the only one, which is the client's own. Where that is too long, `unused`.
    """
    id_ = f"{chosen(present)}~{'-'.join(unused.rsplit('-', 2)[1:])}"
    return id_ if len(id_) <= LONGEST_NAME else unused


def chosen(id_: str) -> str:
    """The id that was chosen for an order that has this one now."""
    return _AMENDED.sub("", id_)


def check_new(field: str, name: str, given: str) -> None:
    """Raise a Problem for an id that cannot be, or that the web may give to another order: those
    begin as the `given` one does, or end as those of `amended` do.
    """
    prefix = given.rpartition("-")[0] + "-"
    if checked_name(field, name).startswith(prefix):
        raise invalid((field, name, f"an id that does not begin with {prefix}"))
    if chosen(name) != name:
        raise invalid((field, name, "an id that does not end as those of amended orders do"))
