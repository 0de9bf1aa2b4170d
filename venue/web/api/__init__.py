"""REST: what may be asked over HTTP, how a request is read, and how every answer is described."""

from venue.web.api.install import install

__all__ = ["install"]
