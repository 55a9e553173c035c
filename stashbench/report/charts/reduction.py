"""Reduce a column to the extremes of equal stretches, so that no peak is lost and the drawing stays small."""

from __future__ import annotations

from collections.abc import Sequence


def extremes(values: Sequence[float | None], bucket_count: int) -> list[tuple[int, float | None]]:
    """Return (index, value) pairs: of each stretch its lowest and highest in their order; a gap stays a gap.

    At most two pairs a stretch and one for each gap; a short column comes back whole.
    """
    if len(values) <= 2 * bucket_count:
        return list(enumerate(values))
    kept: list[tuple[int, float | None]] = []
    for bucket in range(bucket_count):
        begin = bucket * len(values) // bucket_count
        end = (bucket + 1) * len(values) // bucket_count
        present = [(value, index) for index in range(begin, end) if (value := values[index]) is not None]
        if not present:
            kept.append((begin, None))
            continue
        low, high = min(present), max(present)
        kept.extend((index, value) for value, index in sorted({low, high}, key=lambda pair: pair[1]))
    return kept
