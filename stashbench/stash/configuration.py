"""The settings of a server that bear on its speed; never its key, password or stash-box keys."""

from __future__ import annotations

from typing import Any

from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient

GENERAL = """
databasePath backupDirectoryPath generatedPath cachePath blobsPath blobsStorage calculateMD5 videoFileNamingAlgorithm
parallelTasks previewAudio previewSegments previewSegmentDuration previewExcludeStart previewExcludeEnd previewPreset
transcodeHardwareAcceleration maxTranscodeSize maxStreamingTranscodeSize transcodeInputArgs transcodeOutputArgs
liveTranscodeInputArgs liveTranscodeOutputArgs drawFunscriptHeatmapRange writeImageThumbnails
createImageClipsFromVideos maxSessionAge logFile logOut logLevel logAccess logFileMaxSize createGalleriesFromFolders
ffmpegPath ffprobePath
"""
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

    A setting the server does not know is absent. Raises RequestError when the server declines.
    """
    answer = client.execute(configuration_document(capabilities))["configuration"]
    return {**answer["general"], "defaults": answer.get("defaults") or {}}
