"""What a job did and cost, and what of the database was proven to be as before, in words."""

from __future__ import annotations

from stashbench.model.measurement import JobWork, Measurement
from stashbench.report.quantities import byte_size, count, duration


def work_in_words(item: Measurement) -> str:
    """Return e.g. "196 files, 10.1 a second; 15.2 s of processor time, 1.3 MB read from disk"; empty for pages."""
    work = item.work
    if work is None:
        return ""
    return "; ".join(part for part in (_rate(work), ", ".join(_costs(work))) if part)


def proof_in_words(item: Measurement) -> str:
    """Return what is known of the database after a benchmark that changes data, as a sentence; empty for others."""
    return item.proof[:1].upper() + item.proof[1:]


def _rate(work: JobWork) -> str:
    if work.item_count is None:
        return ""
    rate = "" if work.items_per_second is None else f", {_figure(work.items_per_second)} a second"
    return f"{count(work.item_count)} {work.items}{rate}"


def _figure(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else count(round(value))  # noqa: PLR2004 - three digits tell a rate


def _costs(work: JobWork) -> list[str]:
    costs = []
    if work.cpu_seconds is None:
        costs.append("processor time not measured")
    else:
        costs.append(f"{duration(work.cpu_seconds)} of processor time")
    if work.read_bytes is not None:
        costs.append(f"{byte_size(work.read_bytes)} read from disk")
    if work.written_bytes is not None:
        costs.append(f"{byte_size(work.written_bytes)} written")
    if work.process_count_max is not None and work.process_count_max > 1:
        costs.append(f"up to {count(work.process_count_max)} processes at once")
    return costs
