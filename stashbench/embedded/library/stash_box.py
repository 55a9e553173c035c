"""Identifiers by which things are known to a stash-box, a shared metadata server."""

from __future__ import annotations

from collections.abc import Iterator

from stashbench.embedded.library.calendar import SOME_DAY
from stashbench.embedded.library.randomness import Stream

ENDPOINT = "https://stash-box.example/graphql"


def stash_box_rows(stream: Stream, count: int, *, every: int) -> Iterator[tuple[int, str, str, str]]:
    """Give (id, endpoint, UUID, time) for about one in `every` of the ids 1 to `count`."""
    for item, chance, text in zip(range(1, count + 1), stream.bytes(), stream.hexadecimal(32), strict=False):
        if chance % every == 0:
            identifier = f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
            yield item, ENDPOINT, identifier, SOME_DAY
