"""Files the pages show: covers come from the database or from a folder, one request each."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.library_sample import LibrarySample


def bench_scene_cover(measure: Measure, library: LibrarySample) -> None:
    """The cover of one scene; a page of cards asks for forty of them."""
    measure.get(f"/scene/{library.scene_id}/screenshot", page="Scenes, one card", title="Cover of a scene")
