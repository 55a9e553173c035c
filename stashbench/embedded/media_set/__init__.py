"""Makes a folder of small media files for a scan: real videos and images, duplicates and broken files among them.

What becomes of each file is planned first, from seed and number alone (`plan`); then few long sources are encoded and
cut into many files without encoding again (`videos`, `images`), copies and broken files are made of those, and all is
moved to its place at the end (`make`).
"""

from __future__ import annotations

from stashbench.embedded.media_set.make import make_media
from stashbench.embedded.media_set.summary import MediaSummary

__all__ = ["MediaSummary", "make_media"]
