"""The settings of a server that bear on its speed; never its key, password or stash-box keys."""

from __future__ import annotations

from typing import Any

from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading

GENERAL = """
databasePath backupDirectoryPath generatedPath cachePath blobsPath blobsStorage calculateMD5 videoFileNamingAlgorithm
parallelTasks previewAudio previewSegments previewSegmentDuration previewExcludeStart previewExcludeEnd previewPreset
transcodeHardwareAcceleration maxTranscodeSize maxStreamingTranscodeSize transcodeInputArgs transcodeOutputArgs
liveTranscodeInputArgs liveTranscodeOutputArgs drawFunscriptHeatmapRange writeImageThumbnails
createImageClipsFromVideos maxSessionAge logFile logOut logLevel logAccess logFileMaxSize createGalleriesFromFolders
ffmpegPath ffprobePath
"""
NUMBERS = frozenset({"parallelTasks", "previewSegments", "previewSegmentDuration", "maxSessionAge", "logFileMaxSize"})
LISTS = frozenset(
    {
        "stashes",
        "transcodeInputArgs",
        "transcodeOutputArgs",
        "liveTranscodeInputArgs",
        "liveTranscodeOutputArgs",
    }
)
SCAN = """
rescan scanGenerateCovers scanGeneratePreviews scanGenerateImagePreviews scanGenerateSprites scanGeneratePhashes
scanGenerateThumbnails scanGenerateClipPreviews
"""
GENERATE = """
covers sprites previews imagePreviews markers markerImagePreviews markerScreenshots transcodes phashes
interactiveHeatmapsSpeeds clipPreviews imageThumbnails
"""


def configuration_document(capabilities: Capabilities) -> str:
    """Return the request for those of our settings that the server knows."""

    def select(type_name: str, names: str) -> str:
        return " ".join(name for name in names.split() if capabilities.has_field(type_name, name))

    general = select("ConfigGeneralResult", GENERAL)
    scan = select("ScanMetadataOptions", SCAN)
    generate = select("GenerateMetadataOptions", GENERATE)
    parts = [f"general {{ {general} stashes {{ path excludeVideo excludeImage }} }}"]
    defaults = [f"{name} {{ {fields} }}" for name, fields in (("scan", scan), ("generate", generate)) if fields]
    if defaults and capabilities.has_field("ConfigResult", "defaults"):
        parts.append(f"defaults {{ {' '.join(defaults)} }}")
    return f"query Configuration {{ configuration {{ {' '.join(parts)} }} }}"


def read_configuration(client: StashClient, capabilities: Capabilities) -> dict[str, Any]:
    """Return the general settings by the API's names, and under `defaults` those of scan and generate tasks.

    A setting the server does not know is absent. Raises RequestError when the server declines, or answers in a form
    of its own.
    """
    answer = client.execute(configuration_document(capabilities))
    with reading(client.url, "the question for its settings"):
        general, defaults = answer["configuration"]["general"], answer["configuration"].get("defaults") or {}
        for name, value in general.items():
            _check_kind(name, value)
        return {**general, "defaults": {task: options and dict(options) for task, options in defaults.items()}}


def _check_kind(name: str, value: object) -> None:
    """Refuse a setting of another kind than it has in Stash: whoever judges it would stumble."""
    if value is None:
        return
    if name in LISTS:
        is_right = isinstance(value, list)
    elif name in NUMBERS:
        is_right = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        is_right = isinstance(value, str | bool | int | float)
    if not is_right:
        raise TypeError(name)
