"""The rolling baseline: fed by accepted runs only, short, and at a new level where a user says so."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.quality import MachineQuality
from stashbench.store import baselines, rolling

replace = msgspec.structs.replace


def nth(make_baseline, number, **changes):
    return make_baseline(
        "rolling", run_id=f"run-{number:02}", created_at=f"2026-01-{number + 1:02}T00:00:00Z", **changes
    )


def test_the_last_accepted_sessions_are_kept_and_found_first(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline("named", created_at="2027-01-01T00:00:00Z"))
    for number in range(5):
        said = baselines.feed(tmp_path, nth(make_baseline, number), 3)
    assert said == "this run was taken into the rolling baseline, which now holds 3 sessions"
    for name in ("auto", "rolling"):
        found = baselines.find_sessions(tmp_path, name, environment, target)
        assert [item.run_id for item in found.sessions] == ["run-02", "run-03", "run-04"]
        assert (found.name, found.is_same_machine) == ("rolling", True)
    assert (tmp_path / "rolling" / ".gitignore").read_text() == "*\n"
    assert baselines.named(tmp_path) == ("named",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"regressed": ("scenes-page", "tags")},
            "scenes-page and 1 more regressed; if it is meant to stay so: stashbench",
        ),
        ({"partial_reasons": ("the run was interrupted",)}, "it is partial (the run was interrupted)"),
        ({"machine": MachineQuality(unfit_reasons=("throttled",))}, "the machine was disturbed (throttled)"),
        ({"measurements": ()}, "it has no usable measurement"),
        ({"run_id": "../../x"}, "is no plain file name"),
        ({"doubts": ("it was changed",)}, "it was changed"),
    ],
)
def test_what_is_not_accepted_does_not_feed_it(tmp_path, make_baseline, changes, words):
    said = baselines.feed(tmp_path / "b", make_baseline(**changes), 10)
    assert said.startswith("this run was not taken into the rolling baseline: ")
    assert words in said
    assert not (tmp_path / "b").exists()


def test_zero_switches_it_off(tmp_path, make_baseline):
    assert "switched off" in baselines.feed(tmp_path, make_baseline(), 0)
    assert list(tmp_path.iterdir()) == []


def test_each_machine_server_and_setting_has_its_own(tmp_path, make_baseline, environment, target):
    baselines.feed(tmp_path, make_baseline(), 10)
    for machine, server in (
        (replace(environment, fingerprint="0" * 16, cpu_model="Quick"), target),
        (environment, replace(target, server_version="v9")),
        (environment, replace(target, speed_settings={"logLevel": "Trace"})),
    ):
        baselines.feed(tmp_path, make_baseline(run_id="other", environment=machine, target=server), 10)
        found = baselines.find_sessions(tmp_path, "auto", machine, server)
        assert [item.run_id for item in found.sessions] == ["other"]
    assert len(rolling.session_paths(tmp_path)) == 4


def test_another_machines_rolling_sessions_are_found_for_their_counters(tmp_path, make_baseline, environment, target):
    baselines.feed(tmp_path, make_baseline(), 10)
    found = baselines.find_sessions(tmp_path, "auto", replace(environment, fingerprint="0", cpu_count=9), target)
    assert (found.name, found.is_same_machine, len(found.sessions)) == ("rolling", False, 1)


def test_a_library_that_grows_leaves_old_sessions_behind(tmp_path, make_baseline, environment, target):
    library = target.library
    for number, count in enumerate((1000, 1080, 1160)):
        grown = replace(target, library=replace(library, scene_count=count))
        baselines.feed(tmp_path, nth(make_baseline, number, target=grown), 10)
    found = baselines.find_sessions(tmp_path, "auto", environment, grown)
    assert [item.run_id for item in found.sessions] == ["run-01", "run-02"]


def test_a_run_of_few_pages_does_not_push_out_those_of_all(make_baseline, make_measurement):
    both = (make_measurement("a"), make_measurement("b"))
    whole = [nth(make_baseline, number, measurements=both) for number in range(2)]
    few = [nth(make_baseline, number, measurements=both[:1]) for number in range(2, 4)]
    assert rolling.surplus([*whole, *few], 2) == []
    assert rolling.surplus([*whole, *few, nth(make_baseline, 9, measurements=both)], 2) == ["run-00", "run-02"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # they make values and keep none
@given(
    st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=12),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_every_benchmark_keeps_its_last_sessions_whatever_the_order(
    make_baseline, make_measurement, runs, count, random
):
    sessions = [
        nth(make_baseline, number, measurements=tuple(map(make_measurement, sorted(names))))
        for number, names in enumerate(runs)
    ]
    gone = rolling.surplus(sessions, count)
    left = [item for item in sessions if item.run_id not in gone]
    assert len(left) <= 3 * count
    for name in "abcd":
        held = [item.run_id for item in sessions if name in {found.id for found in item.measurements}][-count:]
        if len(sessions) <= 3 * count:
            assert set(held) <= {item.run_id for item in left}
    random.shuffle(sessions)
    assert rolling.surplus(sessions, count) == gone


def test_a_promoted_run_sets_a_new_level_for_what_changed_in_it(
    tmp_path, make_baseline, make_measurement, environment, target
):
    pages = tuple(map(make_measurement, ("slower", "faster", "same")))
    for number in range(3):
        baselines.feed(tmp_path, nth(make_baseline, number, measurements=pages), 10)
    changed = nth(make_baseline, 3, measurements=pages, regressed=("slower",), improved=("faster",))
    assert "not taken" in baselines.feed(tmp_path, changed, 10)
    assert "was taken" in baselines.feed(tmp_path, replace(changed, accepted_because="a new feature"), 10)
    baselines.feed(tmp_path, nth(make_baseline, 4, measurements=pages), 10)
    found = baselines.find_sessions(tmp_path, "auto", environment, target).sessions
    held = {
        page.id: [item.run_id for item in found if page.id in {kept.id for kept in item.measurements}] for page in pages
    }
    assert held["same"] == [f"run-{number:02}" for number in range(5)]
    assert held["slower"] == held["faster"] == ["run-03", "run-04"]


def test_a_promoted_suite_leaves_nothing_of_before(make_baseline):
    sessions = [nth(make_baseline, number) for number in range(3)]
    sessions.append(nth(make_baseline, 3, regressed=(rolling.WHOLE_SUITE,), accepted_because="moved house"))
    assert [item.run_id for item in rolling.since_promoted(sessions)] == ["run-03"]


def comparison(name, verdict, accepted=""):
    return Comparison(benchmark_id=name, baseline_name="b", verdict=verdict, reason="", accepted=accepted)


def test_a_session_knows_what_had_regressed_and_what_the_user_accepts(make_result):
    result = make_result(
        comparisons=(
            comparison("worse", Verdict.REGRESSED),
            comparison("maybe", Verdict.SUSPECT),
            comparison("meant", Verdict.REGRESSED, accepted="a new feature"),
            comparison("better", Verdict.IMPROVED),
            comparison("same", Verdict.UNCHANGED),
        ),
        suite_shift=SuiteShift(verdict=Verdict.REGRESSED, reason=""),
        machine=MachineQuality(steal_percent=1.0),
        partial_reasons=("interrupted",),
    )
    session = baselines.session_of(result, name="x", note="n")
    assert session.regressed == ("worse", "maybe", rolling.WHOLE_SUITE)
    assert session.improved == ("better",)
    assert (session.name, session.note, session.partial_reasons) == ("x", "n", ("interrupted",))
    assert session.machine == MachineQuality(steal_percent=1.0)
    assert session.created_at == result.finished_at
