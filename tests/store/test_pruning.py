"""Old sessions go by number and by age, and never more than was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from stashbench.errors import StoreError
from stashbench.store import baselines, pruning


@pytest.fixture
def stored(tmp_path, make_baseline):
    old = make_baseline("x", run_id="old", created_at="2025-12-01T00:00:00Z")
    (tmp_path / "x.json").write_bytes(msgspec.json.encode(old))
    for day in (1, 2, 3):
        session = make_baseline("x", run_id=f"run-{day}", created_at=f"2026-01-0{day}T00:00:00Z")
        baselines.save(tmp_path, session, is_added=True)
    return tmp_path


@pytest.mark.parametrize(
    ("keep", "day", "gone"),
    [
        (2, None, ["x", "run-1"]),
        (0, None, ["x", "run-1", "run-2", "run-3"]),
        (9, None, []),
        (None, 2, ["x", "run-1"]),
        (3, 3, ["x"]),
        (1, 2, ["x", "run-1"]),
    ],
)
def test_what_is_beyond_the_number_and_the_age_goes(stored, keep, day, gone):
    before = None if day is None else datetime(2026, 1, day, tzinfo=UTC)
    plan = pruning.plan(stored, "x", keep=keep, before=before)
    assert [path.name.split(".")[0] for path in plan.surplus] == gone
    assert (plan.count, plan.problems) == (4, ())


def test_each_server_keeps_its_own(tmp_path, make_baseline, target):
    for version in ("v1", "v2"):
        server = msgspec.structs.replace(target, server_version=version)
        for day in (1, 2):
            session = make_baseline(run_id=f"{version}-{day}", created_at=f"2026-01-0{day}T00:00:00Z", target=server)
            baselines.feed(tmp_path, session, 10)
    plan = pruning.plan(tmp_path, "rolling", keep=1, before=None)
    assert sorted(path.name for path in plan.surplus) == ["v1-1.json.gz", "v2-1.json.gz"]


def test_what_cannot_be_read_is_left_alone_and_told(stored):
    (stored / "x" / "run-1.json.gz").write_bytes(b"?")
    plan = pruning.plan(stored, "x", keep=0, before=None)
    assert [path.name for path in plan.surplus] == ["x.json", "run-2.json.gz", "run-3.json.gz"]
    assert "run-1.json.gz" in plan.problems[0]


def test_the_folder_goes_with_its_last_session(stored):
    for path in pruning.plan(stored, "x", keep=0, before=None).surplus:
        pruning.remove(path)
    assert list(stored.iterdir()) == []
    with pytest.raises(StoreError, match="no baseline 'x'"):
        pruning.plan(stored, "x", keep=0, before=None)
