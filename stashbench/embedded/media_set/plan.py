"""Decides what each file of the set will be: from seed, number and the forms at hand, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from stashbench.embedded.media_set.forms import Form, choose
from stashbench.embedded.words import ADJECTIVES, NOUNS, PLACES

EXACT_PERCENT, NEAR_PERCENT, EMPTY_PERCENT, TRUNCATED_PERCENT, FOREIGN_PERCENT = 6, 6, 2, 2, 2
VIDEO_PERCENT = 55
"""Of the files that are neither copies nor broken."""
_LEAST_FOR_ALL_ROLES = 10
"""From so many files on there is at least one of each role."""

_SECONDS = (1, 2, 2, 3, 3, 3, 4, 5, 6, 8, 10)
_FOLDERS = ("", "holidays", "holidays/2019", "holidays/2021/autumn", "Früher & später", "it's [old] 100%", "日本語")
_FOREIGN_ENDINGS = ("mp4", "mkv", "webm", "mov")  # an image is recognised by its ending alone, whatever is in it
_EMPTY_ENDINGS = ("mp4", "jpg", "webm", "png")


class Role(StrEnum):
    """What a file is there for."""

    ORDINARY = "ordinary"
    EXACT = "exact duplicate"
    NEAR = "near duplicate"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    FOREIGN = "no media inside"


BROKEN = frozenset({Role.EMPTY, Role.TRUNCATED, Role.FOREIGN})


@dataclass(frozen=True, slots=True)
class Item:
    """One file: its number (from 0), its path below the folder, and what it is made of.

    `source` is the number of the ordinary file that it is a copy or a part of, its own number otherwise.
    """

    number: int
    path: str
    role: Role
    form: Form
    source: int
    seconds: int = 0


def plan_items(file_count: int, seed: int, encoders: frozenset[str]) -> tuple[Item, ...]:
    """Plan all files, in the order of their numbers; equal arguments give equal plans."""
    source = Random(f"{seed}/media")  # noqa: S311 - sample data
    ordinary = list(_ordinary(source, file_count - _special_count(file_count), encoders))
    items = [*ordinary, *_special(source, file_count, ordinary)]
    places = list(range(len(items)))
    source.shuffle(places)
    return tuple(replace(item, path=_path(source, item, places[item.number])) for item in items)


def _counts(file_count: int) -> dict[Role, int]:
    percents = {
        Role.EXACT: EXACT_PERCENT,
        Role.NEAR: NEAR_PERCENT,
        Role.EMPTY: EMPTY_PERCENT,
        Role.TRUNCATED: TRUNCATED_PERCENT,
        Role.FOREIGN: FOREIGN_PERCENT,
    }
    least = 1 if file_count >= _LEAST_FOR_ALL_ROLES else 0
    return {role: max(least, (file_count * percent + 50) // 100) for role, percent in percents.items()}


def _special_count(file_count: int) -> int:
    return sum(_counts(file_count).values())


def _ordinary(source: Random, count: int, encoders: frozenset[str]) -> Iterator[Item]:
    videos, images = choose("video", encoders), choose("image", encoders)
    video_count = -(-count * VIDEO_PERCENT // 100)
    for number in range(count):
        is_video = number < video_count
        # The first of each kind has the first form, so that there is always one whose truncation breaks it.
        forms = videos if is_video else images
        form = forms[0] if number in {0, video_count} else source.choice(forms)
        yield Item(number, "", Role.ORDINARY, form, number, source.choice(_SECONDS) if is_video else 0)


def _special(source: Random, file_count: int, ordinary: list[Item]) -> Iterator[Item]:
    number = len(ordinary)
    to_cut = [item for item in ordinary if item.form.kind == "video" and item.form.is_indexed_at_end]
    to_encode = [
        item for item in ordinary if item.form.ending != "gif" and (item.form.video or item.form.kind == "image")
    ]
    for role, count in _counts(file_count).items():
        pool = to_cut if role is Role.TRUNCATED else to_encode if role is Role.NEAR else ordinary
        for _ in range(count):
            origin = source.choice(pool)
            yield Item(number, "", role, origin.form, origin.number, origin.seconds)
            number += 1


def _path(source: Random, item: Item, place: int) -> str:
    """Name a file; its number makes the name unique, and says nothing of what is wrong with it."""
    ending = item.form.ending
    if item.role is Role.NEAR and item.form.video:
        ending = "mp4" if item.form.kind == "video" else "jpg"
    elif item.role is Role.FOREIGN:
        ending = source.choice(_FOREIGN_ENDINGS)
    elif item.role is Role.EMPTY:
        ending = source.choice(_EMPTY_ENDINGS)
    folder = source.choice(_FOLDERS)
    if folder and source.random() < 0.3:  # noqa: PLR2004 - a share
        folder = f"{folder}/{source.choice(PLACES)}"
    name = f"{source.choice(ADJECTIVES)} {source.choice(NOUNS)} {place + 1:04}.{ending}"
    return f"{folder}/{name}" if folder else name
