"""Rules are found by looking: ours in their package, those of others by their entry points."""

from __future__ import annotations

import sys

import pytest

from stashbench.recommend.discovery import discover_rules, find_rules
from stashbench.recommend.engine import advise

RULE = """
from stashbench.model.recommendation import RecommendationCategory
from stashbench.recommend.rule import RuleMeta

META = RuleMeta(
    id="{identifier}", type="step", category=RecommendationCategory.SYSTEM, title="Foreign", check_ids=("foreign",)
)


def evaluate(facts):
    return None
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a package that offers modules as rules, the way pip leaves it on the path."""

    def make(**modules):
        for name, text in modules.items():
            (tmp_path / f"foreign_{name}.py").write_text(text)
        metadata = tmp_path / "foreign_advice-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign-advice\nVersion: 1.0\n")
        lines = [f"{name} = foreign_{name}" for name in modules]
        (metadata / "entry_points.txt").write_text("\n".join(["[stashbench.rules]", *lines, ""]))
        monkeypatch.syspath_prepend(str(tmp_path))
        find_rules.cache_clear()

    yield make
    for name in [name for name in sys.modules if name.startswith("foreign_")]:
        del sys.modules[name]
    find_rules.cache_clear()


def test_rules_are_found_by_looking():
    found = discover_rules()
    assert len(found) >= 5
    assert [rule.META.id for rule in found] == sorted(rule.META.id for rule in found)
    assert all(rule.META.title for rule in found)


def test_another_packages_rule_is_found_and_run(install, make_facts):
    ours = len(discover_rules())
    install(cold_cache=RULE.format(identifier="warm-the-cache"))
    assert "warm-the-cache" in {rule.META.id for rule in discover_rules()}
    assert len(discover_rules()) == ours + 1
    assert advise(make_facts()).notes == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("META = None", "needs META and evaluate"),
        (RULE.format(identifier="compact-database"), "Two rules are called compact-database"),
    ],
)
def test_another_packages_broken_rule_costs_a_note_and_no_other_advice(install, make_facts, make_finding, text, reason):
    install(broken=text)
    fragmented = make_finding("fragmentation", value=40.0, free_bytes=4 * 2**20, file_bytes=10 * 2**20)
    advice = advise(make_facts(fragmented))
    assert [item.id for item in advice.recommendations] == ["compact-database"]
    (note,) = advice.notes
    assert "the rule broken of foreign-advice cannot be used" in note
    assert reason in note
