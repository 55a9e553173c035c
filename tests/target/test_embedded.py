from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from stashbench.config.target import TargetSettings
from stashbench.errors import UsageError
from stashbench.model.secret import Secret
from stashbench.model.target import Facility, TargetKind
from stashbench.target import open_target
from stashbench.target.attached import EMPTY_LIBRARY


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def indexes_of(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def test_with_no_address_a_server_is_started_and_taken_away_again():
    told = []
    fault = "drop-index=index_scenes_tags_on_tag_id"
    key = Secret("planted.key")  # of STASH_API_KEY, say: it must serve both sides
    settings = TargetSettings(library_scene_count=120, library_seed=11, faults=(fault,), api_key=key)
    with open_target(settings, progress=lambda done, total: told.append((done, total))) as target:
        assert target.info.kind is TargetKind.EMBEDDED
        assert target.info.library.scene_count == 120
        assert all(target.info.can(facility) for facility in Facility)
        assert Path(f"/proc/{target.pid}").exists()
        assert stat.S_IMODE(target.database_path.stat().st_mode) == 0o600
        assert "index_scenes_tags_on_tag_id" not in indexes_of(target.database_path)
        assert "index_scenes_on_studio_id" in indexes_of(target.database_path)
        pid, database = target.pid, target.database_path
    assert told
    assert not database.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_unknown_fault_is_a_usage_error():
    with pytest.raises(UsageError), open_target(TargetSettings(library_scene_count=120, faults=("no-such-fault",))):
        pass


@pytest.mark.parametrize("option", [{"pid": 1}, {"database": Path("x.sqlite")}])
def test_options_of_a_running_server_need_its_address(option):
    with pytest.raises(UsageError, match="--stash-url"), open_target(TargetSettings(**option)):
        pass


def test_an_empty_library_is_audited_with_a_word_of_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("STASHBENCH_CACHE", str(tmp_path))
    with open_target(TargetSettings(library_scene_count=0)) as target:
        assert target.info.library.scene_count == 0
        assert target.warnings == (EMPTY_LIBRARY,)
