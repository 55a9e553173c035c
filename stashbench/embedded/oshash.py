"""The OpenSubtitles hash, by which Stash knows a video file again: size and both ends of the file, never all of it."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

CHUNK_BYTES = 64 * 1024
_WORD_BYTES = 8
_MODULUS = 1 << 64


def hash_file(path: Path) -> str:
    """Return 16 hexadecimal digits: size + sum of the first and last 64 KiB as little-endian 64-bit words.

    A file shorter than 64 KiB is summed twice, as far as whole words go. OSError if it cannot be read, ValueError if
    it has no more than 8 bytes, for which the hash is not defined.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size <= _WORD_BYTES:
            message = f"{path} has only {size} bytes; its hash needs more than {_WORD_BYTES}"
            raise ValueError(message)
        chunk_bytes = min(size // _WORD_BYTES * _WORD_BYTES, CHUNK_BYTES)
        file.seek(0)
        head = file.read(chunk_bytes)
        file.seek(size - chunk_bytes)
        tail = file.read(chunk_bytes)
    return f"{(size + _sum_words(head) + _sum_words(tail)) % _MODULUS:016x}"


def _sum_words(data: bytes) -> int:
    """Add up little-endian 64-bit words."""
    words = array("Q", data)
    if sys.byteorder == "big":
        words.byteswap()
    return sum(words)
