"""The evidence recorder behind the `audit` fixture: what a check saw, and its one judgement, become a `Finding`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stashbench.errors import UsageError
from stashbench.model.finding import CheckCategory, Evidence, Finding, Outcome, Severity, Threshold

if TYPE_CHECKING:
    import pytest

    from stashbench.config import Settings
    from stashbench.harness.session import AuditSession

Scalar = str | int | float | bool | None
Rows = Sequence[Mapping[str, Scalar]]


class EvidenceRecorder:
    """Collects what one check observed. The last judgement counts; a check without one says so in its finding.

    Severity: at or beyond the critical limit CRITICAL, at or beyond the warning limit WARNING. A check without limits
    fails on a true value, with the severity of its mark. A mark of severity `info` never rises above INFO. A
    finding that did not fail carries the severity of its mark: how bad it would be.
    """

    def __init__(self, mark: Mapping[str, object], title: str, settings: Settings, nodeid: str) -> None:
        missing = [name for name in ("id", "category", "severity") if not mark.get(name)]
        if missing:
            message = f"{nodeid}: the audit mark lacks {', '.join(missing)}"
            raise UsageError(message)
        self.id = str(mark["id"])
        self.category = CheckCategory(str(mark["category"]))
        self.severity = Severity(str(mark["severity"]))
        self.unit = str(mark.get("unit", ""))
        self.title = str(mark.get("title") or title)
        self.nodeid = nodeid
        self.default_threshold = Threshold(
            warning=_number(mark.get("warning")),
            critical=_number(mark.get("critical")),
            unit=self.unit,
            is_upper=bool(mark.get("upper", True)),
        )
        self.threshold = settings.thresholds.get(self.id, self.default_threshold)
        self._evidence: dict[str, Evidence] = {}
        self._judgement: tuple[Outcome, Severity, str, float | None] | None = None
        self._confidence = ""

    def evidence(self, name: str, value: Scalar | Rows, unit: str = "") -> None:
        """Record one observed fact under a name; recording a name again replaces it. Rows are a list of dicts."""
        if value is not None and not isinstance(value, str | int | float | bool):
            value = tuple(dict(row) for row in value)
        self._evidence[name] = Evidence(name=name, value=value, unit=unit)

    def judge(self, value: float | None, *, message: str, unit: str = "", confidence: str = "") -> None:
        """Hold a value against the limits in force; None means it could not be had, and `message` says why.

        Raises:
            UsageError: the value is not a number, which no limit could ever find too high or too low.
        """
        if unit:
            self.unit = unit
        self._confidence = confidence
        if value is None:
            self._judgement = (Outcome.NOT_MEASURED, self.severity, message, None)
            return
        if math.isnan(value):
            reason = f"the check {self.id} computed a value that is not a number; its judgement needs mending"
            raise UsageError(reason)
        severity = self._breach(float(value))
        outcome = Outcome.PASSED if severity is None else Outcome.FAILED
        self._judgement = (outcome, severity or self.severity, message, float(value))

    def not_measured(self, reason: str) -> None:
        """Say that the fact could not be had, and why."""
        self._judgement = (Outcome.NOT_MEASURED, self.severity, reason, None)

    def not_applicable(self, reason: str) -> None:
        """Say that the check makes no sense on this server, and why."""
        self._judgement = (Outcome.NOT_APPLICABLE, self.severity, reason, None)

    def inconclusive(self, reason: str) -> None:
        """Say that the numbers do not allow a judgement, and why."""
        self._judgement = (Outcome.INCONCLUSIVE, self.severity, reason, None)

    def finding(self) -> Finding:
        """Return what the check came to so far."""
        judgement = self._judgement or (Outcome.ERROR, self.severity, "the check ended without a judgement", None)
        outcome, severity, message, value = judgement
        return Finding(
            id=self.id,
            title=self.title,
            category=self.category,
            outcome=outcome,
            severity=severity,
            message=message,
            value=value,
            unit=self.unit,
            threshold=self.threshold,
            evidence=tuple(self._evidence.values()),
            confidence=self._confidence,
            nodeid=self.nodeid,
        )

    def error(self, reason: str) -> Finding:
        """Return the finding of a check that crashed: an error of ours, with what was seen before."""
        self._judgement = (Outcome.ERROR, self.severity, reason, None)
        return self.finding()

    def _breach(self, value: float) -> Severity | None:
        limits = self.threshold
        if limits.warning is None and limits.critical is None:
            return self.severity if value else None
        reached = None
        for limit, severity in ((limits.warning, Severity.WARNING), (limits.critical, Severity.CRITICAL)):
            if limit is not None and (value >= limit if limits.is_upper else value <= limit):
                reached = severity
        return Severity.INFO if reached and self.severity is Severity.INFO else reached


def recorder_for(session: AuditSession, item: pytest.Item) -> EvidenceRecorder:
    """Make the recorder of one test from its `audit` mark.

    Raises:
        UsageError: the test has no `audit` mark, or the mark lacks something.
    """
    mark = item.get_closest_marker("audit")
    if mark is None:
        message = f"{item.nodeid} uses the audit fixture without @pytest.mark.audit(id=..., category=..., severity=...)"
        raise UsageError(message)
    return EvidenceRecorder(mark.kwargs, _title(item), session.settings, item.nodeid)


def _title(item: pytest.Item) -> str:
    """Return the first line of the test's docstring, or its name in words."""
    text = (getattr(getattr(item, "function", None), "__doc__", "") or "").strip()
    return text.splitlines()[0].rstrip(".") if text else item.name.removeprefix("audit_").replace("_", " ")


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
