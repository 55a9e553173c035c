"""Every check and every rule has its heading, its limits and its partner in the documentation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from stashbench.recommend.discovery import discover_rules

ROOT = Path(__file__).parents[2]
CHECKS = (ROOT / "docs" / "checks.md").read_text()
RULES = (ROOT / "docs" / "rules.md").read_text()
CATEGORIES = {"api", "database", "system", "configuration", "storage", "harness"}


def marks():
    for path in sorted((ROOT / "suites" / "audits").glob("audit_*.py")):
        names = {
            target.id: ast.literal_eval(node.value)
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
        }
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.audit":
                yield {
                    item.arg: names[item.value.id] if isinstance(item.value, ast.Name) else ast.literal_eval(item.value)
                    for item in node.keywords
                }


MARKS = {mark["id"]: mark for mark in marks()}


def section(text, heading):
    found = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{heading} has no heading"
    return found[1]


@pytest.mark.parametrize("check_id", MARKS)
def test_check_is_documented_with_its_limits(check_id):
    mark, text = MARKS[check_id], section(CHECKS, check_id)
    assert mark["title"] in text
    assert f"**Severity**: {mark['severity']}" in text
    for name in ("warning", "critical"):
        if name in mark:
            word = "from" if mark.get("upper", True) else "below"
            assert f"{name} {word} {mark[name]:g} {mark['unit']}" in text
    assert "**Planted fault**" in text


@pytest.mark.parametrize("rule", discover_rules(), ids=lambda rule: rule.META.id)
def test_rule_is_documented_with_its_checks_and_references(rule):
    text = section(RULES, rule.META.id)
    assert rule.META.title in text
    for name in (*rule.META.check_ids, *rule.META.references):
        assert name in text
    for check_id in rule.META.check_ids:
        assert f"rules.md#{rule.META.id}" in section(CHECKS, check_id)


def test_nothing_is_documented_that_is_not_there():
    assert set(re.findall(r"^### (\S+)$", CHECKS, re.MULTILINE)) == set(MARKS)
    assert set(re.findall(r"^### (\S+)$", RULES, re.MULTILINE)) == {rule.META.id for rule in discover_rules()}


def test_marks_are_whole_and_in_the_vocabulary():
    assert len(MARKS) >= 16
    for mark in MARKS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", mark["id"])
        assert mark["category"] in CATEGORIES
        assert mark["severity"] in {"info", "warning", "critical"}
        assert ("warning" in mark) == ("unit" in mark)
    assert {mark["category"] for mark in MARKS.values()} == CATEGORIES
