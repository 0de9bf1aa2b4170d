"""Every message in the log, for who asks for that. Who does not has another acceptor, and pays
nothing.

Messages are those that QuickFIX hands to the venue, and all it sends: what QuickFIX itself finds
wrong is not among the first, but its Reject(3) among the second. Who is refused before a session
knows him is logged as `connection refused`.
"""

from typing import Any

from structlog import get_logger

from venue import log
from venue.fix.masking import readable
from venue.gateway.acceptor import Acceptor

RECEIVED, SENT = "message in", "message out"

logger = get_logger()


class LoggingAcceptor(Acceptor):
    """Writes a line for each message, market data too: that goes through QuickFIX here."""

    logs_messages = True

    def fromApp(self, message: Any, session_id: Any) -> None:
        self._log(RECEIVED, message, session_id)
        super().fromApp(message, session_id)

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        self._log(RECEIVED, message, session_id)
        super().fromAdmin(message, session_id)

    def toApp(self, message: Any, session_id: Any) -> None:
        super().toApp(message, session_id)
        self._log(SENT, message, session_id)

    def toAdmin(self, message: Any, session_id: Any) -> None:
        super().toAdmin(message, session_id)
        self._log(SENT, message, session_id)

    def _log(self, direction: str, message: Any, session_id: Any) -> None:
        try:
            session = self._by_address[int(session_id.this)]
            log.message(direction, session.name, readable(message.toString()))
        except Exception:
            logger.exception("defect", callback=direction)
