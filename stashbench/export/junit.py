"""`junit.xml` for CI servers: one test case for each check and each benchmark, and XML whatever the text holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from stashbench.model.baseline import Comparison
from stashbench.model.finding import Finding, Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.result import AuditResult

# What XML 1.0 cannot hold, carriage returns (a parser would turn them into line feeds), and marks that reorder text.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case; `problem` is the element inside it, or empty for a pass."""

    classname: str
    name: str
    problem: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""
    seconds: float | None = None
    output: str = ""
    properties: tuple[tuple[str, str], ...] = ()


def render_junit(result: AuditResult) -> str:
    """Render the result: warnings, critical findings and regressions fail; what was not measured is skipped."""
    comparisons = {item.benchmark_id: item for item in result.comparisons}
    known = {item.id for item in result.measurements}
    checks = [_check(item) for item in result.findings]
    benchmarks = [_benchmark(item, comparisons) for item in result.measurements]
    benchmarks += [_gone(item) for item in result.comparisons if item.benchmark_id not in known]
    root = ET.Element("testsuites", {"name": "stashbench", **_counts([*checks, *benchmarks])})
    for name, cases in (("checks", checks), ("benchmarks", benchmarks)):
        suite = ET.SubElement(root, "testsuite", {"name": f"stashbench.{name}", **_counts(cases)})
        suite.set("timestamp", _legal(result.started_at))
        for case in cases:
            _append(suite, case)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _check(finding: Finding) -> _Case:
    case = _Case(classname=f"checks.{finding.category.value}", name=f"{finding.id}: {finding.title}")
    properties = () if finding.value is None else (("value", repr(finding.value)), ("unit", finding.unit))
    problem, kind = {
        Outcome.PASSED: ("", ""),
        Outcome.FAILED: ("failure", finding.severity.value),
        Outcome.ERROR: ("error", "error"),
        Outcome.INCONCLUSIVE: ("skipped", "inconclusive"),
        Outcome.NOT_MEASURED: ("skipped", "not measured"),
        Outcome.NOT_APPLICABLE: ("skipped", "not applicable"),
    }[finding.outcome]
    if finding.outcome is Outcome.FAILED and finding.severity is Severity.INFO:
        problem, kind = "", ""
    return _Case(
        classname=case.classname,
        name=case.name,
        problem=problem,
        kind=kind,
        message=f"{kind}: {finding.message}" if problem == "skipped" else finding.message,
        text=_limits(finding) if problem == "failure" else "",
        output="" if problem else finding.message,
        properties=properties,
    )


def _limits(finding: Finding) -> str:
    limit = finding.threshold
    if limit is None:
        return finding.message
    side = "at or above" if limit.is_upper else "at or below"
    return (
        f"{finding.message}\nvalue {finding.value} {finding.unit}; warning {side} {limit.warning},"
        f" critical {side} {limit.critical} {limit.unit} (from {limit.source})"
    )


def _benchmark(measurement: Measurement, comparisons: Mapping[str, Comparison]) -> _Case:
    problem, kind, message = "", "", ""
    comparison = comparisons.get(measurement.id)
    if measurement.outcome is MeasurementOutcome.FAILED:
        problem, kind, message = "error", "failed", measurement.reason
    elif measurement.outcome is MeasurementOutcome.NOT_OFFERED:
        problem, kind, message = "skipped", "not offered", f"not offered: {measurement.reason}"
    elif measurement.outcome is MeasurementOutcome.NOT_MEASURED:
        problem, kind, message = "skipped", "not measured", f"not measured: {measurement.reason}"
    elif comparison is not None and comparison.is_counted_regression:
        problem, kind, message = "failure", "regression", _regression(comparison)
    statistics = measurement.statistics
    properties: tuple[tuple[str, str], ...] = ()
    if statistics is not None:
        properties = (
            ("median_seconds", repr(statistics.median_seconds)),
            ("median_ci_low_seconds", repr(statistics.median_ci_low_seconds)),
            ("median_ci_high_seconds", repr(statistics.median_ci_high_seconds)),
            ("rounds", str(statistics.count)),
        )
    if measurement.trace is not None and measurement.trace.is_clean:
        properties += (("statements", str(measurement.trace.statement_count)),)
    if comparison is not None:
        properties += (("verdict", comparison.verdict.value),)
    return _Case(
        classname=f"benchmarks.{measurement.group}",
        name=f"{measurement.id}: {measurement.title}",
        problem=problem,
        kind=kind,
        message=message,
        seconds=sum(measurement.rounds_seconds) if measurement.rounds_seconds else None,
        properties=properties,
    )


def _regression(comparison: Comparison) -> str:
    if comparison.ratio is None:
        return comparison.reason
    interval = ""
    if comparison.ci_low is not None and comparison.ci_high is not None:
        interval = f" (95 % interval {comparison.ci_low:.3g} to {comparison.ci_high:.3g})"
    return (
        f"takes {comparison.ratio:.3g} times as long as in baseline {comparison.baseline_name}{interval}:"
        f" {comparison.reason}"
    )


def _gone(comparison: Comparison) -> _Case:
    return _Case(
        classname="benchmarks",
        name=comparison.benchmark_id,
        problem="skipped",
        kind=comparison.verdict.value,
        message=f"{comparison.verdict.value}: {comparison.reason}",
    )


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    problems = [case.problem for case in cases]
    return {
        "tests": str(len(problems)),
        "failures": str(problems.count("failure")),
        "errors": str(problems.count("error")),
        "skipped": str(problems.count("skipped")),
    }


def _append(suite: ET.Element, case: _Case) -> None:
    element = ET.SubElement(suite, "testcase", {"classname": _legal(case.classname), "name": _legal(case.name)})
    if case.seconds is not None:
        element.set("time", f"{case.seconds:.6f}")
    if case.properties:
        holder = ET.SubElement(element, "properties")
        for name, value in case.properties:
            ET.SubElement(holder, "property", {"name": name, "value": _legal(value)})
    if case.problem:
        problem = ET.SubElement(element, case.problem, {"message": _legal(case.message)})
        if case.problem != "skipped":
            problem.set("type", case.kind)
        if case.text:
            problem.text = _legal(case.text)
    if case.output:
        ET.SubElement(element, "system-out").text = _legal(case.output)


def _legal(text: str) -> str:
    """Write what XML cannot hold as its code point, so that nothing vanishes."""
    return _NOT_XML.sub(lambda match: f"\\u{{{ord(match.group()):x}}}", text)
