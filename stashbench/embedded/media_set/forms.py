"""The kinds of video and image files that are made, and what FFmpeg must be able to do for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["video", "image"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a picture is written to a file; sizes in pixels, even numbers.

    `video` and `audio` are FFmpeg's names of encoders; `audio` is empty for silent ones, and for images. An empty
    `video` needs no FFmpeg: such a file is written by ourselves.
    """

    kind: Kind
    ending: str
    width: int
    height: int
    video: str
    audio: str = ""
    frame_rate: int = 25
    muxer: str = ""

    @property
    def needs(self) -> frozenset[str]:
        """Encoders without which it cannot be made."""
        return frozenset(filter(None, (self.video, self.audio)))

    @property
    def is_indexed_at_end(self) -> bool:
        """Whether a file cut short loses its index, without which nobody can read it."""
        return self.ending in {"mp4", "mov"}


_VIDEOS = (
    (Form("video", "mp4", 640, 360, "libx264", "aac", muxer="mp4"), 6),
    (Form("video", "mp4", 1280, 720, "libx264", "aac", 30, "mp4"), 3),
    (Form("video", "mkv", 854, 480, "libx264", "aac", 24, "matroska"), 3),
    (Form("video", "mkv", 640, 480, "libx264", "", muxer="matroska"), 2),
    (Form("video", "mov", 360, 640, "libx264", "aac", 30, "mov"), 2),
    (Form("video", "webm", 640, 360, "libvpx-vp9", "libopus", muxer="webm"), 3),
    (Form("video", "mp4", 320, 240, "mpeg4", "", muxer="mp4"), 1),
)
_IMAGES = (
    (Form("image", "jpg", 800, 600, "mjpeg"), 6),
    (Form("image", "jpg", 600, 900, "mjpeg"), 3),
    (Form("image", "png", 320, 240, "png"), 3),
    (Form("image", "webp", 640, 480, "libwebp"), 3),
    (Form("image", "gif", 160, 120, "gif", muxer="gif"), 1),
)
PLAIN_VIDEO = Form("video", "mp4", 1280, 720, "")
PLAIN_IMAGE = Form("image", "png", 64, 48, "")
NEAR_IMAGE = Form("image", "jpg", 400, 300, "mjpeg")
_NEEDED = frozenset({"mpeg4", "mjpeg"})


def can_encode(encoders: frozenset[str]) -> bool:
    """Say whether an FFmpeg with these encoders is good for anything here; FFmpeg's own two are always built in."""
    return encoders >= _NEEDED


def choose(kind: Kind, encoders: frozenset[str]) -> tuple[Form, ...]:
    """Give the forms of a kind that can be made, each as often as its weight; without FFmpeg the plain one."""
    if not can_encode(encoders):
        return (PLAIN_VIDEO if kind == "video" else PLAIN_IMAGE,)
    weighted = _VIDEOS if kind == "video" else _IMAGES
    return tuple(form for form, weight in weighted if form.needs <= encoders for _ in range(weight))
