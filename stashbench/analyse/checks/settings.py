"""What the server's configuration costs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stashbench.analyse.checks.observation import Observation, Row, counted, not_applicable, not_measured

CHATTY_LEVELS = ("trace", "debug")
# Seconds of video the encoder has to make for each file, by preset, relative to `veryfast` (x264's own ladder, roughly
# a factor of 1.5 a step); used to weigh settings against each other, not to promise seconds.
PRESET_COST = {
    "ultrafast": 0.5,
    "veryfast": 1.0,
    "fast": 2.0,
    "medium": 2.5,
    "slow": 4.0,
    "slower": 7.0,
    "veryslow": 12.0,
}
_CODECS = re.compile(r"Supported HW codecs \[(?P<count>[0-9]+)\]:(?P<names>.*)")
DEFAULT_SEGMENTS, DEFAULT_SEGMENT_SECONDS, DEFAULT_PRESET = 12, 0.75, "slow"


def log_level(configuration: Mapping[str, Any]) -> Observation:
    """Return 1 if the server logs every statement, 0 if not."""
    level = configuration.get("logLevel")
    if not level:
        return not_measured("The server does not tell its log level.")
    is_chatty = str(level).lower() in CHATTY_LEVELS
    file = configuration.get("logFile")
    return Observation(
        value=float(is_chatty),
        message=f"The log level is {level}{', which writes a line for every statement' if is_chatty else ''}.",
        evidence={
            "log_level": str(level),
            "has_log_file": bool(file),
            "log_file_max_size_mb": configuration.get("logFileMaxSize"),
        },
    )


def preview_cost(configuration: Mapping[str, Any]) -> Observation:
    """Return how many times the work of Stash's defaults one preview costs."""
    names = ("previewPreset", "previewSegments", "previewSegmentDuration")
    preset, segments, seconds = (configuration.get(name) for name in names)
    if preset is None or segments is None or seconds is None:
        return not_measured("The server does not tell its preview settings.")
    if str(preset) not in PRESET_COST:
        return not_measured(f"What the preview preset {preset} costs is not known here.")
    cost = segments * seconds * PRESET_COST[str(preset)]
    usual = DEFAULT_SEGMENTS * DEFAULT_SEGMENT_SECONDS * PRESET_COST[DEFAULT_PRESET]
    return Observation(
        value=cost / usual,
        message=(
            f"A preview is made of {segments} segments of {seconds:g} s with preset {preset}: about {cost / usual:.1f} "
            "times the work of the defaults."
        ),
        evidence={"preset": str(preset), "segments": segments, "segment_seconds": seconds},
    )


def parallel_tasks(configuration: Mapping[str, Any], cores: int | None) -> Observation:
    """Return the parallel tasks per core; Stash takes cores / 4 + 1 where the setting is 0."""
    setting = configuration.get("parallelTasks")
    if setting is None or not cores:
        return not_measured("The number of parallel tasks or of cores is not known.")
    tasks = int(setting) if int(setting) > 0 else cores // 4 + 1
    return Observation(
        value=tasks / cores,
        message=f"{counted(tasks, 'task')} may run in parallel on {counted(cores, 'core')}.",
        evidence={"parallel_tasks": tasks, "setting": int(setting), "cores": cores},
    )


def md5_hashing(configuration: Mapping[str, Any]) -> Observation:
    """Return 1 if scans read every byte of every video for an MD5, 0 if not."""
    algorithm, wants_md5 = configuration.get("videoFileNamingAlgorithm"), configuration.get("calculateMD5")
    if algorithm is None and wants_md5 is None:
        return not_measured("The server does not tell how it hashes files.")
    is_reading_all = bool(wants_md5) or algorithm == "MD5"
    what = "MD5, which reads every byte" if is_reading_all else "oshash only, which reads 128 KiB a file"
    return Observation(
        value=float(is_reading_all),
        message=f"Scans hash videos by {what}.",
        evidence={"calculate_md5": bool(wants_md5), "naming_algorithm": str(algorithm)},
    )


def image_thumbnails(configuration: Mapping[str, Any]) -> Observation:
    """Return 1 if thumbnails are made anew for every view, 0 if they are kept."""
    is_kept = configuration.get("writeImageThumbnails")
    if is_kept is None:
        return not_measured("The server does not tell whether it keeps image thumbnails.")
    return Observation(
        value=float(not is_kept),
        message=f"Image thumbnails are {'kept once made' if is_kept else 'made anew for every view'}.",
        evidence={"write_image_thumbnails": bool(is_kept)},
    )


def hardware_encoding(configuration: Mapping[str, Any], log_messages: Sequence[str]) -> Observation:
    """Return 1 if live transcodes run on the CPU although the server found hardware encoders, 0 if they use them.

    At its start the server logs the encoders that work; the line is lost once thirty others were logged after it.
    """
    is_on = configuration.get("transcodeHardwareAcceleration")
    if is_on is None:
        return not_measured("The server does not tell whether it encodes in hardware.")
    if is_on:
        return Observation(value=0.0, message="Live transcodes may use hardware encoding.", evidence={"codecs": ""})
    found = next((match for text in log_messages if (match := _CODECS.search(text))), None)
    if found is None:
        return not_measured("The server's log no longer says whether it found hardware encoders at its start.")
    if int(found["count"]) == 0:
        return not_applicable("The server found no hardware encoder that works.")
    codecs = found["names"].strip()
    return Observation(
        value=1.0,
        message=f"Live transcodes run on the CPU although the server found hardware encoders: {codecs}.",
        evidence={"codecs": codecs},
    )


def unpaged_filters(filters: Sequence[Mapping[str, Any]], largest_page: int = 1000) -> Observation:
    """Count the saved filters that ask for whole lists: a page size below zero or above `largest_page`."""
    asking: list[Row] = [
        {"name": str(item.get("name") or "default"), "mode": str(item.get("mode")), "per_page": size}
        for item in filters
        if isinstance(size := (item.get("find_filter") or {}).get("per_page"), int)
        and (size < 0 or size > largest_page)
    ]
    return Observation(
        value=float(len(asking)),
        message=f"{len(asking)} of {counted(len(filters), 'saved filter')} ask for whole lists instead of pages.",
        evidence={"filters": tuple(asking), "filter_count": len(filters)},
    )
