"""Tiny PNG pictures, real enough for any decoder, without a compressor whose output could differ between machines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from struct import pack
from zlib import adler32, crc32

from stashbench.embedded.library.randomness import Stream

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH_BITS = 2
_PIXELS_PER_BYTE = 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))


def _stored(data: bytes) -> bytes:
    """Wrap `data` (under 64 KiB) as a zlib stream of one uncompressed block."""
    return b"\x78\x01\x01" + pack("<HH", len(data), len(data) ^ 0xFFFF) + data + pack(">I", adler32(data))


def draw_picture(width_pixels: int, height_pixels: int, noise: Iterator[int]) -> bytes:
    """Draw a mosaic of four random colours; the width must be a multiple of four pixels."""
    palette = bytes(islice(noise, 3 << _DEPTH_BITS))
    line_bytes = width_pixels // _PIXELS_PER_BYTE
    lines = b"".join(b"\x00" + bytes(islice(noise, line_bytes)) for _ in range(height_pixels))
    header = pack(">IIBBBBB", width_pixels, height_pixels, _DEPTH_BITS, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", _stored(lines)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def draw_blobs(stream: Stream, kind: str, count: int, *, width_pixels: int, height_pixels: int) -> dict[str, bytes]:
    """Draw `count` pictures, keyed by the MD5 in hexadecimal under which Stash stores a blob."""
    noise = stream.bytes(kind)
    pictures = (draw_picture(width_pixels, height_pixels, noise) for _ in range(count))
    return {hashlib.md5(picture, usedforsecurity=False).hexdigest(): picture for picture in pictures}
