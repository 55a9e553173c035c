"""Pictures as raw pixels: coarse random patterns, no two alike, which FFmpeg enlarges to soft-edged images."""

from __future__ import annotations

from pathlib import Path
from random import Random

PIXELS_WIDE, PIXELS_HIGH = 16, 12
_FRAME_BYTES = PIXELS_WIDE * PIXELS_HIGH * 3


def picture(name: str, count: int = 1) -> bytes:
    """Give the `count` pictures of that name, end to end; equal names give equal pictures."""
    return Random(name).randbytes(_FRAME_BYTES * count)  # noqa: S311 - sample data


def as_input(path: Path, frames_per_second: int) -> tuple[str | Path, ...]:
    """Give the arguments by which FFmpeg reads a file of such pictures."""
    size = f"{PIXELS_WIDE}x{PIXELS_HIGH}"
    rate = str(frames_per_second)
    return ("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", size, "-framerate", rate, "-i", path)
