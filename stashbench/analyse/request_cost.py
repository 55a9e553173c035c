"""What the dearest requests will cost a server, so that an audit can refrain from them."""

from __future__ import annotations

FILES_PER_SCENE = 1.1
SECONDS_PER_PAIR = 7.5e-9
"""One comparison of two perceptual hashes, measured on Stash v0.30.1 on a 2-core virtual machine."""


def near_duplicate_seconds(scene_count: int) -> float:
    """Estimate how long the search for near duplicates keeps one core of a Stash busy.

    Stash compares every pair of hashes, so the time grows with the square of the library. It goes on when the client
    has given up, and nothing but a restart stops it.
    """
    hashes = scene_count * FILES_PER_SCENE
    return hashes * hashes / 2 * SECONDS_PER_PAIR
