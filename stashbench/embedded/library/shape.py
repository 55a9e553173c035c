"""How large everything is for a library of N scenes, and what that costs in bytes."""

from __future__ import annotations

from dataclasses import dataclass

_FIXED_BYTES = 2_000_000
_BYTES_PER_SCENE = 2_100  # 1,904 measured at a million scenes

SCENES_PER_GALLERY = 25
SCENES_PER_GROUP = 50


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts of each kind of thing; a library of no scenes is empty altogether."""

    scenes: int

    def _scaled(self, least: int, scenes_each: int) -> int:
        return least + self.scenes // scenes_each if self.scenes else 0

    @property
    def tags(self) -> int:
        """60, and one more for each 100 scenes."""
        return self._scaled(60, 100)

    @property
    def performers(self) -> int:
        """20, and one more for each 20 scenes."""
        return self._scaled(20, 20)

    @property
    def studios(self) -> int:
        """10, and one more for each 100 scenes."""
        return self._scaled(10, 100)

    @property
    def groups(self) -> int:
        """One for each 50 scenes, begun ones included."""
        return -(-self.scenes // SCENES_PER_GROUP)

    @property
    def galleries(self) -> int:
        """3, and one more for each 25 scenes."""
        return self._scaled(3, SCENES_PER_GALLERY)

    @property
    def images(self) -> int:
        """As many as scenes, nine tenths of them in galleries; and 20 more, so that small libraries have some."""
        return self._scaled(20, 1)

    @property
    def covers(self) -> int:
        """Distinct cover pictures of scenes: one for each two scenes, at most 2,048 (scenes share them)."""
        return min(2048, -(-self.scenes // 2))


def estimate_bytes(scene_count: int) -> int:
    """Size of the finished file in bytes, on the safe side."""
    return _FIXED_BYTES + scene_count * _BYTES_PER_SCENE
