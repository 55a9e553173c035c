"""Folders of media, made once for all tests that only look at them."""

from __future__ import annotations

import shutil

import pytest

from stashbench.embedded.media_set import make_media

FILES = 30


@pytest.fixture(scope="session")
def has_ffmpeg():
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        pytest.skip("needs FFmpeg")


@pytest.fixture(scope="session")
def made(has_ffmpeg, tmp_path_factory):
    """Give (folder, summary) of a set made with FFmpeg."""
    folder = tmp_path_factory.mktemp("media") / "set"
    return folder, make_media(folder, file_count=FILES, seed=1)


@pytest.fixture
def without_ffmpeg(monkeypatch):
    monkeypatch.setattr("stashbench.embedded.media_set.ffmpeg.shutil.which", lambda _name: None)
