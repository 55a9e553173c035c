from __future__ import annotations

from pathlib import Path

import pytest

from stashbench.analyse.paired import Decision, Interval, Judged
from stashbench.analyse.paired_work import combine
from stashbench.compare import run as compare_run
from stashbench.compare.document import Decided
from stashbench.compare.fitness import wait_if_asked, withheld
from stashbench.compare.options import Options, Silent
from stashbench.compare.run import Comparison
from stashbench.compare.side import Side
from stashbench.config.target import TargetSettings
from stashbench.model.baseline import Verdict
from stashbench.report.side_by_side import render_html

SUITE = Path(__file__).parent.parent.parent / "suites" / "benchmarks"


def decided(verdict):
    judged = {
        0: Judged(verdict, "so it is", ratio=1.4, ci_low=1.3, ci_high=1.5, smallest_visible=1.05),
        1: Judged(Verdict.UNCHANGED, "as it was", ratio=1.0, ci_low=0.99, ci_high=1.01, smallest_visible=1.05),
    }
    suite = Interval(1.2, 1.1, 1.3)
    decision = Decision(judged=judged, sigma=0.01, z=3.0, detection_limit=1.05, suite=suite)
    return Decided(time=decision, processor=decision)


def test_on_a_fit_machine_every_verdict_stays():
    found = decided(Verdict.REGRESSED)
    assert withheld(found, ()) is found


@pytest.mark.parametrize("verdict", [Verdict.REGRESSED, Verdict.IMPROVED, Verdict.UNCHANGED])
def test_on_an_unfit_one_no_verdict_on_times_stands_but_the_numbers_do(verdict):
    before = decided(verdict)
    found = withheld(before, ("8.0 MiB/s went to and from swap",))
    for decision in (found.time, found.processor):
        assert {item.verdict for item in decision.judged.values()} == {Verdict.INCONCLUSIVE}
        assert all("8.0 MiB/s" in item.reason and item.smallest_visible is None for item in decision.judged.values())
        assert decision.detection_limit is None
        assert decision.suite is None
        assert decision.judged[0].ratio == before.time.judged[0].ratio


def test_counted_work_stands_whatever_the_machine_did():
    found = withheld(decided(Verdict.UNCHANGED), ("swap",))
    verdict, reason = combine(found.time.judged[0], found.processor.judged[0], Verdict.REGRESSED, "52 instead of 12")
    assert verdict is Verdict.REGRESSED
    assert reason.startswith("52 instead of 12")
    assert "not fit" in reason


def test_nobody_waits_who_did_not_ask():
    assert wait_if_asked(Options(suites=()), Silent()) == (0.0, "")


def test_a_run_on_an_unfit_machine_says_so_and_still_finds_more_statements(shared_server, monkeypatch):
    a, b = shared_server(), shared_server("latency=SystemStatus:30", "n-plus-one=FindTags")
    monkeypatch.setattr(compare_run, "unfit_reasons", lambda *_: ("8.0 MiB/s went to and from swap (limit 4)",))
    sides = [
        Side(letter, letter.upper(), "server", TargetSettings(url=url))
        for letter, url in zip("ab", (a.url, b.url), strict=True)
    ]
    options = Options(suites=(SUITE,), expression="floor or (bench_tags and not depth)", budget_seconds=2.0)
    document = Comparison(*sides, options, Silent()).run()
    found = {item.id: item for item in document.benchmarks}
    assert found["latency-floor"].verdict is Verdict.INCONCLUSIVE
    assert found["latency-floor"].ratio > 5
    assert found["tags"].verdict is Verdict.REGRESSED
    assert found["tags"].time_verdict is Verdict.INCONCLUSIVE
    assert document.verdict.startswith("Times could not be judged: 8.0 MiB/s")
    assert "costs more" in document.verdict
    assert document.detection_limit is None
    assert document.machine.watched_seconds > 0
    page = render_html(document)
    assert "Machine while measuring" in page
    assert "no: 8.0 MiB/s" in page
    assert "not fit for it" in page
