from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


class Workload:
    """A running workload.py: `do` makes it work and returns its own counters afterwards."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("workload.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.before = self._answer()

    @property
    def pid(self) -> int:
        return self.process.pid

    def do(self, *words: object) -> dict[str, float]:
        assert self.process.stdin is not None
        print(*words, file=self.process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture
def workload() -> Iterator[Workload]:
    running = Workload()
    yield running
    running.close()


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    def wait(condition: Callable[[], bool], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "the awaited state did not come"
            time.sleep(0.01)

    return wait


@pytest.fixture
def make_library(tmp_path) -> Callable[..., Path]:
    """A small Stash database of schema 75 in write-ahead mode, closed; `scene_count` scenes, each with two tags."""

    def make(scene_count: int = 20, name: str = "stash-go.sqlite", journal_mode: str = "wal") -> Path:
        from stashbench.embedded.schema import INDEXES, TABLES

        path = tmp_path / name
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {journal_mode}")
            for statement in (*TABLES.values(), *INDEXES.values()):
                connection.execute(statement)
            connection.execute("DELETE FROM schema_migrations")
            connection.execute("INSERT INTO schema_migrations (version, dirty) VALUES (75, 0)")
            now = "2026-01-01T00:00:00Z"
            for tag in (1, 2):
                connection.execute(
                    "INSERT INTO tags (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)",
                    (tag, f"tag {tag}", now, now),
                )
            for scene in range(1, scene_count + 1):
                connection.execute(
                    "INSERT INTO scenes (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)",
                    (scene, f"scene {scene}", now, now),
                )
                connection.executemany("INSERT INTO scenes_tags VALUES (?, ?)", [(scene, 1), (scene, 2)])
                connection.execute("INSERT INTO scenes_view_dates VALUES (?, ?)", (scene, now))
            connection.execute("INSERT INTO blobs (checksum, blob) VALUES ('a', zeroblob(1000)), ('b', NULL)")
            connection.commit()
        return path

    return make
