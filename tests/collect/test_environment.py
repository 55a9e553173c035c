from __future__ import annotations

import socket
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect import environment, machine
from stashbench.collect.environment import collect_environment, fingerprint_of, hard_facts


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(environment, "_STEAL_WINDOW_SECONDS", 0.02)


def test_it_describes_this_machine(tmp_path):
    found = collect_environment(tmp_path)
    assert found.cpu_count == machine.cpu_count()
    assert found.sqlite_version == sqlite3.sqlite_version
    assert found.packages["msgspec"][0].isdigit()
    assert found.filesystem
    assert found.boot_id == machine.boot_id()
    assert found.fingerprint == fingerprint_of(hard_facts())
    assert len(found.fingerprint) == 16


def test_the_host_name_is_not_told(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "a-telling-name")
    assert "a-telling-name" not in repr(collect_environment(None))


def test_without_a_database_no_disk_is_described():
    found = collect_environment(None)
    assert (found.filesystem, found.disk_model, found.disk_is_rotational) == (None, None, None)


def test_what_changes_by_itself_does_not_change_the_fingerprint(monkeypatch):
    before = collect_environment(None).fingerprint
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    monkeypatch.setattr(machine, "load_1m", lambda: 77.0)
    monkeypatch.setattr(machine, "boot_id", lambda: "another")
    monkeypatch.setattr(machine, "memory_bytes", lambda: 1)
    monkeypatch.setattr(environment.platform, "release", _with_other_patch_level)
    monkeypatch.setattr(environment.platform, "python_version", lambda: "3.11.99")
    assert collect_environment(None).fingerprint == before


_RELEASE = environment.platform.release()


def _with_other_patch_level() -> str:
    return ".".join(_RELEASE.split(".")[:2]) + ".999-other"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cpu_model", "another"),
        ("cpu_count", 99),
        ("cpu_quota_cores", 0.25),
        ("virtualisation", "another"),
    ],
)
def test_another_machine_changes_the_fingerprint(monkeypatch, name, value):
    before = fingerprint_of(hard_facts())
    monkeypatch.setattr(machine, name, lambda: value)
    assert fingerprint_of(hard_facts()) != before


@given(st.dictionaries(st.text(), st.text(), max_size=6), st.randoms())
def test_the_order_of_facts_does_not_matter(facts, random):
    items = list(facts.items())
    random.shuffle(items)
    assert fingerprint_of(dict(items)) == fingerprint_of(facts)


def test_a_disturbed_machine_is_warned_of(monkeypatch):
    monkeypatch.setattr(machine, "load_1m", lambda: 50.0)
    monkeypatch.setattr(machine, "steal_percent", lambda _: 12.5)
    monkeypatch.setattr(machine, "cpu_quota_cores", lambda: 0.5)
    monkeypatch.setattr(machine, "available_memory_bytes", lambda: 100 << 20)
    warnings = " ".join(collect_environment(None).warnings)
    for words in ("CPU steal of 12.5 %", "High load before the run: 50.0", "limited to 0.5", "100 MiB of memory"):
        assert words in warnings


def test_a_quiet_machine_is_not(monkeypatch):
    monkeypatch.setattr(machine, "load_1m", lambda: 0.0)
    monkeypatch.setattr(machine, "steal_percent", lambda _: 0.0)
    monkeypatch.setattr(machine, "cpu_quota_cores", lambda: None)
    monkeypatch.setattr(machine, "cpu_governor", lambda: "")
    monkeypatch.setattr(machine, "available_memory_bytes", lambda: 8 << 30)
    assert collect_environment(None).warnings == ()


def test_nothing_told_by_the_system_is_no_error(monkeypatch):
    monkeypatch.setattr(machine, "text_of", lambda _: "")
    found = collect_environment(None)
    assert found.boot_id is None
    assert found.cpu_steal_percent is None
