"""What rules may know: an audit's findings and measurements, with the look-ups every rule needs."""

from __future__ import annotations

from stashbench.model.base import Model
from stashbench.model.baseline import Comparison
from stashbench.model.environment import Environment
from stashbench.model.finding import Finding, Outcome
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.target import Target

Rows = tuple[dict[str, str | int | float | bool | None], ...]


class Facts(Model, frozen=True, kw_only=True):
    """The part of an audit result that advice is drawn from; an old result document serves as well as a fresh one."""

    target: Target
    environment: Environment
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    def finding(self, check_id: str) -> Finding | None:
        """Return the finding of that check, whatever came of it."""
        return next((finding for finding in self.findings if finding.id == check_id), None)

    def failed(self, check_id: str) -> Finding | None:
        """Return the finding of that check if it failed."""
        finding = self.finding(check_id)
        return finding if finding is not None and finding.outcome is Outcome.FAILED else None

    def medians(self) -> dict[str, float]:
        """Return the median in seconds of each benchmark with usable times, by id."""
        return {
            item.id: item.statistics.median_seconds
            for item in self.measurements
            if item.outcome is MeasurementOutcome.OK and item.statistics is not None
        }


def number(finding: Finding | None, name: str) -> float | None:
    """Return a numeric piece of evidence, or None if it is missing or not a number."""
    value = finding.fact(name) if finding is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def words(finding: Finding | None, name: str, otherwise: str = "") -> str:
    """Return a piece of evidence as text, or `otherwise` if it is missing."""
    value = finding.fact(name) if finding is not None else None
    return otherwise if value is None or isinstance(value, tuple) else str(value)


def rows(finding: Finding | None, name: str) -> Rows:
    """Return a list-shaped piece of evidence, or no rows if it is missing."""
    value = finding.fact(name) if finding is not None else None
    return value if isinstance(value, tuple) else ()
