"""Titles and names out of the word lists: many distinct ones from few words, so that a search finds some, not all."""

from __future__ import annotations

from functools import cache
from math import gcd

from stashbench.embedded.words import ADJECTIVES, FIRST_NAMES, LAST_NAMES, NOUNS, PLACES, STUDIO_KINDS, TAG_ROOTS

HOSTILE_TITLE = "</script><img src=x onerror=alert(1)>"
HOSTILE_PERFORMER = '"><svg/onload=alert(2)> O\'Neil & "Söhne"'
HOSTILE_TAG = "<b>bold</b> & 'single' \"double\" `back` {{braces}} %s"
HOSTILE_BASENAME = 'It\'s "quoted" – ünïcode 日本語 🎬 100%_[x] #1; DROP TABLE.mp4'  # noqa: RUF001 - it is meant to be awkward

_HEADS = 4096
_TAILS = 1024
_HEAD_BITS = 12


@cache
def _heads() -> tuple[str, ...]:
    pairs = (f"{ADJECTIVES[k % len(ADJECTIVES)]} {NOUNS[k * 7 % len(NOUNS)]}" for k in range(_HEADS))
    return tuple(f"The {pair}" if k % 9 == 0 else pair for k, pair in enumerate(pairs))


@cache
def _tails() -> tuple[str, ...]:
    makers = (
        lambda _: "",
        lambda k: f" at {PLACES[k % len(PLACES)]}",
        lambda k: f", Part {1 + k % 9}",
        lambda k: f" and the {NOUNS[k * 5 % len(NOUNS)]}",
        lambda k: f" with {FIRST_NAMES[k * 3 % len(FIRST_NAMES)]}",
        lambda k: f" in {PLACES[k * 11 % len(PLACES)]}",
        lambda _: "",
        lambda k: f": {NOUNS[k * 13 % len(NOUNS)]} of {PLACES[k * 17 % len(PLACES)]}",
    )
    return tuple(makers[k % len(makers)](k // len(makers)) for k in range(_TAILS))


def slug(text: str) -> str:
    """Write a text as a file name or address wants it: lower case, words joined by hyphens."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


class Titles:
    """Turns 22 random bits into a title, and the same bits into the beginning of a file name."""

    def __init__(self) -> None:
        self.heads, self.tails = _heads(), _tails()
        self.head_slugs = tuple(map(slug, self.heads))
        self.tail_slugs = tuple(f"-{slug(tail)}" if tail else "" for tail in self.tails)

    def title(self, bits: int) -> str:
        """Give the title of a scene, an image or a gallery."""
        return self.heads[bits & (_HEADS - 1)] + self.tails[bits >> _HEAD_BITS & (_TAILS - 1)]

    def slug(self, bits: int) -> str:
        """Give the same title as the beginning of a file name."""
        return self.head_slugs[bits & (_HEADS - 1)] + self.tail_slugs[bits >> _HEAD_BITS & (_TAILS - 1)]


def _walk(number: int, size: int, stride: int) -> int:
    """Give place `number` of a walk that visits each of `size` places once before it comes back."""
    assert gcd(stride, size) == 1
    return number * stride % size


def performer_name(number: int) -> tuple[str, str | None]:
    """Give (name, disambiguation), unique together; `number` counts from 0."""
    size = len(FIRST_NAMES) * len(LAST_NAMES)
    place, turn = _walk(number, size, 7919), number // size
    name = f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {LAST_NAMES[place // len(FIRST_NAMES)]}"
    return name, f"born {1950 + turn}" if turn else None


def studio_name(number: int) -> str:
    """Give a unique name; `number` counts from 0."""
    nouns, kinds = len(NOUNS), len(STUDIO_KINDS)
    size = nouns * kinds * len(ADJECTIVES)
    place, turn = _walk(number, size, 104_729), number // size
    adjective = ADJECTIVES[place // (nouns * kinds)]
    name = f"{adjective} {NOUNS[place % nouns]} {STUDIO_KINDS[place // nouns % kinds]}"
    return f"{name} {turn + 1}" if turn else name


def tag_name(number: int) -> str:
    """Give a unique name; `number` counts from 0, and the first ones are names of roots."""
    if number < len(TAG_ROOTS):
        return TAG_ROOTS[number]
    size = len(ADJECTIVES) * len(NOUNS)
    place, turn = _walk(number, size, 10_007), number // size
    name = f"{ADJECTIVES[place % len(ADJECTIVES)]} {NOUNS[place // len(ADJECTIVES)]}"
    return f"{name} {turn + 1}" if turn else name
