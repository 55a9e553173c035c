"""Random numbers in bulk: reproducible on every machine, and cheap enough for tens of millions of rows.

Each table draws from a stream of its own, named after it, so that a change to one table leaves the others as they are.
Only `random.Random.randbytes` is used, whose output Python defines by the seed alone; the bytes are read as
little-endian integers in blocks, which costs a fraction of one call per number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, repeat
from random import Random
from struct import Struct
from typing import TypeVar

_Value = TypeVar("_Value")

_BLOCK = 2048
_BYTES_PER_BLOCK = 4096
_SHORTS = Struct(f"<{_BLOCK}H")
_LONGS = Struct(f"<{_BLOCK}I")
_QUADS = Struct(f"<{_BLOCK}Q")
_SIGNED_QUADS = Struct(f"<{_BLOCK}q")


class Stream:
    """An endless source of random integers, defined by (seed, name); every method gives a separate iterator."""

    def __init__(self, seed: int, name: str) -> None:
        self._seed = f"{seed}/{name}"

    def _blocks(self, kind: str, layout: Struct) -> Iterator[int]:
        draw, size, unpack = Random(f"{self._seed}/{kind}").randbytes, layout.size, layout.unpack  # noqa: S311
        return chain.from_iterable(unpack(draw(size)) for _ in repeat(None))

    def bytes(self, kind: str = "") -> Iterator[int]:
        """Give integers of 8 bits; `kind` names one of several independent iterators of this stream."""
        draw = Random(f"{self._seed}/bytes/{kind}").randbytes  # noqa: S311
        return chain.from_iterable(draw(_BYTES_PER_BLOCK) for _ in repeat(None))

    def shorts(self, kind: str = "") -> Iterator[int]:
        """Give integers of 16 bits."""
        return self._blocks(f"shorts/{kind}", _SHORTS)

    def longs(self, kind: str = "") -> Iterator[int]:
        """Give integers of 32 bits."""
        return self._blocks(f"longs/{kind}", _LONGS)

    def quads(self, kind: str = "", *, signed: bool = False) -> Iterator[int]:
        """Give integers of 64 bits."""
        return self._blocks(f"quads/{kind}", _SIGNED_QUADS if signed else _QUADS)

    def hexadecimal(self, digits: int, kind: str = "") -> Iterator[str]:
        """Give strings of `digits` hexadecimal digits (even), for hashes and identifiers."""
        draw = Random(f"{self._seed}/hexadecimal/{kind}").randbytes  # noqa: S311
        size, starts = _BLOCK * digits // 2, range(0, _BLOCK * digits, digits)
        return chain.from_iterable(
            [text[start : start + digits] for start in starts] for text in (draw(size).hex() for _ in repeat(None))
        )

    def shuffled(self, count: int, *, first: int = 1) -> list[int]:
        """Give the integers `first` .. `first + count - 1` in random order."""
        keys = [key for key, _ in zip(self.quads("shuffle"), range(count), strict=False)]
        return [first + position for position in sorted(range(count), key=keys.__getitem__)]


def expand(shares: Sequence[tuple[_Value, int]], size: int = 256) -> tuple[_Value, ...]:
    """Give a table of `size` slots in which each value has its share, so that a random byte picks by weight.

    `shares` are (value, weight); the weights must add up to `size`.
    """
    table = tuple(chain.from_iterable(repeat(value, weight) for value, weight in shares))
    assert len(table) == size, f"weights add up to {len(table)}, not {size}"
    return table


class Zipf:
    """Popularity by rank: few ids are picked all the time, many hardly ever, each at least now and then."""

    def __init__(self, ids: Sequence[int], *, exponent: float = 1.0, offset: float = 2.0) -> None:
        """Rank `ids` in the order given: weight of rank r (from 0) is 1 / (r + offset) ** exponent."""
        self._bits = 16 if len(ids) < 1 << 12 else 20
        size = 1 << self._bits
        weights = [1.0 / (rank + offset) ** exponent for rank in range(len(ids))]
        spare = size - len(ids)
        scale = spare / sum(weights) if weights else 0.0
        slots: list[int] = []
        for number, (item, reached) in enumerate(zip(ids, accumulate(weights), strict=True), start=1):
            slots.extend(repeat(item, number + int(reached * scale) - len(slots)))
        slots.extend(repeat(slots[-1], size - len(slots)) if ids else ())
        self.slots: tuple[int, ...] = tuple(slots)

    def picks(self, stream: Stream, kind: str = "") -> Iterator[int]:
        """Give endless ids, independent of each other. Only for a population that is not empty."""
        slots, shift = self.slots, 32 - self._bits
        return (slots[number >> shift] for number in stream.longs(f"zipf/{kind}"))
