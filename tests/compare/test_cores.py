from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from stashbench.compare.cores import shared_cores
from stashbench.compare.options import Options

OWN = (SimpleNamespace(label="A", is_own=True), SimpleNamespace(label="B", is_own=True))
ATTACHED = (OWN[0], SimpleNamespace(label="old", is_own=False))


def test_the_cores_of_all_rounds_are_told():
    shared = shared_cores({frozenset({1}), frozenset({0})}, Options(suites=()), OWN)
    assert shared == ((0, 1), 1, "")
    halves = shared_cores({frozenset({2, 3}), frozenset({0, 1})}, Options(suites=()), OWN)
    assert halves == ((0, 1, 2, 3), 2, "")


@pytest.mark.parametrize(
    ("options", "sides", "reason"),
    [
        (Options(suites=()), ATTACHED, "old is not started by us"),
        (Options(suites=(), is_pinning=False), OWN, "that was asked for (--no-pin)"),
    ],
)
def test_where_none_were_shared_the_reason_is_told(options, sides, reason):
    assert shared_cores((), options, sides) == ((), 0, reason)


def test_a_single_core_is_a_reason_too(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert "single core" in shared_cores((), Options(suites=()), OWN).reason
