"""The WebSocket: channels that are encoded once, and clients with bounded queues."""

from venue.web.ws.install import install

__all__ = ["install"]
