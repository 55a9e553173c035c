"""What a made folder holds, and what a scan of it should find."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class MediaSummary:
    """Counts of files, and of the scenes and images that a scan makes of them (copies count once, broken ones never).

    The bytes are those of readable files, copies included, as Stash adds them up. `remark` is empty, or says what is
    poorer than it should be, and why.
    """

    file_count: int
    total_bytes: int
    scene_count: int
    image_count: int
    scenes_bytes: int
    images_bytes: int
    exact_duplicate_count: int
    near_duplicate_count: int
    empty_count: int
    truncated_count: int
    foreign_count: int
    """Files with the ending of a video and no media inside."""
    count_by_ending: dict[str, int]
    remark: str = ""

    @property
    def broken_count(self) -> int:
        """Files of which a scan can make nothing: empty, truncated, or without media inside."""
        return self.empty_count + self.truncated_count + self.foreign_count

    def to_json(self) -> str:
        """Write it down for another program."""
        return json.dumps({**asdict(self), "broken_count": self.broken_count}, indent=2) + "\n"
