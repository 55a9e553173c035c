"""The settings that tell two runs of one server apart: those that bear on speed, and nothing private."""

from __future__ import annotations

from stashbench.stash.speed_settings import CACHE_SIZE_VARIABLE, speed_settings


def test_settings_are_told_as_text_and_unknown_ones_are_absent():
    general = {"logLevel": "Info", "parallelTasks": 2, "logAccess": True, "calculateMD5": False, "blobsStorage": None}
    assert speed_settings(general, "-64000") == {
        "logLevel": "Info",
        "parallelTasks": "2",
        "logAccess": "on",
        "calculateMD5": "off",
        CACHE_SIZE_VARIABLE: "-64000",
    }
    assert speed_settings({}, None) == {}


def test_paths_arguments_and_secrets_stay_out():
    private = {
        "databasePath": "/home/me/x",
        "stashes": [{"path": "/home/me"}],
        "apiKey": "k",
        "password": "p",
        "transcodeInputArgs": ["-headers", "Authorization: x"],
        "ffmpegPath": "/home/me/ffmpeg",
    }
    assert speed_settings(private, "") == {}


def test_what_a_server_says_is_cut_and_on_one_line():
    told = speed_settings({"logLevel": "x\n" * 1000}, "\x1b[31m" + "9" * 1000)
    assert all(len(value) <= 60 and "\n" not in value and "\x1b" not in value for value in told.values())
