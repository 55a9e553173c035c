"""The images page, without and with the totals that are known to make it slow."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.library_sample import LibrarySample

BY_PATH = {"filter": {"sort": "path", "direction": "ASC", "per_page": 40}}


def bench_images(measure: Measure, library: LibrarySample) -> None:
    """One page of cards and the number of matches."""
    assert library.image_id, "an empty library has no images page to time"
    measure("images", BY_PATH, page="Images", title="Images by path")


def bench_images_with_totals(measure: Measure, library: LibrarySample) -> None:
    """The same with megapixels and size of all matches."""
    assert library.image_id, "an empty library has no images page to time"
    measure("images_with_totals", BY_PATH, page="Images", title="Images by path, with totals")
