"""Makes the files of a plan under names of its own, on as many cores as there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from pathlib import Path
from random import Random

from stashbench.embedded.media_set.ffmpeg import FFmpeg
from stashbench.embedded.media_set.forms import Form
from stashbench.embedded.media_set.images import make_images, make_near_images
from stashbench.embedded.media_set.plan import Item, Role
from stashbench.embedded.media_set.videos import encode_again, make_videos
from stashbench.embedded.sample_media import VIDEO_BYTES, mp4_bytes, png_bytes

_CUT_TO, _PLAIN_CUT_TO_BYTES = 0.6, 40
_FOREIGN_BYTES = 3_000


class Maker:
    """Makes files in the folder `work`; `made` is where each is, by its number. Without FFmpeg they are plain ones."""

    def __init__(self, ffmpeg: FFmpeg | None, work: Path, seed: int, progress: Callable[[int, int], None]) -> None:
        self.made: dict[int, Path] = {}
        self._ffmpeg, self._work, self._seed, self._progress = ffmpeg, work, seed, progress

    def make(self, items: Sequence[Item]) -> None:
        """Make all: first the ordinary ones, then what is made of them.

        Raises:
            LibraryError: FFmpeg failed.
            OSError: the disk is full, or the like.
        """
        self._note({}, len(items))
        ordinary = [item for item in items if item.role is Role.ORDINARY]
        near = [item for item in items if item.role is Role.NEAR]
        if self._ffmpeg:
            self._encode(self._ffmpeg, ordinary, near, len(items))
        for item in items:
            if item.number not in self.made:
                path = self._work / f"file-{item.number}"
                path.write_bytes(self._content(item))
                self._note({item.number: path}, len(items))

    def _note(self, made: dict[int, Path], total: int) -> None:
        self.made |= made
        self._progress(len(self.made), total)

    def _content(self, item: Item) -> bytes:
        """Give the bytes of a file that needs no FFmpeg, or is made of one that is there already."""
        source = Random(f"{self._seed}/content/{item.number}")  # noqa: S311 - sample data
        if item.role is Role.EMPTY:
            return b""
        if item.role is Role.FOREIGN:
            return b"This is no media file. " + source.randbytes(_FOREIGN_BYTES).hex().encode()
        if item.role is Role.EXACT:
            return self.made[item.source].read_bytes()
        if item.role is Role.TRUNCATED:
            whole = self.made[item.source].read_bytes()
            return whole[: int(len(whole) * _CUT_TO) if self._ffmpeg else _PLAIN_CUT_TO_BYTES]
        return _plain(item, source, self._seed)

    def _encode(self, ffmpeg: FFmpeg, ordinary: Sequence[Item], near: Sequence[Item], total: int) -> None:
        """Let FFmpeg work on as many forms at once as there are cores."""

        def one_form(task: tuple[Form, list[Item]]) -> dict[int, Path]:
            form, items = task
            make = make_videos if form.kind == "video" else make_images
            return make(ffmpeg, form, items, self._work / f"form-{items[0].number}", self._seed)

        def one_copy(item: Item) -> dict[int, Path]:
            target = self._work / f"near-{item.number}.mp4"
            encode_again(ffmpeg, self.made[item.source], target, item.number)
            return {item.number: target}

        images = [item for item in near if item.form.kind == "image"]
        with ThreadPoolExecutor(_core_count()) as pool:
            try:
                for form in as_completed([pool.submit(one_form, task) for task in _by_form(ordinary)]):
                    self._note(form.result(), total)
                for copy in as_completed([pool.submit(one_copy, item) for item in near if item not in images]):
                    self._note(copy.result(), total)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                ffmpeg.end()  # so that the threads end, for which the block waits
                raise
        if images:
            self._note(make_near_images(ffmpeg, images, self._work / "near", self._seed), total)


def _core_count() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _by_form(items: Iterable[Item]) -> list[tuple[Form, list[Item]]]:
    """Group items by form, the longest work first."""
    ordered = sorted(items, key=lambda item: (str(item.form), item.number))
    groups = [(form, list(group)) for form, group in groupby(ordered, key=lambda item: item.form)]
    return sorted(groups, key=lambda group: -sum(item.seconds for item in group[1]) * group[0].width)


def _plain(item: Item, source: Random, seed: int) -> bytes:
    """Write a file without FFmpeg; a near duplicate of an image has the same colour in another size."""
    if item.form.kind == "video":
        return mp4_bytes(item.seconds, item.form.width, item.form.height, source.randbytes(VIDEO_BYTES))
    red, green, blue = Random(f"{seed}/colour/{item.source}").randbytes(3)  # noqa: S311 - sample data
    more = item.number if item.role is Role.NEAR else 0
    return png_bytes(item.form.width + more, item.form.height + more, (red, green, blue))
