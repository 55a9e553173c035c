"""Which of a server's settings bear on the times we take: runs under other ones are not held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stashbench.model.text import one_line

# What pages, media and scans pay for. No paths, no arguments of programs: they may hold names and passwords.
NAMES = (
    "blobsStorage",
    "calculateMD5",
    "createGalleriesFromFolders",
    "createImageClipsFromVideos",
    "logAccess",
    "logLevel",
    "logOut",
    "maxStreamingTranscodeSize",
    "parallelTasks",
    "transcodeHardwareAcceleration",
    "videoFileNamingAlgorithm",
    "writeImageThumbnails",
)
CACHE_SIZE_VARIABLE = "STASH_SQLITE_CACHE_SIZE"
_SHOWN = 60


def speed_settings(general: Mapping[str, Any], cache_size: str | None) -> dict[str, str]:
    """Return the settings that bear on speed as text; those that the server does not know or has not set are absent.

    `cache_size` is the server's own variable for SQLite's cache, None where unset or out of sight.
    """
    found = {name: _text(general[name]) for name in NAMES if general.get(name) is not None}
    if cache_size:
        found[CACHE_SIZE_VARIABLE] = one_line(cache_size, _SHOWN)
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return one_line(str(value), _SHOWN)
