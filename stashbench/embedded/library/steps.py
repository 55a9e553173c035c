"""All steps of the generator in their order."""

from __future__ import annotations

from collections.abc import Iterator

from stashbench.embedded.library import files, folders, groups, history, images, people, saved_filters, scenes, taxonomy
from stashbench.embedded.library.passes import Pass
from stashbench.embedded.library.plan import Plan


def _blobs(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Give all pictures in the order of their key."""
    return iter(sorted(plan.blobs.items()))


PASSES: tuple[Pass, ...] = (
    Pass("blobs", "checksum, blob", _blobs, 0.0),
    *folders.PASSES,
    *files.PASSES,
    *taxonomy.PASSES,
    *people.PASSES,
    *scenes.PASSES,
    *history.PASSES,
    *groups.PASSES,
    *images.PASSES,
    *saved_filters.PASSES,
)
"""One step for each table, in the order of writing."""
