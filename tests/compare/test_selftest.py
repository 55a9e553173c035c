from __future__ import annotations

import msgspec
import pytest

from stashbench.compare import selftest
from stashbench.compare.options import Options, Silent
from stashbench.compare.selftest import SelfTestRun
from stashbench.errors import TargetUnreachableError
from stashbench.model.environment import Environment
from stashbench.model.side_by_side import SCHEMA, SCHEMA_VERSION, ComparedSide, SideBySide
from stashbench.model.target import Target, TargetKind

SIDE = ComparedSide(label="A", given="embedded", target=Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1"))
DOCUMENT = SideBySide(
    schema=SCHEMA,
    schema_version=SCHEMA_VERSION,
    run_id="r",
    stashbench_version="0.1.0",
    started_at="2026-11-23T12:00:00Z",
    finished_at="2026-11-23T12:01:00Z",
    wall_seconds=60.0,
    verdict="",
    a=SIDE,
    b=SIDE,
    benchmarks=(),
    environment=Environment(fingerprint="f", os="Linux", kernel="6", architecture="x", cpu_model="c", cpu_count=2),
    seed=1,
    budget_seconds=30.0,
    minimum_effect=1.02,
)


class Scripted:
    """Stands in for a comparison: what each next one does is given; a document may come with how it was broken off."""

    script: list
    seen: list[Options]

    def __init__(self, a, b, options, progress):
        self.was_interrupted = False
        self.loss = None
        self.seen.append(options)

    def run(self):
        what = self.script.pop(0)
        if isinstance(what, BaseException):
            raise what
        self.was_interrupted = what.partial
        return what


@pytest.fixture
def run(monkeypatch):
    def begin(*script, pair_count=3, budget_seconds=90.0):
        Scripted.script, Scripted.seen = list(script), []
        monkeypatch.setattr(selftest, "Comparison", Scripted)
        return SelfTestRun(
            lambda: (None, None),
            Options(suites=(), seed=5),
            Silent(),
            pair_count=pair_count,
            budget_seconds=budget_seconds,
        )

    return begin


def test_each_pair_has_a_seed_of_its_own_and_its_share_of_the_time(run):
    found = run(DOCUMENT, DOCUMENT, DOCUMENT).run()
    assert found.pairs.total == found.wanted_pair_count == 3
    assert found.partial_reason == ""
    assert [options.seed for options in Scripted.seen] == [5, 6, 7]
    assert Scripted.seen[0].budget_seconds == pytest.approx(22, abs=1)
    assert Scripted.seen[2].budget_seconds > 80  # pairs that took no time leave theirs to the last


@pytest.mark.parametrize("end", [KeyboardInterrupt(), msgspec.structs.replace(DOCUMENT, partial=True)])
def test_ctrl_c_keeps_the_pairs_that_came_to_their_end(run, end):
    broken = run(DOCUMENT, end)
    found = broken.run()
    assert broken.was_interrupted
    assert found.pairs.total == 1
    assert found.partial_reason == "it was interrupted after 1 of them"


def test_without_one_finished_pair_nothing_is_known(run):
    broken = run(KeyboardInterrupt())
    assert broken.run() is None
    assert broken.was_interrupted


def test_a_server_lost_on_the_way_is_told_and_one_never_there_is_an_error(run):
    lost = run(DOCUMENT, TargetUnreachableError("gone"))
    assert lost.run().partial_reason == "the server was lost after 1 of them (gone)"
    assert lost.loss.exit_status == 3
    with pytest.raises(TargetUnreachableError):
        run(TargetUnreachableError("gone")).run()


def test_when_the_time_is_over_what_there_is_counts(run, monkeypatch):
    clock = iter(range(0, 1000, 40))
    monkeypatch.setattr(selftest.time, "monotonic", lambda: float(next(clock)))
    found = run(DOCUMENT, DOCUMENT, DOCUMENT).run()
    assert found.pairs.total == 1
    assert found.partial_reason.startswith("the time was over after 1 of them; a longer --budget")
