"""What benchmarks that change data share: media to scan, made by us, on a server that we started."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashbench.model.target import TargetKind
from stashbench.target import OpenTarget
from stashbench.target.library import make_media

FILE_COUNT = 200
SEED = 1


class NewMedia:
    """A folder in the server's library that only we put files into; they are made when first asked for.

    `file_count` leaves out empty files, which Stash does not look at. Of the others a few are broken: whether a server
    takes them for media is its own affair, so that a scan may add up to `broken_count` more than the readable ones. The
    embedded server, which has no FFprobe, does not read all kinds of media (`reads_all`).
    """

    def __init__(self, folder: Path, *, reads_all: bool) -> None:
        self.folder = folder / "new"
        self.reads_all = reads_all
        self.is_scanned = False
        self.file_count = self.scene_count = self.image_count = self.broken_count = 0

    def make(self) -> None:
        """Make the files, if they are not there yet."""
        if self.file_count:
            return
        made = make_media(self.folder, file_count=FILE_COUNT, seed=SEED)
        self.scene_count, self.image_count = made.scene_count, made.image_count
        self.broken_count = made.truncated_count + made.foreign_count
        self.file_count = made.file_count - made.empty_count


@pytest.fixture(scope="session")
def new_media(target: OpenTarget) -> NewMedia:
    """Media nobody has scanned yet."""
    if target.media_directory is None:
        pytest.skip("a scan adds to a library, and runs on a server that stashbench starts only")
    return NewMedia(target.media_directory, reads_all=target.info.kind is not TargetKind.EMBEDDED)
