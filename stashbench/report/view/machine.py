"""What the machine was busy with while times were taken: the same table in both reports, gaps shown as such."""

from __future__ import annotations

from stashbench.model.quality import MachineQuality
from stashbench.model.selftest import SelfTest
from stashbench.report.quantities import byte_size, count, duration, percent, significant
from stashbench.report.selftest_words import selftest_in_short
from stashbench.report.view.facts import Rows

LEAD = (
    "What else happened on this machine while pages were timed. Beyond the limits, which the manual gives with the "
    "measurements behind them, no verdict on times stands; counts, such as SQL statements, do."
)


def quality_rows(quality: MachineQuality, cpu_count: int) -> Rows:
    """Return what was seen, and what was not with the reason."""
    seconds = quality.watched_seconds
    fit = f"no: {'; '.join(quality.unfit_reasons)}" if quality.unfit_reasons else "yes, no limit was passed"
    rows = (
        ("Fit for judging times", "" if seconds is None else fit),
        ("Watched for", "" if seconds is None else duration(seconds)),
        ("Waited for a quiet machine", duration(quality.waited_seconds) if quality.waited_seconds else ""),
        ("Load before and after", _load(quality)),
        ("Stolen by the host", _share(quality.steal_percent)),
        ("Kept busy by other programs", _cores(quality.foreign_cores, cpu_count)),
        ("Some program waited for the processor", _of_time(quality.cpu_pressure_percent)),
        ("Some program waited for the disk", _of_time(quality.io_pressure_percent)),
        ("Some program waited for memory", _of_time(quality.memory_pressure_percent)),
        ("Held back by a CPU limit", "" if quality.throttled_seconds is None else duration(quality.throttled_seconds)),
        ("To and from swap", "" if quality.swapped_bytes is None else byte_size(quality.swapped_bytes)),
        ("stashbench pushed off a core", _switches(quality.involuntary_switches_per_second)),
        ("Connections opened again", count(quality.reconnect_count) if quality.reconnect_count else ""),
    )
    missing = [_gap(text) for text in quality.not_measured]
    return (*(row for row in rows if row[1]), *missing)


def quality_of(quality: MachineQuality | None, cpu_count: int) -> Rows:
    """Return what was seen, nothing where nobody watched."""
    return quality_rows(quality, cpu_count) if quality is not None else ()


def selftest_rows(selftest: SelfTest | None) -> Rows:
    """Return what this machine's self-test said: how far verdicts on times can be trusted here."""
    return (("Self-test", selftest_in_short(selftest)),) if selftest is not None else ()


def _gap(text: str) -> tuple[str, str]:
    """Make a row of "what: why"."""
    what, _, why = text.partition(": ")
    return what[:1].upper() + what[1:], f"not measured: {why}" if why else "not measured"


def _load(quality: MachineQuality) -> str:
    before, after = quality.load_1m_before, quality.load_1m_after
    return "" if before is None or after is None else f"{before:.2f} and {after:.2f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{percent(value)} of the processor time"


def _of_time(value: float | None) -> str:
    return "" if value is None else f"{percent(value)} of the time"


def _cores(value: float | None, cpu_count: int) -> str:
    return "" if value is None else f"{value:.2f} of {cpu_count} cores"


def _switches(value: float | None) -> str:
    return "" if value is None else f"{significant(value)} times a second"
