from __future__ import annotations

import msgspec

from stashbench.model.recommendation import Basis, Impact
from stashbench.recommend.engine import recommend
from stashbench.recommend.guide import estimated_gain, implementation_guide


def some(make_facts, make_finding):
    index = {"name": "i", "table": "t", "statement": "CREATE INDEX i ON t(a)", "rollback": "DROP INDEX i"}
    return recommend(
        make_facts(
            make_finding("missing-index", missing_indexes=(index,)),
            make_finding("fragmentation", value=40.0, free_bytes=2**22, file_bytes=2**24),
        )
    )


def test_guide_holds_every_recommendation_with_its_undo(make_facts, make_finding):
    recommendations = some(make_facts, make_finding)
    guide = implementation_guide(recommendations)
    assert {step.recommendation_id for step in guide} == {item.id for item in recommendations}
    assert all(step.steps and step.validation and step.rollback for step in guide)


def test_optimising_waits_for_the_index_whatever_the_rank(make_facts, make_finding):
    recommendations = some(make_facts, make_finding)
    for order in (recommendations, recommendations[::-1]):
        assert [step.recommendation_id for step in implementation_guide(order)] == [
            "recreate-missing-index",
            "compact-database",
        ]


def test_gain_is_never_made_up(make_facts, make_finding):
    recommendations = some(make_facts, make_finding)
    assert estimated_gain(()).startswith("Nothing to gain")
    assert estimated_gain(recommendations).startswith("No gain can be put into numbers")
    impact = Impact(performance_percent=62.4, complexity=2, basis=Basis.MEASURED, affected="the tags page")
    best = msgspec.structs.replace(recommendations[0], impact=impact)
    text = estimated_gain((best, recommendations[1]))
    assert "62 % less time for the tags page" in text
    assert "(measured)" in text
    assert "1 more without a number" in text
