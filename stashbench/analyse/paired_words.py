"""The verdict of a whole comparison in one sentence, and what is worth a warning about the run."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.paired_effect import Interval
from stashbench.analyse.paired_work import telling_work
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import PairedBenchmark

NAMED = 3
_LOPSIDED_SHARE = 0.8
_ENOUGH = 10
_FOREIGN_SHARE = 0.2
_STEAL_PERCENT = 3.0
_CHANGES = (
    (Verdict.REGRESSED, -1, "is slower", "costs more, though not by the clock,"),
    (Verdict.IMPROVED, 1, "is faster", "costs less, though not by the clock,"),
)
_CHANGED = {verdict for verdict, *_ in _CHANGES}


def verdict_in_words(benchmarks: Sequence[PairedBenchmark], suite: Interval | None, label_a: str, label_b: str) -> str:
    """Say how B compares with A, naming the pages that changed most."""
    compared = [item for item in benchmarks if item.ratio is not None or item.verdict in _CHANGED]
    undecided = [item for item in benchmarks if item.verdict is Verdict.INCONCLUSIVE]
    untimed = sum(item.ratio is None for item in undecided)
    open_count, total = len(undecided) - untimed, len(compared)
    told = [f"The times of {_pages(untimed)} were not taken"] if untimed else []
    if not compared:
        return ". ".join(["Nothing could be compared", *told]) + "."
    if open_count == total:
        is_noise = any(item.sigma is not None for item in undecided)
        why = "times scattered too much for the samples there are" if is_noise else "too few rounds were made"
        words = f"Nothing could be decided on {_pages(total)}: {why}"
        return ". ".join([words, *told]) + "."
    parts = _changes(benchmarks, total, label_b)
    accepted = sum(bool(item.accepted) for item in benchmarks)
    if not parts:
        other = "other " if accepted else ""
        parts.append(f"No {other}difference between {label_a} and {label_b} was found on {_pages(total)}")
    moved = _moved(suite)
    if moved:
        parts.append(f"Over all pages together, {label_b} takes {moved}")
    if open_count:
        parts.append(f"{open_count} could not be decided")
    parts += told
    if accepted:
        parts.append(f"{accepted} {'change is' if accepted == 1 else 'changes are'} accepted by the settings")
    return ". ".join(parts) + "."


def _changes(benchmarks: Sequence[PairedBenchmark], total: int, label_b: str) -> list[str]:
    """Say which pages changed, most changed first; only what the clock saw is slower or faster."""
    parts = []
    for verdict, sign, by_time, by_cost in _CHANGES:
        changed = sorted(
            (item for item in benchmarks if item.verdict is verdict and not item.accepted),
            key=lambda item: sign * (item.ratio or 1.0),
        )
        for words, found in (
            (by_time, [item for item in changed if item.time_verdict is verdict]),
            (by_cost, [item for item in changed if item.time_verdict is not verdict]),
        ):
            if found:
                parts.append(f"{label_b} {words} on {len(found)} of {_pages(total)}: {_named(found)}")
    return parts


def _pages(count: int) -> str:
    return f"{count} page{'s' * (count != 1)}"


def _moved(suite: Interval | None) -> str:
    """Say how the whole suite moved, if it did for certain."""
    if suite is None or suite.low <= 1 <= suite.high:
        return ""
    word = "longer" if suite.ratio > 1 else "less time"
    low, high = sorted((abs(suite.low - 1), abs(suite.high - 1)))
    return f"{abs(suite.ratio - 1):.1%} {word} (95 % interval: {low:.1%} to {high:.1%})"


def _named(items: Sequence[PairedBenchmark]) -> str:
    named = [f"{item.title} ({_times(item)})" for item in items[:NAMED]]
    more = len(items) - NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _times(item: PairedBenchmark) -> str:
    """Say the change by what showed it."""
    if item.time_verdict is item.verdict:
        ratio = item.ratio or 1.0
        return f"{ratio:.2f} times as long" if ratio >= 1 else f"{1 / ratio:.2f} times as fast"
    if item.cpu_verdict is item.verdict:
        return f"{item.cpu_ratio or 1.0:.2f} times the processor time"
    work = telling_work(item.a, item.b)
    return "other work" if work is None else f"{work[1]:,} to {work[2]:,} {work[0]}"


def disturbance(foreign_cores: float | None, steal_percent: float | None, cpu_count: int) -> str:
    """Say that others kept the machine busy: verdicts stay right, but small changes drown."""
    if foreign_cores is not None and foreign_cores > _FOREIGN_SHARE * cpu_count:
        return (
            f"other programs kept {foreign_cores:.1f} of {cpu_count} cores busy while times were taken, so only large "
            "changes could show; compare again when the machine is quiet"
        )
    if steal_percent is not None and steal_percent > _STEAL_PERCENT:
        return (
            f"the host of this virtual machine took {steal_percent:.0f} % of its processor time while times were "
            "taken, so only large changes could show; compare again at another hour"
        )
    return ""


def lopsidedness(benchmarks: Sequence[PairedBenchmark]) -> str:
    """Say that nearly all pages moved one way: what they share changed, or the two did not stand alike."""
    ratios = [item.ratio for item in benchmarks if item.ratio is not None and item.sigma is not None]
    if len(ratios) < _ENOUGH:
        return ""
    slower = sum(ratio > 1 for ratio in ratios)
    share = max(slower, len(ratios) - slower) / len(ratios)
    if share < _LOPSIDED_SHARE:
        return ""
    word = "slower" if slower * 2 > len(ratios) else "faster"
    return (
        f"B was {word}, be it by little, on {max(slower, len(ratios) - slower)} of {len(ratios)} pages: something all "
        "pages share differs, or the two servers did not stand alike (another process, another place on the disk)"
    )
