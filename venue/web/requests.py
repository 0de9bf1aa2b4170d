"""Requests of a link that wait for the venue's answer.

Whatever an answer may name leads to its request: an id of ours, or the MsgSeqNum(34) that it was
sent with. A request ends with an answer, a refusal, the loss of the connection or the lack of news
for some seconds; never without one of these.

The first message of a request is what is asked for, the one behind it only asks what became of it:
its refusal says nothing of the first, so it is asked again.

What our own QuickFIX refuses to read names no request of ours. Then the venue is asked something
that it can only answer in a few words; whatever was asked before and has no answer by then has lost
it.
"""

import asyncio
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from venue.client import BusinessReject, Event, LoggedOut, SessionReject
from venue.client.wire import Field
from venue.web.link import Link
from venue.web.problems import Problem, no_answer, refused, venue_down

SECONDS = 5.0
PATIENCE = 5.0
"""How long a question or a cancel may wait until the venue's throttle lets it pass; an order does
not wait.
"""
MOST = 2_000
"""Requests under way at once."""
AGAIN_SECONDS = 1.0
"""After which is asked again what became of it."""
NOT_AVAILABLE, THROTTLED = "4", "8"
"""BusinessRejectReason(380)."""
Rejection = BusinessReject | SessionReject
Message = tuple[str, list[Field]]


def status_message(req_id: str, client_order_id: str, order_id: str | None = None) -> Message:
    """An OrderStatusRequest (H). Side(54) has to be there, and is not looked at."""
    named = [] if order_id is None else [(37, order_id)]
    return "H", [(11, client_order_id), *named, (54, "1"), (790, req_id)]


class Request:
    """One that is under way: `future` is its answer, `found` what has come of it so far."""

    def __init__(
        self, what: str, messages: tuple[Message, ...], ids: tuple[str, ...], seconds: float
    ) -> None:
        loop = asyncio.get_running_loop()
        self.what = what
        self.messages = messages
        self.ids = ids
        self.found: list[Any] = []
        self.future: asyncio.Future[Any] = loop.create_future()
        self.seconds = seconds
        self.deadline = loop.time() + seconds
        self.seq_nums: list[int | None] = []

    def touch(self) -> None:
        """Some of the answer has come: wait on."""
        self.deadline = asyncio.get_running_loop().time() + self.seconds

    def answer(self, answer: object = None) -> None:
        if not self.future.done():
            self.future.set_result(answer)

    def is_about_first(self, event: Rejection) -> bool:
        """Tell whether it is what was asked for that is refused, not the question behind it."""
        if event.ref_seq_num in self.seq_nums:
            return event.ref_seq_num == self.seq_nums[0]
        return event.ref_msg_type in (None, self.messages[0][0])

    def fail(self, problem: Problem) -> None:
        if not self.future.done():
            self.future.set_exception(problem)


class Requests:
    """What is under way on a link. Whoever has it passes on the link's events to `apply`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._by_id: dict[str, Request] = {}
        self._by_seq_num: dict[int, Request] = {}
        self._probes: dict[str, list[Request]] = {}

    def __len__(self) -> int:
        return len(set(self._by_id.values()))

    def find(self, id_: str | None) -> Request | None:
        """Return the request that has this id, while it is under way."""
        return None if id_ is None else self._by_id.get(id_)

    def is_probe(self, id_: str | None) -> bool:
        """Tell whether a question of this id was sent to see whether others were answered."""
        return id_ in self._probes

    async def ask(
        self,
        what: str,
        messages: Iterable[Message],
        *ids: str,
        seconds: float = SECONDS,
        patience: float = 0,
        is_question: bool = True,
    ) -> Any:
        """Send messages and return what `Request.answer` is called with. `what` names it in a text.
        What is no question keeps to the share of orders in the throttle.

        Raise a Problem: 429 where the venue's throttle would not let it pass within `patience`, 503
        where it was not sent, 504 where there was no answer, or whatever the request was failed
        with.
        """
        if len(self._by_id) > 2 * MOST:
            raise Problem(503, "busy", "too much is under way", headers={"Retry-After": "1"})
        messages = tuple(messages)
        delay = self._link.reserve(len(messages), patience, is_question)
        if delay > 0:
            await asyncio.sleep(delay)
        request = Request(what, messages, ids, seconds)
        for id_ in ids:
            if id_ in self._by_id:
                raise Problem(409, "id_in_use", f"the id {id_} is that of a request under way")
        for id_ in ids:
            self._by_id[id_] = request
        timer = asyncio.get_running_loop().call_later(seconds, self._look, request)
        try:
            self._send_all(request)
            return await request.future
        finally:
            timer.cancel()
            self._forget(request)
            if not request.future.cancel() and not request.future.cancelled():
                request.future.exception()  # seen, also if nobody waits for it any more

    def apply(self, event: Event) -> None:
        """Take note of refusals, and of the end of the connection."""
        match event:
            case LoggedOut():
                for request in [*self._open]:
                    request.fail(_lost(request))
                self._probes.clear()
            case BusinessReject(by_client=True) | SessionReject(by_client=True):
                self._probe()
            case BusinessReject(ref_seq_num=seq_num, business_reject_ref_id=ref_id):
                self._refused(self._by_seq_num.get(seq_num or 0) or self.find(ref_id), event)
                self._probed(ref_id)
            case SessionReject(ref_seq_num=seq_num):
                self._refused(self._by_seq_num.get(seq_num), event)

    def answered_status(self, ord_status_req_id: str) -> None:
        """Take note of an answer to an OrderStatusRequest, which may be one of its own."""
        self._probed(ord_status_req_id)

    @property
    def _open(self) -> Iterator[Request]:
        return iter(dict.fromkeys(self._by_id.values()))

    def _send_all(self, request: Request) -> None:
        """Raise a Problem: of 503 where nothing was sent, of 504 where only some of it was."""
        for message in request.messages:
            try:
                self._send(request, message)
            except Problem:
                if request.seq_nums:
                    raise _lost(request) from None
                raise

    def _send(self, request: Request, message: Message) -> None:
        seq_num = self._link.send(*message)
        request.seq_nums.append(seq_num)
        if seq_num is not None:
            self._by_seq_num[seq_num] = request

    def _forget(self, request: Request) -> None:
        for id_ in request.ids:
            if self._by_id.get(id_) is request:
                del self._by_id[id_]
        for seq_num in request.seq_nums:
            if seq_num is not None and self._by_seq_num.get(seq_num) is request:
                del self._by_seq_num[seq_num]

    def _look(self, request: Request) -> None:
        """Give up on a request, unless there was news of it."""
        if request.future.done():
            return
        left = request.deadline - asyncio.get_running_loop().time()
        if left > 0:
            asyncio.get_running_loop().call_later(left, self._look, request)
        else:
            request.fail(no_answer(request.what))

    def _refused(self, request: Request | None, event: Rejection) -> None:
        if request is None:
            return
        if request.is_about_first(event):
            request.fail(_problem(request, event))
        else:
            delay = max(AGAIN_SECONDS, self._link.reserve(1, math.inf))
            asyncio.get_running_loop().call_later(delay, self._ask_again, request)

    def _ask_again(self, request: Request) -> None:
        """Ask what became of it; the connection may be lost meanwhile, or another."""
        if not request.future.done() and self._link.is_up:
            with suppress(Problem):
                self._send(request, request.messages[-1])

    def _probe(self) -> None:
        waiting = [*self._open]
        if not waiting or not self._link.is_up:
            return
        id_ = self._link.client().next_id()
        self._probes[id_] = waiting
        self._link.reserve(1, math.inf)
        self._link.send(*status_message(id_, id_))

    def _probed(self, id_: str | None) -> None:
        for request in self._probes.pop(id_ or "", ()):
            text = f"the venue's answer to {request.what} could not be read"
            request.fail(Problem(502, "unreadable_answer", text))


def _lost(request: Request) -> Problem:
    detail = f"the connection was lost before the venue answered {request.what}"
    return Problem(504, "no_answer", detail)


def _problem(request: Request, event: Rejection) -> Problem:
    text = event.text
    if isinstance(event, SessionReject):
        code = event.session_reject_reason
    else:
        code = event.business_reject_reason
        if code == THROTTLED:
            detail = f"too many messages: {text}"
            return Problem(429, "throttled", detail, headers={"Retry-After": "1"})
        if code == NOT_AVAILABLE:
            return venue_down(text)
    return refused(f"{request.what} was refused: {text or code}", code=code, text=text)
