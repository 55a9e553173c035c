from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from stashbench.model.finding import Outcome, Severity
from stashbench.recommend.discovery import discover_rules
from stashbench.recommend.engine import advise, merge_same_steps, recommend
from stashbench.recommend.rules import fragmentation, idle_cpu, stale_statistics


def broken_rule(facts):
    message = "no such evidence"
    raise KeyError(message)


@pytest.fixture
def fragmented(make_finding):
    return make_finding("fragmentation", value=40.0, free_bytes=4 * 2**20, file_bytes=10 * 2**20)


@pytest.fixture
def stale(make_finding):
    return make_finding("stale-statistics", severity=Severity.CRITICAL, tables=({"table": "scenes"},))


def test_nothing_wrong_means_no_advice(make_facts, make_finding):
    passed = [make_finding(name, outcome=Outcome.PASSED) for name in ("fragmentation", "idle-cpu", "wal-size")]
    assert recommend(make_facts(*passed)) == ()


def test_a_rule_that_raises_leaves_a_note_and_the_other_advice(make_facts, fragmented):
    broken = SimpleNamespace(META=msgspec.structs.replace(idle_cpu.META, id="broken"), evaluate=broken_rule)
    advice = advise(make_facts(fragmented), [broken, fragmentation])
    assert [item.id for item in advice.recommendations] == ["compact-database"]
    (note,) = advice.notes
    assert "rule broken failed with KeyError" in note
    assert "no such evidence" in note


def test_two_answers_that_are_one_step_become_one(make_facts, fragmented, stale):
    facts = make_facts(fragmented, stale)
    (advice,) = recommend(facts)
    assert set(advice.finding_ids) == {"fragmentation", "stale-statistics"}
    assert "also answers" in advice.description
    assert advice.impact_score == 30.0
    alone = [stale_statistics.evaluate(facts), fragmentation.evaluate(facts)]
    assert merge_same_steps(alone) == merge_same_steps(alone[::-1])


def test_worse_findings_come_first(make_facts, make_finding, fragmented):
    busy = make_finding("idle-cpu", severity=Severity.CRITICAL, value=99.0)
    assert [item.id for item in recommend(make_facts(fragmented, busy))] == ["stop-idle-cpu-use", "compact-database"]


def test_order_does_not_depend_on_the_order_of_findings(make_facts, make_finding, fragmented, stale):
    findings = [fragmented, stale, make_finding("wal-size", value=2.0**27), make_finding("idle-cpu", value=50.0)]
    assert recommend(make_facts(*findings)) == recommend(make_facts(*findings[::-1]))


def test_a_symptom_waits_behind_its_cause(make_facts, make_finding, stale):
    crowded = make_finding("page-cache", value=9.0, database_bytes=40 * 2**20)
    (alone,) = recommend(make_facts(crowded))
    both = {item.id: item for item in recommend(make_facts(crowded, stale))}
    assert tuple(both) == ("refresh-statistics", "enlarge-page-cache")
    assert both["enlarge-page-cache"].rank_score < alone.rank_score
    assert both["refresh-statistics"].title in both["enlarge-page-cache"].rationale


def test_the_causes_rules_name_are_rules():
    names = {rule.META.id for rule in discover_rules()}
    assert {cause for rule in discover_rules() for cause in rule.META.symptom_of} <= names
