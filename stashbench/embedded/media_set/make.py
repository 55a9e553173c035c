"""Makes all files of the plan in a place to work in, moves them to theirs, and counts them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from stashbench.embedded.media_set.ffmpeg import find_ffmpeg
from stashbench.embedded.media_set.forms import can_encode
from stashbench.embedded.media_set.maker import Maker
from stashbench.embedded.media_set.place import claimed
from stashbench.embedded.media_set.plan import BROKEN, Item, Role, plan_items
from stashbench.embedded.media_set.summary import MediaSummary
from stashbench.errors import LibraryError

Progress = Callable[[int, int], None]

NO_FFMPEG = (
    "There is no usable FFmpeg on this machine, so each video is an index over random data and each image one colour: "
    "a scan can list them, but nobody can play them or make previews of them."
)
_FIRST_MOMENT, _MOMENT_STEP_SECONDS = 1_577_880_000, 3_607  # 2020-01-01 12:00 UTC and about an hour


def make_media(directory: Path, *, file_count: int, seed: int, progress: Progress | None = None) -> MediaSummary:
    """Fill the folder with `file_count` small media files; `progress` gets (files done, files in all).

    The folder may be missing, empty, or one that this function filled before; that is then emptied first.

    Raises:
        RefusedError: the folder holds files that are not ours.
        LibraryError: it cannot be written, or FFmpeg failed.
    """
    if file_count < 1:
        message = f"a media folder cannot have {file_count} files; ask for 1 or more"
        raise LibraryError(message)
    ffmpeg = find_ffmpeg()
    if ffmpeg and not can_encode(ffmpeg.encoders):
        ffmpeg = None
    items = plan_items(file_count, seed, ffmpeg.encoders if ffmpeg else frozenset())
    with claimed(directory, [item.path for item in items]) as work:
        try:
            maker = Maker(ffmpeg, work, seed, progress or (lambda _done, _total: None))
            maker.make(items)
            for item in items:
                _put(maker.made[item.number], directory / item.path, item.number)
        except OSError as error:
            message = f"media could not be written to {directory} ({error.strerror}); free some space or choose another"
            raise LibraryError(message) from error
    return _summary(directory, items, "" if ffmpeg else NO_FFMPEG)


def _put(made: Path, target: Path, number: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    moment = _FIRST_MOMENT + number * _MOMENT_STEP_SECONDS
    os.utime(made, (moment, moment))
    made.rename(target)


def _summary(directory: Path, items: Sequence[Item], remark: str) -> MediaSummary:
    """Count what is on the disk; an exact copy adds bytes, but no scene and no image."""
    sizes = {item.number: (directory / item.path).stat().st_size for item in items}
    roles = Counter(item.role for item in items)
    readable = [item for item in items if item.role not in BROKEN]
    distinct = Counter(item.form.kind for item in readable if item.role is not Role.EXACT)

    def size(kind: str) -> int:
        return sum(sizes[item.number] for item in readable if item.form.kind == kind)

    return MediaSummary(
        file_count=len(items),
        total_bytes=sum(sizes.values()),
        scene_count=distinct["video"],
        image_count=distinct["image"],
        scenes_bytes=size("video"),
        images_bytes=size("image"),
        exact_duplicate_count=roles[Role.EXACT],
        near_duplicate_count=roles[Role.NEAR],
        empty_count=roles[Role.EMPTY],
        truncated_count=roles[Role.TRUNCATED],
        foreign_count=roles[Role.FOREIGN],
        count_by_ending=dict(sorted(Counter(PurePosixPath(item.path).suffix[1:] for item in items).items())),
        remark=remark,
    )
