"""A program that stands in for Stash, and a place of its own for temporary files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stashbench.target.managed import BinaryOptions
from stashbench.target.managed.library import filled_database


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """An executable that behaves like Stash; what it is depends on nothing but its text."""
    path = tmp_path_factory.mktemp("programs") / "stand-in"
    source = Path(__file__).with_name("stand_in.py").read_text()
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def cache(tmp_path_factory, program):
    """The cache of libraries that all tests here share, with the library most of them use."""
    cache = tmp_path_factory.mktemp("libraries")
    filled_database(program, scene_count=150, seed=5, timeout_seconds=60, cache_directory=cache)
    return cache


@pytest.fixture
def options(program, cache):
    """Options to start it with."""

    def make(**changes):
        return BinaryOptions(**{"binary": program, "scene_count": 150, "seed": 5, "cache_directory": cache, **changes})

    return make


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder
