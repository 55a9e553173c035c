"""Makes the ordinary videos: one long source for each form, cut into files at its key frames without encoding again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from stashbench.embedded.media_set.ffmpeg import EXACT, FFmpeg
from stashbench.embedded.media_set.forms import Form
from stashbench.embedded.media_set.pictures import as_input, picture
from stashbench.embedded.media_set.plan import Item
from stashbench.errors import LibraryError

LONGEST_SOURCE_SECONDS = 120
"""Of each form; files beyond that are cut from the same source again, at other places."""

_SHIFTS = 9
_PICTURES_PER_SECOND = 2
_AUDIO_BITS_PER_SECOND = "48k"
_QUALITY = {
    "libx264": ("-preset", "veryfast", "-crf", "27", "-sc_threshold", "0", "-pix_fmt", "yuv420p"),
    "libvpx-vp9": ("-crf", "40", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuv420p"),
    "mpeg4": ("-qscale:v", "6", "-sc_threshold", "1000000000", "-pix_fmt", "yuv420p"),
}


def make_videos(ffmpeg: FFmpeg, form: Form, items: Sequence[Item], work: Path, seed: int) -> dict[int, Path]:
    """Make all videos of one form; return where each is, by the number of its item.

    Raises:
        LibraryError: FFmpeg failed, or cut otherwise than it was told.
    """
    work.mkdir()
    rounds = list(_rounds(items))
    source = work / f"source.{form.ending}"
    seconds = max(sum(item.seconds for item in batch) + _shift(turn) for turn, batch in enumerate(rounds))
    _encode(ffmpeg, form, source, seconds, f"{seed}/{form}")
    made: dict[int, Path] = {}
    for turn, batch in enumerate(rounds):
        made |= _cut(ffmpeg, form, source, batch, turn, work)
    source.unlink()
    return made


def _shift(turn: int) -> int:
    """Give how far into the source a round begins, in seconds, so that its cuts differ from those of the others."""
    return turn % _SHIFTS


def _rounds(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Divide the items into batches that fit into one source each."""
    batch: list[Item] = []
    seconds = 0
    for item in items:
        if batch and seconds + item.seconds > LONGEST_SOURCE_SECONDS:
            yield batch
            batch, seconds = [], 0
        batch.append(item)
        seconds += item.seconds
    yield batch


def _encode(ffmpeg: FFmpeg, form: Form, target: Path, seconds: int, name: str) -> None:
    frames = target.with_suffix(".raw")
    frames.write_bytes(picture(name, seconds * _PICTURES_PER_SECOND))
    rate = str(form.frame_rate)
    sound = ("-f", "lavfi", "-i", f"sine=frequency={200 + len(name) * 7}:duration={seconds}") if form.audio else ()
    audio = ("-c:a", form.audio, "-b:a", _AUDIO_BITS_PER_SECOND, "-shortest") if form.audio else ()
    ffmpeg.run(
        *as_input(frames, _PICTURES_PER_SECOND),
        *sound,
        *("-vf", f"scale={form.width}:{form.height}:flags=bicubic,fps={rate}"),
        *("-c:v", form.video, *_QUALITY[form.video], "-g", rate, "-keyint_min", rate, "-threads", "1"),
        *audio,
        *EXACT,
        target,
    )
    frames.unlink()


def _cut(ffmpeg: FFmpeg, form: Form, source: Path, batch: Sequence[Item], turn: int, work: Path) -> dict[int, Path]:
    """Cut one batch out of the source; the key frames stand at whole seconds, as do the cuts."""
    ends = list(accumulate(item.seconds for item in batch))
    times = ",".join(map(str, ends[:-1]))
    pattern = f"cut-{turn}-%06d.{form.ending}"
    ffmpeg.run(
        *("-ss", str(_shift(turn)), "-t", str(ends[-1]), "-i", source),
        *("-map", "0", "-c", "copy", *EXACT, "-metadata", f"comment=batch {turn}"),
        *("-f", "segment", "-segment_format", form.muxer, "-segment_format_options", "fflags=+bitexact"),
        *(("-segment_times", times) if times else ("-segment_time", str(ends[-1] + 1))),
        *("-reset_timestamps", "1", work / pattern),
    )
    made = sorted(work.glob(f"cut-{turn}-*.{form.ending}"))
    if len(made) != len(batch):
        message = f"FFmpeg cut {len(made)} files where {len(batch)} were asked for; another FFmpeg may do it right"
        raise LibraryError(message)
    return {item.number: path for item, path in zip(batch, made, strict=True)}


def encode_again(ffmpeg: FFmpeg, original: Path, target: Path, number: int) -> None:
    """Write the same pictures smaller and coarser, as somebody else's copy of a video would be."""
    has_x264 = "libx264" in ffmpeg.encoders
    encoder = ("libx264", "-preset", "veryfast", "-crf", "34") if has_x264 else ("mpeg4", "-qscale:v", "12")
    ffmpeg.run(
        *("-i", original, "-vf", "scale=trunc(iw/4)*2:trunc(ih/4)*2", "-c:v", *encoder, "-pix_fmt", "yuv420p"),
        *("-threads", "1", "-an", *EXACT, "-metadata", f"comment=copy {number}", target),
    )
