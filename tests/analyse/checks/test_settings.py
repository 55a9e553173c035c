from __future__ import annotations

import pytest

from stashbench.analyse.checks import settings
from stashbench.model.finding import Outcome

DEFAULTS = {
    "logLevel": "Info",
    "previewPreset": "slow",
    "previewSegments": 12,
    "previewSegmentDuration": 0.75,
    "parallelTasks": 1,
    "calculateMD5": False,
    "videoFileNamingAlgorithm": "OSHASH",
    "writeImageThumbnails": True,
    "transcodeHardwareAcceleration": False,
}
NO_CODECS = ["stash is running", "[InitHWSupport] Supported HW codecs [0]: "]
CODECS = ["[InitHWSupport] Supported HW codecs [2]: h264_vaapi hevc_vaapi"]


def value_of(check, changes, *more):
    return check({**DEFAULTS, **changes}, *more).value


@pytest.mark.parametrize(
    ("check", "fault", "value", "more"),
    [
        (settings.log_level, {"logLevel": "Trace"}, 1.0, ()),
        (settings.log_level, {"logLevel": "debug"}, 1.0, ()),
        (settings.preview_cost, {"previewPreset": "veryslow"}, 3.0, ()),
        (settings.preview_cost, {"previewSegments": 24}, 2.0, ()),
        (settings.parallel_tasks, {"parallelTasks": 8}, 2.0, (4,)),
        (settings.md5_hashing, {"calculateMD5": True}, 1.0, ()),
        (settings.md5_hashing, {"videoFileNamingAlgorithm": "MD5"}, 1.0, ()),
        (settings.image_thumbnails, {"writeImageThumbnails": False}, 1.0, ()),
        (settings.hardware_encoding, {}, 1.0, (CODECS,)),
    ],
)
def test_costly_settings_are_seen(check, fault, value, more):
    assert value_of(check, fault, *more) == value


def test_defaults_are_silent():
    assert settings.log_level(DEFAULTS).value == 0.0
    assert settings.preview_cost(DEFAULTS).value == 1.0
    assert settings.parallel_tasks(DEFAULTS, 4).value == 0.25
    assert settings.md5_hashing(DEFAULTS).value == 0.0
    assert settings.image_thumbnails(DEFAULTS).value == 0.0
    assert settings.hardware_encoding(DEFAULTS, NO_CODECS).outcome is Outcome.NOT_APPLICABLE


def test_automatic_parallel_tasks_follow_stashs_rule():
    assert settings.parallel_tasks({"parallelTasks": 0}, 8).fact("parallel_tasks") == 3


def test_settings_the_server_does_not_tell_are_not_measured():
    for check in (settings.log_level, settings.preview_cost, settings.md5_hashing, settings.image_thumbnails):
        assert check({}).outcome is Outcome.NOT_MEASURED
    assert settings.parallel_tasks({}, 4).outcome is Outcome.NOT_MEASURED
    assert settings.hardware_encoding({}, CODECS).outcome is Outcome.NOT_MEASURED
    assert settings.hardware_encoding(DEFAULTS, ["old lines only"]).outcome is Outcome.NOT_MEASURED


@pytest.mark.parametrize(
    "changes", [{"previewSegments": None}, {"previewSegmentDuration": None}, {"previewPreset": "placebo"}]
)
def test_a_preview_of_which_a_part_is_unknown_is_not_weighed_by_the_defaults(changes):
    assert settings.preview_cost({**DEFAULTS, **changes}).outcome is Outcome.NOT_MEASURED


def test_hardware_encoding_in_use_is_fine():
    assert settings.hardware_encoding({"transcodeHardwareAcceleration": True}, CODECS).value == 0.0


def test_filters_that_ask_for_everything_are_named():
    filters = [
        {"name": "all", "mode": "SCENES", "find_filter": {"per_page": -1}},
        {"name": "huge", "mode": "IMAGES", "find_filter": {"per_page": 5000}},
        {"name": "plain", "mode": "TAGS", "find_filter": {"per_page": 40}},
        {"name": "old", "mode": "TAGS", "find_filter": None},
    ]
    observation = settings.unpaged_filters(filters)
    assert [row["name"] for row in observation.fact("filters")] == ["all", "huge"]
    assert settings.unpaged_filters([]).value == 0.0
