"""How many messages a session may send, and what becomes of it when it sends more."""

from collections import deque

from venue.config import ThrottleConfig

SECOND = 1_000_000_000


class Throttle:
    """A bucket of tokens, one a message: `messages` of them at first and at most, and as many anew
    every `seconds`, evenly. `text` says so.

    Times are nanoseconds since 1970 UTC and never go back.
    """

    def __init__(self, messages: int, seconds: int, breaches: int, within: int) -> None:
        """Too often are `breaches` messages over the rate `within` seconds."""
        self.text = f"over the session's rate of {messages} messages in {seconds} s"
        self._rate = messages
        # A token is as many units as make each nanosecond worth a whole number of them.
        self._token = seconds * SECOND
        self._units = self._full = messages * self._token
        self._time = 0
        self._within = within * SECOND
        self._breaches: deque[int] = deque(maxlen=breaches)

    @classmethod
    def configured(cls, config: ThrottleConfig) -> "Throttle":
        return cls(config.messages, config.seconds, config.breaches, config.within)

    def take(self, now: int) -> bool:
        """Take the token of a message that came `now`; tell whether there was one."""
        units = min(self._full, self._units + (now - self._time) * self._rate)
        self._time = now
        taken = units >= self._token
        self._units = units - self._token if taken else units
        return taken

    def breach(self, now: int) -> bool:
        """Note a message without a token; tell whether this is too often, and begin to count anew
        if it is.
        """
        breaches = self._breaches
        breaches.append(now)
        too_often = len(breaches) == breaches.maxlen and now - breaches[0] <= self._within
        if too_often:
            breaches.clear()
        return too_often
