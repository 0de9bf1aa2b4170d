"""What went wrong with a request, in the form of RFC 9457 (application/problem+json)."""

from typing import Any


class Problem(Exception):  # noqa: N818
    """An answer other than success.

    `code` is a stable word for programs (snake_case), `detail` a sentence that names field, value
    and limit, `more` further members: `venue_code` and `venue_text` are the venue's own, where it
    was the venue that refused. `headers` go with the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.more = more


def venue_down(text: str | None = None) -> Problem:
    """503: the web is not logged on to the venue; try again."""
    detail = f"the venue cannot be reached: {text}" if text else "the venue cannot be reached"
    return Problem(503, "venue_down", detail, headers={"Retry-After": "1"})


def no_answer(what: str) -> Problem:
    """504: it was sent, and what became of it is not known."""
    return Problem(504, "no_answer", f"the venue has not answered {what} in time")


def unknown(kind: str, name: str) -> Problem:
    """404: there is no such thing, or not for this user."""
    return Problem(404, f"unknown_{kind}", f"there is no {kind} {name!r}")


def refused(detail: str, *, code: str | None, text: str | None, **more: Any) -> Problem:
    """422: the venue has refused it, with its own code and text."""
    return Problem(422, "refused", detail, venue_code=code, venue_text=text, **more)
