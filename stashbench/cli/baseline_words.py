"""What `stashbench baseline` prints: the list of baselines, the sessions of one, the differences of two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stashbench.model.text import one_line, visible

if TYPE_CHECKING:
    from rich.table import Table

    from stashbench.model.baseline import Baseline, Comparison
    from stashbench.model.quality import MachineQuality
    from stashbench.store.baselines import FoundSessions

_SHOWN = 160


def print_list(folder: Path, names: Sequence[str]) -> None:
    """Print one line a baseline, newest first, the rolling one last."""
    from stashbench.errors import StoreError
    from stashbench.store import baselines, rolling

    lines, problems = [], []
    for name in names:
        try:
            sessions, unread = baselines.load_sessions(folder, name)
        except StoreError as error:
            problems.append(str(error))
            continue
        problems += unread
        lines.append((sessions[-1].created_at, name, sessions))
    width = max((len(name) for name in (*names, rolling.NAME)), default=0)
    for _, name, sessions in sorted(lines, key=lambda line: line[0], reverse=True):
        click.echo(visible(f"{name:<{width}}  {_summary(sessions)}"))
    servers = {path.parent: None for path in rolling.session_paths(folder)}
    for server in servers:
        kept, unread = rolling.read_all(sorted(server.glob("*.json.gz")))
        problems += unread
        if kept:
            click.echo(visible(f"{rolling.NAME:<{width}}  {_summary(kept)}"))
    for problem in problems:
        click.echo(visible(f"Not read: {problem}"), err=True)


def print_sessions(sessions: Sequence[Baseline], problems: Iterable[str]) -> None:
    """Print the sessions of a baseline, and the times of its newest with how far sessions lie apart."""
    from stashbench.analyse.session_spread import session_spreads

    newest = sessions[-1]
    _print_facts(
        {
            "Server": newest.target.name,
            "Settings": ", ".join(f"{name} {value}" for name, value in newest.target.speed_settings.items()),
            "Machine": f"{newest.environment.cpu_model}, {newest.environment.cpu_count} cores",
        }
    )
    for session in sessions:
        server = session.target.server_version or "a server of unknown version"
        facts = f"{session.run_id}  saved {session.created_at}  {len(session.measurements)} benchmarks  {server}"
        click.echo(visible(f"Session  {facts}"))
        click.echo(visible(f"         machine while measuring: {_quality(session.machine)}"))
        for remark in _remarks(session):
            click.echo(visible(f"         {one_line(remark, _SHOWN)}"))
    spreads = session_spreads(sessions)
    table = _table("Benchmark", "Median ms", "95 % interval ms", "Rounds", "Between sessions")
    for item in newest.measurements:
        numbers = item.statistics
        if numbers is None:
            table.add_row(_cell(item.id), _cell(str(item.outcome)), "", "", "")
            continue
        interval = f"{numbers.median_ci_low_seconds * 1e3:.2f}-{numbers.median_ci_high_seconds * 1e3:.2f}"
        spread = f"{spreads[item.id] * 100:.1f} %" if item.id in spreads else "not known"
        table.add_row(
            _cell(item.id), f"{numbers.median_seconds * 1e3:.2f}", interval, str(len(item.rounds_seconds)), spread
        )
    _print(table)
    if not spreads:
        click.echo("How far sessions lie apart is known from three sessions on: stashbench baseline save NAME --add")
    for problem in problems:
        click.echo(visible(f"Not read: {problem}"), err=True)


def print_differences(found: FoundSessions, later: Baseline) -> None:
    """Print what differs between stored sessions and a later one: facts, then benchmark by benchmark."""
    from stashbench.analyse.stored import compare
    from stashbench.model.baseline import Verdict

    earlier = found.sessions[-1]
    count = len(found.sessions)
    held = "1 session" if count == 1 else f"{count} sessions"
    click.echo(visible(f"{later.name} (run {later.run_id}) held against {held} of {found.name}"))
    told = [*found.differences, *_soft_differences(earlier, later)]
    for difference in told or ["the same machine, server, settings and library, as far as recorded"]:
        click.echo(visible(f"  {earlier.name} has {difference}" if told else f"  Both have {difference}"))
    if not found.is_same_machine or later.doubts:
        click.echo("  Times of unlike machines are not compared; what does not depend on the machine is.")
    judgement = compare(
        found.sessions,
        later.measurements,
        name=found.name,
        is_same_machine=found.is_same_machine and not later.doubts,
    )
    table = _table("Benchmark", f"{earlier.name} ms", f"{later.name} ms", "Ratio", "Verdict", "Why")
    for item in judgement.comparisons:
        if item.verdict in (Verdict.NEW, Verdict.GONE):
            continue
        times = (_milliseconds(item.baseline_median_seconds), _milliseconds(item.current_median_seconds))
        why = item.statement_change or ("" if item.ratio is not None else item.reason)
        table.add_row(*map(_cell, (item.benchmark_id, *times, _ratio(item), str(item.verdict), why)))
    _print(table)
    for word, verdict in ((f"Only in {later.name}", Verdict.NEW), (f"Only in {found.name}", Verdict.GONE)):
        ids = [item.benchmark_id for item in judgement.comparisons if item.verdict is verdict]
        if ids:
            click.echo(visible(f"{word}: {', '.join(ids)}"))
    if judgement.suite is not None:
        click.echo(visible(f"All together: {judgement.suite.reason}"))
    if judgement.detection_limit is not None:
        click.echo(f"A typical page would have had to become {judgement.detection_limit:.2f} times as slow to show.")


def _summary(sessions: Sequence[Baseline]) -> str:
    newest = sessions[-1]
    scenes = newest.target.library.scene_count
    size = "a library of unknown size" if scenes is None else f"{scenes:,} scenes"
    server = f"Stash {newest.target.server_version or 'of unknown version'}, {size}"
    count = f"{len(sessions):>2} session{'s' if len(sessions) != 1 else ' '}"
    doubt = f"  ({newest.doubts[0]})" if newest.doubts else ""
    return f"{newest.created_at}  {count}  {len(newest.measurements):>3} benchmarks  {server}{doubt}"


def _quality(machine: MachineQuality | None) -> str:
    if machine is None:
        return "not watched"
    facts = {
        "other programs {:.2f} cores": machine.foreign_cores,
        "stolen {:.1f} %": machine.steal_percent,
        "load {:.1f}": machine.load_1m_after,
    }
    told = [text.format(value) for text, value in facts.items() if value is not None]
    return ", ".join([*machine.unfit_reasons, *told]) or "not measured"


def _remarks(session: Baseline) -> list[str]:
    remarks = [session.note, *session.doubts, *(f"partial: {reason}" for reason in session.partial_reasons)]
    remarks.append(f"promoted: {session.accepted_because}" if session.accepted_because else "")
    remarks.append(f"regressed: {', '.join(session.regressed)}" if session.regressed else "")
    return [remark for remark in remarks if remark]


def _soft_differences(earlier: Baseline, later: Baseline) -> list[str]:
    """Name what may explain a change without making two sessions incomparable."""
    then, now = earlier.environment, later.environment
    pairs = {
        "stashbench": (then.stashbench_version, now.stashbench_version),
        "kernel": (then.kernel, now.kernel),
        "Python": (then.python_version, now.python_version),
        "memory of MiB": (_mebibytes(then.memory_bytes), _mebibytes(now.memory_bytes)),
        "file system": (then.filesystem, now.filesystem),
        "program": (_digest(earlier), _digest(later)),
        "planted faults": (" ".join(earlier.target.faults) or "none", " ".join(later.target.faults) or "none"),
        "database of MiB": (_mebibytes(earlier.target.database_bytes), _mebibytes(later.target.database_bytes)),
    }
    return [f"{name} {before}, {later.name} {after}" for name, (before, after) in pairs.items() if before != after]


def _digest(session: Baseline) -> str:
    return (session.target.program_sha256 or "unknown")[:12]


def _ratio(item: Comparison) -> str:
    if item.ratio is None:
        return ""
    if item.ci_low is None or item.ci_high is None:
        return f"{item.ratio:.2f}"
    return f"{item.ratio:.2f} [{item.ci_low:.2f}, {item.ci_high:.2f}]"


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e3:.2f}"


def _mebibytes(size_bytes: int | None) -> int | None:
    return None if size_bytes is None else size_bytes >> 20


def _print_facts(facts: dict[str, str]) -> None:
    for label, text in facts.items():
        if text:
            click.echo(visible(f"{label:<8} {text}"))


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        is_number = heading.endswith((" ms", "Rounds", "Benchmarks", "sessions"))
        table.add_column(_cell(heading), justify="right" if is_number else "left", overflow="fold")
    return table


def _cell(text: str) -> str:
    """Return text of anywhere as a cell: on one line, and with nothing that the printer takes for markup."""
    from rich.markup import escape

    return escape(visible(one_line(text, _SHOWN)))


def _print(table: Table) -> None:
    from rich.console import Console

    Console().print(table)
