"""Writes small media files, so that a scan has real files to walk, hash and probe where the user gave no folder.

The videos have a true MP4 index over random media data: a player shows nothing, a scanner reads all it needs.
"""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

VIDEO_COUNT = 24
IMAGE_COUNT = 12
VIDEO_BYTES = 192 * 1024  # more than two hash chunks, so that the middle of a file does not count
_TIMESCALE = 1000
_FRAME_RATE = 25
_HEIGHTS = (480, 720, 1080)


def write_sample_media(directory: Path, *, seed: int = 1) -> None:
    """Fill a folder with videos in two sub-folders and images in a third; equal seeds give equal bytes."""
    source = random.Random(seed)  # noqa: S311 - sample data
    for number in range(1, VIDEO_COUNT + 1):
        folder = directory / ("evening" if number % 2 else "morning")
        folder.mkdir(parents=True, exist_ok=True)
        height = source.choice(_HEIGHTS)
        content = source.randbytes(VIDEO_BYTES)
        (folder / f"clip {number}.mp4").write_bytes(
            mp4_bytes(source.randint(5, 900), height * 16 // 9, height, content)
        )
    folder = directory / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, IMAGE_COUNT + 1):
        colour = (source.randrange(256), source.randrange(256), source.randrange(256))
        (folder / f"photo {number}.png").write_bytes(png_bytes(64, 48, colour))


def mp4_bytes(duration_seconds: int, width: int, height: int, content: bytes) -> bytes:
    """Return an MP4 file with one H.264 track of that length and size over the given media data."""
    length = duration_seconds * _TIMESCALE
    timing = struct.pack(">IIIII", 0, 0, 0, _TIMESCALE, length)
    track_header = (
        struct.pack(">IIIIII", 7, 0, 0, 1, 0, length) + bytes(52) + struct.pack(">II", width << 16, height << 16)
    )
    frames = struct.pack(">IIII", 0, 1, duration_seconds * _FRAME_RATE, _TIMESCALE // _FRAME_RATE)
    description = struct.pack(">II", 0, 1) + _box(b"avc1", bytes(78))
    media = _box(
        b"mdia",
        _box(b"mdhd", timing + bytes(4))
        + _box(b"hdlr", bytes(8) + b"vide" + bytes(13))
        + _box(b"minf", _box(b"stbl", _box(b"stsd", description) + _box(b"stts", frames))),
    )
    movie = _box(b"mvhd", timing + bytes(80)) + _box(b"trak", _box(b"tkhd", track_header) + media)
    kind = _box(b"ftyp", b"isom" + bytes(4) + b"isommp41")
    return kind + _box(b"moov", movie) + _box(b"mdat", content)


def png_bytes(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Return a PNG image of one colour."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + bytes(colour) * width) * height
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
