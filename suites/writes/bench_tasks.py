"""The server's long tasks. Scans run on a server that stashbench started only: what they add to a library stays."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from stashbench.errors import RequestError
from stashbench.harness.changes import Changes
from stashbench.harness.job_stopwatch import JobStopwatch
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load

RESCANS = 5
OPTIMISATIONS = 3


class Media(Protocol):
    """What the fixture `new_media` gives."""

    folder: Path
    file_count: int
    scene_count: int
    image_count: int
    broken_count: int
    is_scanned: bool
    reads_all: bool

    def make(self) -> None:
        """Make the files, if they are not there yet."""


def bench_scan_new_folder(measure_job: JobStopwatch, changes: Changes, new_media: Media, stash: StashClient) -> None:
    """Every file is hashed and read by FFprobe; nothing is generated. Afterwards the library holds what it should."""
    with changes.only(may_add=True):
        new_media.make()
        scenes, images = count(stash)
        scan(measure_job, new_media, title="Scan a new folder")
        all_scenes, all_images = count(stash)
    expect("scenes", all_scenes - scenes, new_media.scene_count, new_media)
    expect("images", all_images - images, new_media.image_count, new_media)


def bench_scan_unchanged_folder(measure_job: JobStopwatch, changes: Changes, new_media: Media) -> None:
    """The same folder again: what a daily scan costs where nothing is new."""
    with changes.only(may_add=not new_media.is_scanned):
        new_media.make()
        scan(measure_job, new_media, title="Scan an unchanged folder", rounds=RESCANS, warmup_count=1)


def bench_optimise_database(measure_job: JobStopwatch, changes: Changes) -> None:
    """Statistics are gathered and the file is compacted; what it holds stays the same."""
    with changes.only():
        measure_job("optimise_database", page="Tasks", title="Optimise the database", rounds=OPTIMISATIONS)


def scan(measure_job: JobStopwatch, media: Media, *, title: str, rounds: int = 1, warmup_count: int = 0) -> None:
    """Time scans of the folder."""
    measure_job(
        "metadata_scan",
        {"input": {"paths": [str(media.folder)]}},
        page="Tasks",
        title=title,
        rounds=rounds,
        warmup_count=warmup_count,
        items="files",
        item_count=media.file_count,
    )
    media.is_scanned = True


def count(stash: StashClient) -> tuple[int, int]:
    """Return the numbers of scenes and images."""
    stats = stash.execute(load("stats"))["stats"]
    return int(stats["scene_count"]), int(stats["image_count"])


def expect(noun: str, added: int, readable: int, media: Media) -> None:
    """Fail where a scan has not done the whole work: its time would be that of something else."""
    least = readable if media.reads_all else 1
    if not least <= added <= readable + media.broken_count:
        message = f"the scan added {added} {noun}, and {readable} of the files in the folder are such"
        raise RequestError(message)
