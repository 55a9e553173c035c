"""What a check makes of the facts before limits are applied: a value, a sentence, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from stashbench.model.base import Model
from stashbench.model.finding import Outcome

Scalar = str | int | float | bool | None
Row = dict[str, Scalar]


class Recorder(Protocol):
    """The part of the `audit` fixture that an observation is told to."""

    def evidence(self, name: str, value: Scalar | Sequence[Mapping[str, Scalar]], unit: str = "") -> None:
        """Record one observed fact."""

    def judge(self, value: float | None, *, message: str, unit: str = "", confidence: str = "") -> None:
        """Hold the value against the limits in force."""

    def not_measured(self, reason: str) -> None:
        """Say why there is no value."""

    def not_applicable(self, reason: str) -> None:
        """Say why the check makes no sense here."""

    def inconclusive(self, reason: str) -> None:
        """Say why the value cannot be judged."""


class Observation(Model, frozen=True, kw_only=True):
    """A value in the unit of its check with its evidence, or an outcome that needs no limits and the reason for it."""

    message: str
    value: float | None = None
    evidence: Mapping[str, Scalar | tuple[Row, ...]] = {}
    outcome: Outcome | None = None
    confidence: str = ""

    def fact(self, name: str) -> Scalar | tuple[Row, ...]:
        """Return the evidence of that name, or None."""
        return self.evidence.get(name)

    def tell(self, audit: Recorder) -> None:
        """Record the evidence and hand the value over to be judged against the limits in force."""
        for name, value in self.evidence.items():
            audit.evidence(name, value)
        if self.outcome is Outcome.INCONCLUSIVE:
            audit.inconclusive(self.message)
        elif self.outcome is Outcome.NOT_APPLICABLE:
            audit.not_applicable(self.message)
        elif self.outcome is Outcome.NOT_MEASURED or self.value is None:
            audit.not_measured(self.message)
        else:
            audit.judge(self.value, message=self.message, confidence=self.confidence)


def not_measured(reason: str) -> Observation:
    """Return an observation that could not be made."""
    return Observation(message=reason, outcome=Outcome.NOT_MEASURED)


def because(what: str, reasons: Sequence[str]) -> str:
    """Return a sentence that says what could not be had and, where it is known, why."""
    return f"{what}: {'; '.join(reasons)}." if reasons else f"{what}."


def not_applicable(reason: str) -> Observation:
    """Return an observation that makes no sense on this server."""
    return Observation(message=reason, outcome=Outcome.NOT_APPLICABLE)


def inconclusive(reason: str, evidence: Mapping[str, Scalar | tuple[Row, ...]] | None = None) -> Observation:
    """Return an observation that was made and cannot be judged."""
    return Observation(message=reason, outcome=Outcome.INCONCLUSIVE, evidence=evidence or {})


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return "1 index" or "3 indexes"."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def in_bytes(count: float) -> str:
    """Return a number of bytes in binary units with three digits at most, as messages show it."""
    size, unit = abs(count), "bytes"
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":  # noqa: PLR2004 - binary units
            break
        size /= 1024
    sign = "-" if count < 0 else ""
    return f"{sign}{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{sign}{size:.1f} {unit}"  # noqa: PLR2004
