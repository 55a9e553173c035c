from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.export.junit import render_junit

GOLDEN = Path(__file__).parent.parent / "golden" / "junit.xml"


def parse(result):
    return ET.fromstring(render_junit(result).encode())


def case(root, start):
    (found,) = [item for item in root.iter("testcase") if item.get("name").startswith(start)]
    return found


@pytest.mark.parametrize("builder", ["build_sample", "build_partial", "build_healthy", "build_empty", "build_long"])
def test_there_is_one_case_for_each_check_and_benchmark_and_the_counts_agree(samples, builder):
    result = getattr(samples, builder)()
    root = parse(result)
    known = {item.id for item in result.measurements}
    gone = [item for item in result.comparisons if item.benchmark_id not in known]
    cases = list(root.iter("testcase"))
    assert len(cases) == len(result.findings) + len(result.measurements) + len(gone)
    for element in (root, *root.iter("testsuite")):
        inside = list(element.iter("testcase"))
        assert int(element.get("tests")) == len(inside)
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(word)) == sum(item.find(tag) is not None for item in inside)


def test_outcomes_become_failures_errors_and_skips(result):
    root = parse(result)
    assert case(root, "slow-page:").find("failure").get("type") == "critical"
    assert case(root, "stale-statistics:").find("failure").get("type") == "warning"
    assert case(root, "broken-check:").find("error") is not None
    assert case(root, "wal-size:").find("skipped").get("message").startswith("not measured: The database file")
    assert case(root, "memory-growth:").find("skipped").get("message").startswith("inconclusive: ")
    assert case(root, "network-filesystem:").find("skipped").get("message").startswith("not applicable: ")
    passed = case(root, "fine-0:")
    assert [child.tag for child in passed] == ["properties", "system-out"]
    assert case(root, "bench-12:").find("failure").get("type") == "regression"
    assert "takes 1.42 times as long" in case(root, "bench-12:").find("failure").get("message")
    assert case(root, "bench-17:").find("failure") is None
    assert case(root, "bench-failed:").find("error") is not None
    assert case(root, "bench-not-offered:").find("skipped") is not None
    assert case(root, "bench-old").find("skipped").get("message").startswith("gone: ")


def test_benchmarks_carry_the_time_of_all_rounds_and_their_median(result):
    element = case(parse(result), "bench-02:")
    measured = result.measurements[2]
    assert float(element.get("time")) == pytest.approx(sum(measured.rounds_seconds), abs=1e-6)
    properties = {item.get("name"): item.get("value") for item in element.iter("property")}
    assert float(properties["median_seconds"]) == measured.statistics.median_seconds
    assert properties["verdict"] == "unchanged"


def test_the_file_is_as_it_was(result):
    text = render_junit(result)
    if os.environ.get("STASHBENCH_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "see the difference, then run with STASHBENCH_UPDATE_GOLDEN=1"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_gives_well_formed_xml_and_printable_text_survives(samples, text):
    root = parse(samples.poison(samples.build_partial(), text))
    names = [item.get("name") for item in root.iter("testcase")]
    assert names
    if text.isprintable() and not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert all(name == f"{text}: {text}" for name in names)


def test_what_xml_cannot_hold_is_shown_not_dropped(samples):
    root = parse(samples.poison(samples.build_partial(), "a\x00b\rc\ud800d"))
    assert next(root.iter("testcase")).get("name").startswith("a\\u{0}b\\u{d}c\\u{d800}d")
