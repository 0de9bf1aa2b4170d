"""What is whole in SQLite's write-ahead log: SQLite itself passes over the rest without a word.

The format is https://www.sqlite.org/fileformat2.html#walformat: a header, then frames of a header
and a page, each with a checksum over everything before it.
"""

import struct
from pathlib import Path
from typing import NamedTuple

_HEADER, _FRAME_HEADER = 32, 24
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""The byte order of the checksums, by the first four bytes."""
_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))


class Wal(NamedTuple):
    """`frames` are whole. `torn` says that the file ends in the middle of one write, which is what
    a crash leaves: nobody was answered. `damage` says what else is wrong, "" where nothing is.
    """

    frames: int
    torn: bool
    damage: str


def check_wal(path: Path) -> Wal:
    """Read a log through. Raise `OSError` where the file cannot be read."""
    content = path.read_bytes() if path.exists() else b""
    if not content:
        return Wal(0, False, "")
    if len(content) < _HEADER:
        return Wal(0, True, "")
    magic, _, page_size = struct.unpack_from(">III", content)
    order = _MAGIC.get(magic)
    if order is None or page_size not in _PAGE_SIZES:
        return Wal(0, False, "its header is damaged, nothing in it is read")
    salts = content[16:24]
    total = _checksum(content[:24], order, (0, 0))
    if total != struct.unpack_from(">II", content, 24):
        return Wal(0, False, "its header is damaged, nothing in it is read")
    size = _FRAME_HEADER + page_size
    frames = (len(content) - _HEADER) // size
    whole = 0
    for number in range(frames):
        at = _HEADER + number * size
        if content[at + 8 : at + 16] != salts:
            break
        total = _checksum(content[at : at + 8], order, total)
        total = _checksum(content[at + _FRAME_HEADER : at + size], order, total)
        if total != struct.unpack_from(">II", content, at + 16):
            break
        whole += 1
    later = [
        number
        for number in range(whole, frames)
        if _is_of(content[_HEADER + number * size + 8 :][:8], salts)
    ]
    if not later:  # behind it is at most what an earlier log has left
        return Wal(whole, whole == frames and (len(content) - _HEADER) % size != 0, "")
    for number in later[:-1]:
        (ends_a_write,) = struct.unpack_from(">I", content, _HEADER + number * size + 4)
        if ends_a_write:
            damage = f"frame {whole + 1} of {frames} is damaged, it and the rest are not read"
            return Wal(whole, False, damage)
    return Wal(whole, True, "")


def _is_of(found: bytes, salts: bytes) -> bool:
    """Whether a frame is of this log, even if one of its two salts is damaged: an earlier log's
    are both others.
    """
    return found[:4] == salts[:4] or found[4:] == salts[4:]


def _checksum(part: bytes, order: str, total: tuple[int, int]) -> tuple[int, int]:
    first, second = total
    words = struct.unpack(f"{order}{len(part) // 4}I", part)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
