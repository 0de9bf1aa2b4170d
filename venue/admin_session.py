"""How `venue admin` asks: one request, as one more FIX client of the venue."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from venue.client.events import OperatorReport, VenueSession

Terms = dict[str, str | None]


class Operator(NamedTuple):
    """Where the venue is, and who asks."""

    comp_id: str
    host: str
    port: int
    target: str
    version: str
    username: str | None
    password: str | None

    def ask(self, action: str, terms: Terms) -> "OperatorReport":
        """Log on, ask, and return the answer. Raise `VenueError` where there is none."""
        from venue.client.client import connect
        from venue.client.errors import ClientError
        from venue.client.events import BusinessReject, OperatorReport, SessionReject
        from venue.errors import VenueError

        try:
            with connect(
                self.comp_id,
                host=self.host,
                port=self.port,
                target_comp_id=self.target,
                version=self.version,
                username=self.username,
                password=self.password,
                quickfix={"UseDataDictionary": "N"},  # the stock ones do not know these messages
            ) as client:
                request = client.operate(action, **terms)
                while True:
                    for event in client.events(client.timeout):
                        if isinstance(event, OperatorReport) and event.operator_req_id == request:
                            return event
                        if isinstance(event, SessionReject):
                            tag = event.ref_tag_id
                            raise VenueError(f"the venue rejects tag {tag}: {event.text}")
                        if isinstance(event, BusinessReject):
                            raise VenueError(f"the venue refuses: {event.text}")
                    raise VenueError(f"the venue does not answer within {client.timeout:g} s")
        except ClientError as error:
            raise VenueError(str(error)) from None


def session_lines(sessions: "Iterable[VenueSession]") -> "Iterator[str]":
    """A line a session, in columns, under one that names them."""
    rows = [("COMP_ID", "VERSION", "FIRM", "STATE", "NEXT OUT", "NEXT IN", "ADDRESS", "ROLES")]
    rows += [
        (
            *(each.comp_id, each.version, each.firm, each.state),
            *(str(each.next_out), str(each.next_in), each.address or "-", " ".join(each.roles)),
        )
        for each in sessions
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
