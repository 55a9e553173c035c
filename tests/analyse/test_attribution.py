from __future__ import annotations

import msgspec

from stashbench.analyse.attribution import CauseKind, recorded_changes, slow_growth
from stashbench.model.trend import Circumstances, TrendRun

KNOWN = Circumstances(
    server_version="v0.29.3",
    program_sha256="a",
    schema_version=72,
    library={"scene": 1000, "gallery": 10},
    settings={"parallelTasks": "1"},
    fingerprint="f",
    machine={"cpu_model": "A", "kernel": "6.1"},
    stashbench_version="0.1.0",
)


def changes(*circumstances):
    runs = [TrendRun(run_id=str(n), started_at="", circumstances=one) for n, one in enumerate(circumstances)]
    return [(cause.run, cause.kind, cause.text) for cause in recorded_changes(runs)]


def but(**differences):
    return msgspec.structs.replace(KNOWN, **differences)


def test_each_kind_of_change_is_named():
    cases = {
        CauseKind.RELEASE: (but(server_version="v0.30.1", program_sha256="b"), "Stash v0.29.3 to v0.30.1"),
        CauseKind.BUILD: (but(program_sha256="b"), "another build of the same Stash release"),
        CauseKind.SCHEMA: (but(schema_version=75), "database schema 72 to 75"),
        CauseKind.LIBRARY: (but(library={"scene": 1000, "gallery": 20}), "library: 10 to 20 galleries"),
        CauseKind.SETTINGS: (but(settings={"parallelTasks": "4"}), "server setting parallelTasks 1 to 4"),
        CauseKind.FAULTS: (but(faults=("no-index",)), "planted faults: none to no-index"),
        CauseKind.MACHINE: (
            but(fingerprint="g", machine={"cpu_model": "B", "kernel": "6.1"}),
            "another machine (cpu_model A to B)",
        ),
        CauseKind.STASHBENCH: (but(stashbench_version="0.2.0"), "stashbench 0.1.0 to 0.2.0"),
    }
    for kind, (now, words) in cases.items():
        assert changes(KNOWN, now) == [(1, kind, words)]


def test_what_was_not_recorded_is_no_change_and_does_not_hide_one():
    nothing = Circumstances(fingerprint="f")
    assert changes(nothing, KNOWN) == []
    assert changes(KNOWN, nothing) == []
    assert changes(KNOWN, nothing, but(server_version="v0.30.1")) == [
        (2, CauseKind.RELEASE, "Stash v0.29.3 to v0.30.1")
    ]


def test_a_few_more_scenes_are_no_cause_but_a_slow_growth_is_told():
    grown = [but(library={"scene": 1000 + 9 * run}) for run in range(40)]
    assert changes(*grown) == []
    runs = [TrendRun(run_id="", started_at="", circumstances=one) for one in grown]
    assert "1,086 to 1,266 scenes" in slow_growth(runs[:20], runs[20:])
    assert slow_growth(runs[:2], runs[2:4]) == ""
    assert slow_growth(runs[:2], [TrendRun(run_id="", started_at="", circumstances=Circumstances())]) == ""
