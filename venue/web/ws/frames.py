"""What goes out: JSON in a WebSocket frame of its own, the same bytes for everybody. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from venue.web.problems import Problem

_encode = msgspec.json.Encoder().encode
_TEXT = 0x81
"""A whole message of text."""
_SHORT, _LONG = 126, 1 << 16


def frame(content: Mapping[str, Any]) -> bytes:
    """RFC 6455, section 5.2: unmasked, as a server sends."""
    payload = _encode(content)
    size = len(payload)
    if size < _SHORT:
        return bytes((_TEXT, size)) + payload
    if size < _LONG:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + payload


def answer(op: str, named: Mapping[str, Any], **more: Any) -> bytes:
    """An answer to a client's message; `named` is what it repeats of that."""
    return frame({"op": op, **more, **named})


def refusal(problem: Problem, named: Mapping[str, Any]) -> bytes:
    """Why a client's message is not carried out."""
    return answer("error", named, code=problem.code, detail=problem.detail)


def items(channel: str, kind: str, name: str, values: Sequence[Any], **more: Any) -> bytes:
    """Data that is a list: all there is (`snapshot`) or what is new (`update`)."""
    return frame({"channel": channel, **more, "type": kind, name: values})
