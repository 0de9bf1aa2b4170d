"""What a client has not read, and when it is cut off, by the figures alone."""

import pytest

from venue.gateway.kernel import Kernel
from venue.gateway.reader import Reader

MOST = 1000


class Client:
    """Time, what QuickFIX was given, and what the kernel has had and the client has taken of it.

    `tells` is whether the kernel says so; its buffer holds 100 bytes.
    """

    def __init__(self, tells: bool = True) -> None:
        self.now = 50.0
        self.handed = self.taken = self.received = 0
        self.tells = tells
        self.reader = Reader(MOST, 30, self.now)

    @property
    def kernel(self) -> Kernel:
        waiting = min(self.handed - self.taken, 100)
        return Kernel(self.taken, waiting, self.received)

    def look(self, seconds: float = 0.05, hand: int = 0, take: int = 0) -> str | None:
        """Let time pass, and look; ask where that is due. Return the fault that is found."""
        self.now += seconds
        self.handed += hand
        self.taken += take
        self.reader.note(self.handed, self.kernel if self.tells else None, self.now)
        if self.reader.is_suspect(self.now):
            self.reader.ask(self.now)
            self.asked = self.now
        return self.reader.fault(self.now)

    asked = 0.0


def test_what_is_unread() -> None:
    client = Client()
    client.look(hand=250, take=50)
    assert (client.reader.queued, client.reader.waiting, client.reader.unread) == (100, 100, 200)
    client.look(take=200)
    assert client.reader.unread == 0


def test_what_was_handed_is_only_about_right() -> None:
    """More was said to be handed than was: known as soon as the queue is."""
    client = Client()
    client.reader.note(120, Kernel(60, 40, 0), client.now)
    assert client.reader.queued == 20
    assert not client.reader.is_emptied(Kernel(60, 50, 0))
    assert client.reader.is_emptied(Kernel(70, 30, 0))
    assert (client.reader.queued, client.reader.waiting) == (0, 30)
    client.reader.note(220, Kernel(110, 40, 0), client.now)
    assert client.reader.queued == 50


def test_less_was_said_to_be_handed() -> None:
    client = Client()
    client.reader.note(50, Kernel(60, 40, 0), client.now)
    assert client.reader.queued == 0
    client.reader.note(80, Kernel(60, 40, 0), client.now)
    assert client.reader.queued == 30


@pytest.mark.parametrize("tells", [True, False])
def test_too_much_is_unread(tells: bool) -> None:
    client = Client(tells)
    assert client.look(hand=MOST // 2) is None
    assert client.look(hand=10) is None
    assert client.look(hand=MOST // 2) is None
    fault = client.look(hand=1)
    assert fault == "1011 bytes are unread, more than 1000"


@pytest.mark.parametrize("tells", [True, False])
def test_the_answers_to_one_request(tells: bool) -> None:
    """However much is sent at once, nobody is cut off who then reads it."""
    client = Client(tells)
    assert client.look(hand=50 * MOST) is None
    for _ in range(99):
        assert client.look(hand=1, take=MOST // 2) is None
        if not tells:
            client.reader.answer(client.now)
    assert client.look(hand=MOST // 2 - 1, take=MOST) is None


def test_nothing_is_read() -> None:
    client = Client()
    client.look(hand=10)
    assert client.look(0.99) is None and not client.asked
    assert client.look(0.02) is None and client.asked
    assert client.look(29.9) is None
    assert client.look(0.2) == "10 bytes are unread, and none was read for 30 s"


def test_a_little_is_read_now_and_then() -> None:
    client = Client()
    client.look(hand=90)
    for _ in range(60):
        assert client.look(29, take=1) is None
    assert client.look(2) is None
    assert client.look(29) is None
    assert client.look(1) is not None


def test_an_answer_gives_time() -> None:
    client = Client()
    client.look(hand=10)
    client.look(1.1)
    client.reader.answer(client.now + 29)
    assert client.look(29.5) is None
    assert client.look(1) is None
    assert client.look(28) is None
    assert client.look(3) is not None


def test_who_had_nothing_to_read_was_not_slow() -> None:
    client = Client()
    client.look(hand=10, take=10)
    client.look(100)
    client.look(hand=10)
    assert not client.asked


def test_where_the_kernel_does_not_tell() -> None:
    """It is asked when some has come together; its answer tells that it has read all before."""
    client = Client(tells=False)
    client.look(hand=MOST // 8 - 1)
    assert not client.asked
    client.look(hand=1)
    assert client.asked
    client.look(hand=7)
    client.reader.answer(client.now)
    client.look()
    assert client.reader.unread == 7
    client.look(hand=MOST // 8)
    assert client.asked == client.now
    assert client.look(30) == "132 bytes are unread, and none was read for 30 s"


def test_what_is_sent_without_sense() -> None:
    reader = Reader(MOST, 30, 50.0)
    assert reader.senseless(7, Kernel(0, 0, 5000)) is None
    assert reader.senseless(7, Kernel(0, 0, 5100)) is None
    assert reader.senseless(8, Kernel(0, 0, 6500)) is None
    assert reader.senseless(8, Kernel(0, 0, 6625)) is None
    fault = reader.senseless(8, Kernel(0, 0, 6626))
    assert fault == "126 bytes came without message 8, more than 125"
