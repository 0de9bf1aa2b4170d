"""What a ResendRequest(2) is answered with, message by message."""

from collections.abc import Callable, Iterator

from msgspec import Struct
from structlog import get_logger

from venue.errors import JournalError
from venue.journal.batch import SentBatch

log = get_logger()


class Repeat(Struct, frozen=True, gc=False):
    """A report that goes out again under its own MsgSeqNum(34).

    `time` is its first SendingTime(52), in nanoseconds since 1970 UTC.
    """

    number: int
    text: str
    time: int

    @property
    def next(self) -> int:
        return self.number + 1


class Gap(Struct, frozen=True, gc=False):
    """Nothing worth repeating from `number` to before `next`: a SequenceReset(4) with
    GapFillFlag(123).
    """

    number: int
    next: int


class Resend:
    """The messages numbered `next` to `last`, which is moved on as they are taken."""

    def __init__(self, next: int, last: int, items: Iterator[Repeat | Gap]) -> None:
        self.next = next
        self.last = last
        self._items = items

    def __iter__(self) -> Iterator[Repeat | Gap]:
        for item in self._items:
            self.next = item.next
            yield item


def repeats(
    session: str,
    first: int,
    last: int,
    oldest: int,
    batches: list[int],
    fetch: Callable[[int], SentBatch],
) -> Iterator[Repeat | Gap]:
    """What was sent to a session under the numbers `first` to `last`, without a hole.

    `batches` hold its reports, of which those before number `oldest` are gone by. A batch that
    cannot be read is logged, and its reports are missing.
    """
    next = first
    for seq in batches:
        try:
            batch = fetch(seq)
        except JournalError as error:
            log.error("reports cannot be sent again", session=session, error=str(error))
            continue
        for sent in batch.sent:
            if sent.session != session or not sent.first:
                continue
            for number, text in enumerate(sent.texts, sent.first):
                if next <= number <= last and oldest <= number:
                    if next < number:
                        yield Gap(next, number)
                    yield Repeat(number, text, batch.time)
                    next = number + 1
    if next <= last:
        yield Gap(next, last + 1)
