"""What it costs to save: each request is one write transaction, then the hooks of plugins, then the answer."""

from __future__ import annotations

from stashbench.collect.content import Cell
from stashbench.collect.probes.scratch_tags import ScratchTags
from stashbench.harness.changes import Changes
from stashbench.harness.measure import Measure
from stashbench.stash.client import StashClient
from stashbench.stash.library_sample import LibrarySample


def bench_save_scene(measure: Measure, changes: Changes, library: LibrarySample) -> None:
    """A scene is saved as it is, without naming any field of it: only its time of update changes."""
    scene_id = str(library.scene_id)
    with changes.only(Cell("scenes", int(scene_id), "updated_at")):
        measure("scene_update", {"input": {"id": scene_id}}, page="Scene", title="Save a scene")


def bench_create_tag(measure: Measure, changes: Changes, stash: StashClient) -> None:
    """Each tag is removed again outside the clock."""
    with changes.only(), ScratchTags(stash, changes.warn) as tags:
        measure.each(
            "tag_create",
            tags.new,
            undo=lambda answer: tags.destroy(tags.id_of(answer)),
            page="Tag",
            title="Make a tag",
        )


def bench_destroy_tag(measure: Measure, changes: Changes, stash: StashClient) -> None:
    """Each tag is made outside the clock; nothing links to it, so this is the least a removal costs."""
    with changes.only(), ScratchTags(stash, changes.warn) as tags:
        measure.each("tag_destroy", tags.made, page="Tag", title="Remove a tag")
