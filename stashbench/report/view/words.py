"""How the report says outcomes, verdicts, priorities and dates: a word, a shape and a tone, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from stashbench.model.baseline import Verdict
from stashbench.model.finding import Finding, Outcome, Severity
from stashbench.model.recommendation import Basis, Priority
from stashbench.model.score import Band
from stashbench.model.target import TargetKind
from stashbench.report.quantities import DASH

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A short label: `tone` picks the colours, `shape` is drawn before the word."""

    tone: str
    shape: str
    word: str


BANDS = {
    Band.GOOD: Chip("good", "✓", "Good"),
    Band.FAIR: Chip("warning", "!", "Fair"),
    Band.POOR: Chip("critical", "✕", "Poor"),
    Band.UNKNOWN: Chip("unknown", "?", "Not scored"),
}
SEVERITIES = {
    Severity.CRITICAL: Chip("critical", "✕", "Critical"),
    Severity.WARNING: Chip("warning", "!", "Warning"),
    Severity.INFO: Chip("info", "i", "Note"),
}
_OUTCOMES = {
    Outcome.PASSED: Chip("good", "✓", "Passed"),
    Outcome.INCONCLUSIVE: Chip("unknown", "?", "Inconclusive"),
    Outcome.NOT_MEASURED: Chip("unknown", DASH, "Not measured"),
    Outcome.NOT_APPLICABLE: Chip("unknown", DASH, "Does not apply"),
    Outcome.ERROR: Chip("critical", "!", "Check broke"),
}
VERDICTS = {
    Verdict.REGRESSED: Chip("critical", "▲", "Slower"),
    Verdict.SUSPECT: Chip("warning", "◆", "Suspect"),
    Verdict.IMPROVED: Chip("good", "▼", "Faster"),
    Verdict.UNCHANGED: Chip("unknown", "=", "Unchanged"),
    Verdict.INCONCLUSIVE: Chip("warning", "?", "Inconclusive"),
    Verdict.NEW: Chip("info", "+", "New"),
    Verdict.GONE: Chip("unknown", DASH, "Gone"),
    Verdict.NOT_COMPARABLE: Chip("unknown", DASH, "Not comparable"),
}
PRIORITIES = {
    Priority.CRITICAL: Chip("critical", "✕", "Critical"),
    Priority.HIGH: Chip("warning", "!", "High priority"),
    Priority.MEDIUM: Chip("info", "•", "Medium priority"),
    Priority.LOW: Chip("unknown", "•", "Low priority"),
}
BASES = {
    Basis.MEASURED: Chip("good", "✓", "measured"),
    Basis.ESTIMATED: Chip("info", "≈", "estimated"),
    Basis.UNKNOWN: Chip("unknown", "?", "gain not known"),
}
_COMMANDS = ("sqlite3 ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "DROP INDEX ", "PRAGMA ")
TARGETS = {
    TargetKind.EMBEDDED: "embedded server with a generated library",
    TargetKind.ATTACHED: "attached server",
    TargetKind.MANAGED: "started by stashbench with a generated library",
}


def outcome_chip(finding: Finding) -> Chip:
    """Return a failed finding's severity, or the outcome of any other."""
    return SEVERITIES[finding.severity] if finding.outcome is Outcome.FAILED else _OUTCOMES[finding.outcome]


def date_in_words(timestamp: str) -> str:
    """Write an RFC 3339 time as "1 March 2026, 10:15 UTC"; what cannot be read comes back as it is."""
    try:
        moment = datetime.fromisoformat(timestamp).astimezone(UTC)
    except (ValueError, OverflowError):
        return timestamp
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def plural(number: int, one: str, many: str = "") -> str:
    """Write a count with its noun."""
    return f"{number:,}\N{NO-BREAK SPACE}{one if number == 1 else many or one + 's'}"


def code_pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Split text at backticks into (piece, is code); a bare command or statement is code as a whole."""
    if "`" not in text and text.startswith(_COMMANDS):
        return ((text, True),)
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # an odd backtick stays text
        pieces[-2:] = ["`".join(pieces[-2:])]
    return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)
