"""How a comparison of two servers is said: for terminal, summary and report alike."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from stashbench.analyse.paired_work import telling_work
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import ComparedSide, PairedBenchmark, SideBySide
from stashbench.report.quantities import change, count, duration, significant
from stashbench.report.view.words import VERDICTS, Chip

_ABOUT_TWICE = 2.0
_ABOUT_TENTH = 1.1


_CHANGED = frozenset({Verdict.REGRESSED, Verdict.IMPROVED})


def chip_of(item: PairedBenchmark) -> Chip:
    """Return the verdict as a chip; what only one side offers says which.

    Only what the clock saw is called slower or faster; more processor time or statements alone cost more. What the
    settings accept is told without alarm.
    """
    if item.accepted:
        word = chip_of(msgspec.structs.replace(item, accepted="")).word
        return Chip("info", "\N{CHECK MARK}", f"{word}, accepted")
    if item.verdict in _CHANGED and item.time_verdict is not item.verdict:
        is_more = item.verdict is Verdict.REGRESSED
        return replace(VERDICTS[item.verdict], word="Costs more" if is_more else "Costs less")
    if item.verdict is Verdict.GONE:
        return Chip("info", "A", "Only A offers it")
    if item.verdict is Verdict.NEW:
        return Chip("info", "B", "Only B offers it")
    return VERDICTS[item.verdict]


def ratio_in_words(item: PairedBenchmark) -> str:
    """Write B over A with its interval, as in "1.08 [1.05, 1.11]"; empty where there is none."""
    if item.ratio is None:
        return ""
    if item.ci_low is None or item.ci_high is None:
        return _number(item.ratio)
    return f"{_number(item.ratio)} [{_number(item.ci_low)}, {_number(item.ci_high)}]"


def change_in_words(item: PairedBenchmark) -> str:
    """Say the change with its direction, as in "8 % slower"."""
    if item.ratio is None:
        return ""
    if item.ratio >= _ABOUT_TWICE:
        return f"{significant(item.ratio, 2)} times as long"
    if item.ratio <= 1 / _ABOUT_TWICE:
        return f"{significant(1 / item.ratio, 2)} times as fast"
    size = change(item.ratio).lstrip("+\N{MINUS SIGN}")
    return "same" if size == change(1.0) else f"{size} {'slower' if item.ratio > 1 else 'faster'}"


def finding_in_words(item: PairedBenchmark) -> str:
    """Say what changed where something did, else how far the times lie apart."""
    return witnesses_in_words(item) if item.verdict in _CHANGED else change_in_words(item)


def witnesses_in_words(item: PairedBenchmark) -> str:
    """Say in short what shows the verdict: clock, processor time, statements; or why there is none."""
    if item.verdict in {Verdict.GONE, Verdict.NEW, Verdict.NOT_COMPARABLE}:
        return item.reason
    if item.verdict not in _CHANGED:
        return ""
    said = []
    if item.time_verdict is item.verdict:
        said.append(change_in_words(item))
    if item.cpu_verdict is item.verdict and item.cpu_ratio is not None:
        said.append(f"processor time {_signed(item.cpu_ratio)}")
    work = telling_work(item.a, item.b)
    if item.work_verdict is item.verdict and work is not None:
        said.append(f"{work[0]} {count(work[1])} → {count(work[2])}")
    return ", ".join(said)


def _signed(ratio: float) -> str:
    return change(ratio) if ratio < _ABOUT_TWICE else f"\N{MULTIPLICATION SIGN}{significant(ratio, 2)}"


def _number(ratio: float) -> str:
    return f"{ratio:.3f}" if ratio < _ABOUT_TWICE else significant(ratio, 3)


def side_in_words(side: ComparedSide) -> str:
    """Say which server a side is."""
    target = side.target
    release = f"Stash {target.server_version}" if target.server_version else "a Stash of unknown release"
    parts = [f"{side.given}: {release}"]
    if target.schema_version is not None:
        parts.append(f"database schema {target.schema_version}")
    if target.library.scene_count is not None:
        parts.append(f"{count(target.library.scene_count)} scenes")
    parts += [f"with {what}" for what in side.setup]
    if side.is_renewed:
        anew = side.process_count - 1
        parts.append("started anew once" if anew == 1 else f"started anew {anew} times")
    return ", ".join(parts)


def sides_in_words(document: SideBySide) -> tuple[str, ...]:
    """Return one line a side."""
    return tuple(f"{side.label} is {side_in_words(side)}" for side in (document.a, document.b))


def visible_change_in_words(document: SideBySide) -> str:
    """Say what the run could have seen, so that "no difference" is read rightly."""
    taken = f"Measured for {duration(measuring_seconds(document))} with seed {document.seed}."
    if document.machine.unfit_reasons:
        return f"{taken} The machine was not fit for it, so no change in times could be found."
    if document.detection_limit is None:
        return f"{taken} Too little was measured to find any change."
    found = f"a page that takes {_grown(document.detection_limit)} longer"
    if document.cpu_detection_limit is not None:
        found += f", or needs {_grown(document.cpu_detection_limit)} more of the server's processor time,"
    return f"{taken} Typically, {found} would have been found four times in five."


def seen_in_words(item: PairedBenchmark) -> str:
    """Say which changes of a page count, and which slowdown would have been found; empty where there is no ratio."""
    parts = []
    limit = item.threshold_ratio
    if item.ratio is not None and limit is not None and limit > 0:
        parts.append(f"counts beyond {change(limit)} or {change(1 / limit)}")
    if item.ratio is not None and item.smallest_visible is not None:
        size = change(item.smallest_visible).lstrip("+\N{MINUS SIGN}")
        parts.append(f"a slowdown of {size} would have been found four times in five")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def cores_in_words(document: SideBySide) -> str:
    """Say on which cores both servers ran together, or why not; empty where that was not recorded."""
    if not document.shared_cores:
        reason = document.cores_reason
        return f"each server ran wherever the system put it: {reason}" if reason else ""
    named = ", ".join(str(core) for core in document.shared_cores)
    is_one = document.cores_per_round == 1
    which = "core" if is_one else f"{document.cores_per_round} cores"
    if len(document.shared_cores) == document.cores_per_round:
        return f"both servers ran on the same {which} ({named})"
    other = "another one" if is_one else "others"
    return f"both servers ran on the same {which}, {other} in each round ({named} in turn)"


def measuring_seconds(document: SideBySide) -> float:
    """Return how long times were taken: without opening, generating a library, and reading statements."""
    return sum(stage.duration_seconds for stage in document.stages)


def _grown(ratio: float) -> str:
    return f"{ratio - 1:.1%}" if ratio < _ABOUT_TENTH else f"{ratio - 1:.0%}"
