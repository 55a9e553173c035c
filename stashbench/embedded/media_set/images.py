"""Makes the ordinary images, and further copies of some in another size: one run of FFmpeg for all of a form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stashbench.embedded.media_set.ffmpeg import EXACT, FFmpeg
from stashbench.embedded.media_set.forms import NEAR_IMAGE, Form
from stashbench.embedded.media_set.pictures import as_input, picture
from stashbench.embedded.media_set.plan import Item
from stashbench.errors import LibraryError

_GIF_FRAMES = 4
_QUALITY = {"mjpeg": ("-q:v", "4", "-pix_fmt", "yuvj420p"), "png": ("-pix_fmt", "rgb24"), "libwebp": ("-q:v", "60")}
_POOR = ("-q:v", "14", "-pix_fmt", "yuvj420p")


def make_images(ffmpeg: FFmpeg, form: Form, items: Sequence[Item], work: Path, seed: int) -> dict[int, Path]:
    """Make all images of one form; return where each is, by the number of its item."""
    work.mkdir()
    if form.ending == "gif":
        made = {item.number: _animate(ffmpeg, form, item, work, seed) for item in items}
    else:
        made = _still(ffmpeg, form, items, work, seed, _QUALITY[form.video])
    return made


def make_near_images(ffmpeg: FFmpeg, items: Sequence[Item], work: Path, seed: int) -> dict[int, Path]:
    """Make smaller and coarser images of the same pictures."""
    work.mkdir()
    made = _still(ffmpeg, NEAR_IMAGE, items, work, seed, _POOR)
    for number, path in made.items():  # a second copy of one picture must not be an exact copy of the first
        with path.open("ab") as file:
            file.write(b"copy %d" % number)
    return made


def _still(
    ffmpeg: FFmpeg, form: Form, items: Sequence[Item], work: Path, seed: int, quality: tuple[str, ...]
) -> dict[int, Path]:
    frames = work / "frames.raw"
    frames.write_bytes(b"".join(picture(_name(seed, item)) for item in items))
    ffmpeg.run(
        *as_input(frames, 1),
        *("-vf", f"scale={form.width}:{form.height}:flags=bicubic", "-c:v", form.video, *quality, "-threads", "1"),
        *(*EXACT, "-f", "image2", work / f"%06d.{form.ending}"),
    )
    made = sorted(work.glob(f"*.{form.ending}"))
    if len(made) != len(items):
        message = f"FFmpeg made {len(made)} images where {len(items)} were asked for; another FFmpeg may do it right"
        raise LibraryError(message)
    return {item.number: path for item, path in zip(items, made, strict=True)}


def _animate(ffmpeg: FFmpeg, form: Form, item: Item, work: Path, seed: int) -> Path:
    frames, target = work / "frames.raw", work / f"{item.number}.gif"
    frames.write_bytes(picture(_name(seed, item), _GIF_FRAMES))
    ffmpeg.run(
        *as_input(frames, 2), "-vf", f"scale={form.width}:{form.height}:flags=bicubic", *EXACT, "-f", "gif", target
    )
    return target


def _name(seed: int, item: Item) -> str:
    return f"{seed}/picture/{item.source}"
