"""Limits of checks: the check's own unless the configuration overrides them, validated before the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stashbench.model.finding import Threshold


@dataclass(frozen=True, kw_only=True)
class Limits:
    """An override of one check's limits; None keeps the check's own."""

    warning: float | None = None
    critical: float | None = None
    source: str = "file"


@dataclass(frozen=True)
class ThresholdSettings:
    """The `thresholds` section: limits by check id."""

    overrides: Mapping[str, Limits] = field(default_factory=dict)

    def get(self, check_id: str, default: Threshold) -> Threshold:
        """Return the limits in force for a check, with where they come from."""
        limits = self.overrides.get(check_id)
        if limits is None:
            return default
        return Threshold(
            warning=default.warning if limits.warning is None else limits.warning,
            critical=default.critical if limits.critical is None else limits.critical,
            unit=default.unit,
            is_upper=default.is_upper,
            source=limits.source,
        )


@dataclass(frozen=True)
class ThresholdAdvice:
    """What is wrong with a limit and what would be better."""

    check_id: str
    warning: str
    suggestion: str


def validate_threshold(check_id: str, threshold: Threshold, default: Threshold) -> tuple[ThresholdAdvice, ...]:
    """Say which limits make no sense: wrong order, outside a percentage, or a hundred times off the default."""
    advice = []
    warning, critical = threshold.warning, threshold.critical
    if warning is not None and critical is not None:
        is_reversed = critical < warning if threshold.is_upper else critical > warning
        if is_reversed:
            advice.append(
                ThresholdAdvice(
                    check_id,
                    f"the critical limit ({critical:g}) is met before the warning limit ({warning:g})",
                    f"swap them, or use the defaults {default.warning} and {default.critical}",
                )
            )
    for name, value, usual in (("warning", warning, default.warning), ("critical", critical, default.critical)):
        if value is None:
            continue
        if threshold.unit == "%" and not 0 <= value <= 100:  # noqa: PLR2004 - a percentage
            advice.append(ThresholdAdvice(check_id, f"{name} = {value:g} is not a percentage", "use 0 to 100"))
        elif usual and (value > usual * 100 or value < usual / 100):
            advice.append(
                ThresholdAdvice(
                    check_id,
                    f"{name} = {value:g} {threshold.unit} is more than a hundred times off the default {usual:g}",
                    f"check the unit; the default is {usual:g} {threshold.unit}",
                )
            )
    return tuple(advice)
