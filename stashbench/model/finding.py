"""What a check found: outcome, severity, the value against its thresholds, and the evidence."""

from __future__ import annotations

from stashbench.model.base import Model, Word


class Outcome(Word):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_MEASURED = "not measured"
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"


class Severity(Word):
    """How bad a failed check is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class CheckCategory(Word):
    """The area a check looks at."""

    API = "api"
    DATABASE = "database"
    SYSTEM = "system"
    CONFIGURATION = "configuration"
    STORAGE = "storage"
    HARNESS = "harness"


class Threshold(Model):
    """Limits of one check, in `unit`; None is "no such limit". Values at or beyond a limit breach it."""

    warning: float | None
    critical: float | None
    unit: str
    is_upper: bool = True
    source: str = "default"


class Evidence(Model):
    """One observed fact, named so that a rule can find it. A list of rows is a tuple of dicts."""

    name: str
    value: str | int | float | bool | tuple[dict[str, str | int | float | bool | None], ...] | None
    unit: str = ""


class Finding(Model):
    """The result of one check. `value` is what was held against the threshold; None is "not measured"."""

    id: str
    title: str
    category: CheckCategory
    outcome: Outcome
    severity: Severity
    message: str
    value: float | None = None
    unit: str = ""
    threshold: Threshold | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: str = ""
    nodeid: str = ""

    def fact(self, name: str) -> object:
        """Return the evidence of that name, or None if it was not recorded."""
        return next((item.value for item in self.evidence if item.name == name), None)
