"""Reads what a scan must know of a media file: MP4 and QuickTime boxes, PNG and JPEG headers; nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BOX_HEADER = struct.Struct(">I4s")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CODEC_NAMES = {"avc1": "h264", "hvc1": "hevc", "hev1": "hevc", "av01": "av1", "vp09": "vp9", "mp4v": "mpeg4"}
_AUDIO_NAMES = {"mp4a": "aac", "Opus": "opus", "ac-3": "ac3"}
_MOVIE_HEAD_LIMIT_BYTES = 64 * 1024 * 1024  # a larger index is not a video of a library but damage
_FIXED_POINT_16 = 65536


class ProbeError(ValueError):
    """The file is not a media file this server can read; the message says which and why."""


@dataclass(frozen=True)
class VideoFacts:
    """What a video file says of itself. Empty codec names mean that there is no such stream."""

    duration_seconds: float
    width: int
    height: int
    frame_rate: float
    video_codec: str
    audio_codec: str
    container: str = "mp4"


@dataclass(frozen=True)
class ImageFacts:
    """What an image file says of itself."""

    format: str
    width: int
    height: int


def probe_video(path: Path) -> VideoFacts:
    """Read the facts of an MP4 or QuickTime file. ProbeError for anything else, OSError if it cannot be read."""
    movie = _movie_box(path)
    try:
        return _video_facts(path, movie)
    except (struct.error, KeyError, IndexError, ZeroDivisionError, UnicodeDecodeError) as error:
        message = f"{path} has a damaged index: {type(error).__name__}"
        raise ProbeError(message) from error


def probe_image(path: Path) -> ImageFacts:
    """Read format and size of a PNG or JPEG file. ProbeError for anything else, OSError if it cannot be read."""
    with path.open("rb") as file:
        head = file.read(1024 * 1024)
    if head.startswith(_PNG_SIGNATURE) and len(head) >= 24:  # noqa: PLR2004 - signature, box header, width, height
        width, height = struct.unpack_from(">II", head, 16)
        return ImageFacts("png", width, height)
    if head.startswith(b"\xff\xd8"):
        return _jpeg_facts(path, head)
    message = f"{path} is neither PNG nor JPEG"
    raise ProbeError(message)


def _movie_box(path: Path) -> bytes:
    """Return the content of the top-level `moov` box without reading the media data."""
    with path.open("rb") as file:
        while len(header := file.read(_BOX_HEADER.size)) == _BOX_HEADER.size:
            size, kind = _BOX_HEADER.unpack(header)
            content_bytes = size - _BOX_HEADER.size
            if size == 1:  # a 64-bit size follows
                content_bytes = int.from_bytes(file.read(8), "big") - _BOX_HEADER.size - 8
            if kind == b"moov" and 0 < content_bytes <= _MOVIE_HEAD_LIMIT_BYTES:
                return file.read(content_bytes)
            if content_bytes < 0:
                break
            file.seek(content_bytes, 1)
    message = f"{path} has no movie header; only MP4 and QuickTime files are read"
    raise ProbeError(message)


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (type, content) of the boxes in a box."""
    position = 0
    while position + _BOX_HEADER.size <= len(data):
        size, kind = _BOX_HEADER.unpack_from(data, position)
        if size < _BOX_HEADER.size:
            return
        yield kind.decode("latin-1"), data[position + _BOX_HEADER.size : position + size]
        position += size


def _find(data: bytes, *path: str) -> bytes:
    """Return the content of the first box along a path of types; KeyError if there is none."""
    for kind in path:
        data = dict(reversed(list(_boxes(data))))[kind]
    return data


def _timing(box: bytes) -> tuple[int, int]:
    """Return (units per second, length in units) of a movie or media header of either version."""
    if box[0] == 1:
        scale, length = struct.unpack_from(">IQ", box, 20)
    else:
        scale, length = struct.unpack_from(">II", box, 12)
    return scale, length


def _video_facts(path: Path, movie: bytes) -> VideoFacts:
    scale, length = _timing(_find(movie, "mvhd"))
    video: tuple[str, int, int, float] | None = None
    audio_codec = ""
    for track in (content for kind, content in _boxes(movie) if kind == "trak"):
        handler = _find(track, "mdia", "hdlr")[8:12]
        codec = _find(track, "mdia", "minf", "stbl", "stsd")[12:16].decode("latin-1")
        if handler == b"vide" and video is None:
            width, height = struct.unpack(">II", _find(track, "tkhd")[-8:])
            video = (codec, width // _FIXED_POINT_16, height // _FIXED_POINT_16, _frame_rate(track))
        elif handler == b"soun":
            audio_codec = _AUDIO_NAMES.get(codec, codec)
    if video is None:
        message = f"{path} has no video stream"
        raise ProbeError(message)
    name, width, height, frame_rate = video
    return VideoFacts(length / scale, width, height, frame_rate, _CODEC_NAMES.get(name, name), audio_codec)


def _frame_rate(track: bytes) -> float:
    """Return frames per second: samples of the track over its length."""
    scale, length = _timing(_find(track, "mdia", "mdhd"))
    table = _find(track, "mdia", "minf", "stbl", "stts")
    (entry_count,) = struct.unpack_from(">I", table, 4)
    sample_count = sum(struct.unpack_from(">I", table, 8 + 8 * index)[0] for index in range(entry_count))
    return float(sample_count * scale / length)


def _jpeg_facts(path: Path, head: bytes) -> ImageFacts:
    """Walk the segments to the one that holds the size."""
    position = 2
    while position + 9 <= len(head) and head[position] == 0xFF:  # noqa: PLR2004 - the byte that begins each marker
        marker = head[position + 1]
        if marker in _JPEG_SIZE_MARKERS:
            height, width = struct.unpack_from(">HH", head, position + 5)
            return ImageFacts("jpeg", width, height)
        position += 2 + int(struct.unpack_from(">H", head, position + 2)[0])
    message = f"{path} is a JPEG without a size"
    raise ProbeError(message)
