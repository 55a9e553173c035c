"""The server's configuration: Stash's defaults, under the names of `configuration { general }`."""

from __future__ import annotations

from typing import Any

from stashbench.embedded.loghub import LogLevel
from stashbench.embedded.state import ServerPaths

VIDEO_EXTENSIONS = ("m4v", "mp4", "mov", "wmv", "avi", "mpg", "mpeg", "rmvb", "rm", "flv", "asf", "mkv", "webm", "f4v")
IMAGE_EXTENSIONS = ("png", "jpg", "jpeg", "gif", "webp", "avif")
GALLERY_EXTENSIONS = ("zip", "cbz")
_LEVELS = {
    "trace": LogLevel.TRACE,
    "debug": LogLevel.DEBUG,
    "warning": LogLevel.WARNING,
    "error": LogLevel.ERROR,
}


def default_configuration(paths: ServerPaths) -> dict[str, Any]:
    """Return what a new Stash system has; no secrets are in it, since no request of ours selects them."""
    home = paths.database.parent
    return {
        "stashes": [{"path": str(paths.media), "excludeVideo": False, "excludeImage": False}],
        "databasePath": str(paths.database),
        "backupDirectoryPath": "",
        "generatedPath": str(home / "generated"),
        "metadataPath": str(home / "metadata"),
        "scrapersPath": str(home / "scrapers"),
        "pluginsPath": str(home / "plugins"),
        "cachePath": str(home / "cache"),
        "blobsPath": "",
        "blobsStorage": "DATABASE",
        "configFilePath": str(paths.configuration),
        "deleteTrashPath": "",
        "ffmpegPath": "",
        "ffprobePath": "",
        "pythonPath": "",
        "calculateMD5": False,
        "videoFileNamingAlgorithm": "OSHASH",
        "parallelTasks": 1,
        "previewAudio": True,
        "previewSegments": 12,
        "previewSegmentDuration": 0.75,
        "previewExcludeStart": "0",
        "previewExcludeEnd": "0",
        "previewPreset": "slow",
        "transcodeHardwareAcceleration": False,
        "maxTranscodeSize": "ORIGINAL",
        "maxStreamingTranscodeSize": "ORIGINAL",
        "transcodeInputArgs": [],
        "transcodeOutputArgs": [],
        "liveTranscodeInputArgs": [],
        "liveTranscodeOutputArgs": [],
        "drawFunscriptHeatmapRange": False,
        "writeImageThumbnails": True,
        "createImageClipsFromVideos": False,
        "maxSessionAge": 3600,
        "logFile": None,
        "logOut": True,
        "logLevel": "Info",
        "logAccess": True,
        "logFileMaxSize": 0,
        "createGalleriesFromFolders": False,
        "galleryCoverRegex": r"(poster|cover|folder|board)\.[^\.]+$",
        "videoExtensions": list(VIDEO_EXTENSIONS),
        "imageExtensions": list(IMAGE_EXTENSIONS),
        "galleryExtensions": list(GALLERY_EXTENSIONS),
        "excludes": [],
        "imageExcludes": [],
        "customPerformerImageLocation": "",
    }


def log_level(name: str) -> LogLevel:
    """Return the level of a configured name, whatever its case; Info for one that Stash does not know."""
    return _LEVELS.get(name.lower(), LogLevel.INFO)
