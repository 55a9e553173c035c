"""The part of the configuration that matters to performance: paths, tasks, transcoding, logging."""

from __future__ import annotations

from enum import Enum

import strawberry


@strawberry.enum
class BlobsStorageType(Enum):
    """Where cover images are kept."""

    DATABASE = "DATABASE"
    FILESYSTEM = "FILESYSTEM"


@strawberry.enum
class HashAlgorithm(Enum):
    """What names generated files."""

    MD5 = "MD5"
    OSHASH = "OSHASH"


@strawberry.enum
class PreviewPreset(Enum):
    """Encoder presets, fastest first."""

    ultrafast = "ultrafast"
    veryfast = "veryfast"
    fast = "fast"
    medium = "medium"
    slow = "slow"
    slower = "slower"
    veryslow = "veryslow"


@strawberry.enum
class StreamingResolutionEnum(Enum):
    """Largest size of a transcoded stream."""

    LOW = "LOW"
    STANDARD = "STANDARD"
    STANDARD_HD = "STANDARD_HD"
    FULL_HD = "FULL_HD"
    FOUR_K = "FOUR_K"
    ORIGINAL = "ORIGINAL"


@strawberry.type
class StashConfig:
    """One root of the library."""

    path: str
    exclude_video: bool = strawberry.field(name="excludeVideo")
    exclude_image: bool = strawberry.field(name="excludeImage")


@strawberry.type
class ConfigGeneralResult:
    """General settings, without the secrets among them."""

    backup_directory_path: str = strawberry.field(name="backupDirectoryPath")
    blobs_path: str = strawberry.field(name="blobsPath")
    blobs_storage: BlobsStorageType = strawberry.field(name="blobsStorage")
    cache_path: str = strawberry.field(name="cachePath")
    calculate_md5: bool = strawberry.field(name="calculateMD5")
    config_file_path: str = strawberry.field(name="configFilePath")
    create_galleries_from_folders: bool = strawberry.field(name="createGalleriesFromFolders")
    create_image_clips_from_videos: bool = strawberry.field(name="createImageClipsFromVideos")
    custom_performer_image_location: str | None = strawberry.field(name="customPerformerImageLocation")
    database_path: str = strawberry.field(name="databasePath")
    delete_trash_path: str = strawberry.field(name="deleteTrashPath")
    draw_funscript_heatmap_range: bool = strawberry.field(name="drawFunscriptHeatmapRange")
    excludes: list[str]
    ffmpeg_path: str = strawberry.field(name="ffmpegPath")
    ffprobe_path: str = strawberry.field(name="ffprobePath")
    gallery_cover_regex: str = strawberry.field(name="galleryCoverRegex")
    gallery_extensions: list[str] = strawberry.field(name="galleryExtensions")
    generated_path: str = strawberry.field(name="generatedPath")
    image_excludes: list[str] = strawberry.field(name="imageExcludes")
    image_extensions: list[str] = strawberry.field(name="imageExtensions")
    live_transcode_input_args: list[str] = strawberry.field(name="liveTranscodeInputArgs")
    live_transcode_output_args: list[str] = strawberry.field(name="liveTranscodeOutputArgs")
    log_access: bool = strawberry.field(name="logAccess")
    log_file: str | None = strawberry.field(name="logFile")
    log_file_max_size: int = strawberry.field(name="logFileMaxSize")
    log_level: str = strawberry.field(name="logLevel")
    log_out: bool = strawberry.field(name="logOut")
    max_session_age: int = strawberry.field(name="maxSessionAge")
    max_streaming_transcode_size: StreamingResolutionEnum | None = strawberry.field(name="maxStreamingTranscodeSize")
    max_transcode_size: StreamingResolutionEnum | None = strawberry.field(name="maxTranscodeSize")
    metadata_path: str = strawberry.field(name="metadataPath")
    parallel_tasks: int = strawberry.field(name="parallelTasks")
    plugins_path: str = strawberry.field(name="pluginsPath")
    preview_audio: bool = strawberry.field(name="previewAudio")
    preview_exclude_end: str = strawberry.field(name="previewExcludeEnd")
    preview_exclude_start: str = strawberry.field(name="previewExcludeStart")
    preview_preset: PreviewPreset = strawberry.field(name="previewPreset")
    preview_segment_duration: float = strawberry.field(name="previewSegmentDuration")
    preview_segments: int = strawberry.field(name="previewSegments")
    python_path: str = strawberry.field(name="pythonPath")
    scrapers_path: str = strawberry.field(name="scrapersPath")
    stashes: list[StashConfig]
    transcode_hardware_acceleration: bool = strawberry.field(name="transcodeHardwareAcceleration")
    transcode_input_args: list[str] = strawberry.field(name="transcodeInputArgs")
    transcode_output_args: list[str] = strawberry.field(name="transcodeOutputArgs")
    video_extensions: list[str] = strawberry.field(name="videoExtensions")
    video_file_naming_algorithm: HashAlgorithm = strawberry.field(name="videoFileNamingAlgorithm")
    write_image_thumbnails: bool = strawberry.field(name="writeImageThumbnails")


GENERAL_KEYS = {
    field.python_name: field.graphql_name or field.python_name
    for field in ConfigGeneralResult.__strawberry_definition__.fields  # type: ignore[attr-defined]
}
"""Key in the server's configuration by attribute."""
