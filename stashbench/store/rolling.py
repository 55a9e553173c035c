"""The rolling baseline: the last accepted sessions of one machine and server, fed by audits, never by a regressed one.

`baselines/rolling/KEY/RUN.json.gz`, a key for each machine and server. A slow creep passes any window that moves along;
named baselines and the trend page are there for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from stashbench.errors import StoreError
from stashbench.model.baseline import Baseline, Verdict
from stashbench.model.environment import Environment
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.model.target import Target
from stashbench.model.text import one_line
from stashbench.store.identity import server_key
from stashbench.store.session_file import BASELINE_VERSION, SUFFIX, read_session, write_session

NAME = "rolling"
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# Sessions whose benchmarks are gone from the suite would otherwise stay for ever.
_MOST_FACTOR = 3
WHOLE_SUITE = "the suite as a whole"
_UNDECIDED = {Verdict.REGRESSED, Verdict.SUSPECT}


def session_of(result: AuditResult, *, name: str = NAME, created_at: str = "", note: str = "") -> Baseline:
    """Make a session of a run, to be kept under a name."""
    regressed = [item.benchmark_id for item in result.comparisons if item.verdict in _UNDECIDED and not item.accepted]
    improved = [item.benchmark_id for item in result.comparisons if item.verdict is Verdict.IMPROVED]
    if result.suite_shift is not None and result.suite_shift.verdict is Verdict.REGRESSED:
        regressed.append(WHOLE_SUITE)
    return Baseline(
        schema_version=BASELINE_VERSION,
        name=name,
        created_at=created_at or result.finished_at,
        run_id=result.run_id,
        environment=result.environment,
        target=result.target,
        measurements=result.measurements,
        note=note,
        machine=result.machine,
        regressed=tuple(regressed),
        improved=tuple(improved),
        partial_reasons=result.partial_reasons,
    )


def feed(directory: Path, session: Baseline, count: int) -> str:
    """Take a run into the rolling baseline, which keeps the last `count` of each benchmark; say in words what was done.

    Not taken in: a run with a regressed or undecided benchmark (unless `accepted_because` says why), a partial run, one
    of a disturbed machine, one without numbers. Raises StoreError when it cannot be written.
    """
    if count <= 0:
        return "the rolling baseline is switched off (audit.rolling_sessions is 0)"
    if refusal := refusal_of(session):
        return f"this run was not taken into the rolling baseline: {refusal}"
    folder = directory / NAME / server_key(session.environment, session.target)
    _keep_out_of_git(directory / NAME)
    write_session(folder / f"{session.run_id}{SUFFIX}", msgspec.structs.replace(session, name=NAME))
    kept, _ = read_all(_in(folder))
    for path in surplus(kept, count):
        (folder / f"{path}{SUFFIX}").unlink(missing_ok=True)
    left = len(_in(folder))
    return f"this run was taken into the rolling baseline, which now holds {left} session{'s' if left != 1 else ''}"


def refusal_of(session: Baseline) -> str:
    """Say why a run may not become part of what later runs are held against; empty if it may."""
    if not _RUN_ID.fullmatch(session.run_id):
        return f"its id {one_line(session.run_id, 40)!r} is no plain file name"
    if not _measured(session):
        return "it has no usable measurement"
    if session.doubts:
        return session.doubts[0]
    return "" if session.accepted_because else _blemish(session)


def _blemish(session: Baseline) -> str:
    """Say what a user may overrule with a reason; empty if there is nothing."""
    if session.regressed:
        more = f" and {len(session.regressed) - 1} more" if len(session.regressed) > 1 else ""
        first = one_line(session.regressed[0], 80)
        return f"{first}{more} regressed; if it is meant to stay so: stashbench baseline promote {session.run_id}"
    if session.partial_reasons:
        return f"it is partial ({one_line(session.partial_reasons[0], 120)})"
    if session.machine is not None and session.machine.unfit_reasons:
        return f"the machine was disturbed ({one_line(session.machine.unfit_reasons[0], 120)})"
    return ""


def sessions_of(directory: Path, environment: Environment, target: Target) -> tuple[Baseline, ...]:
    """Return the sessions of this machine and server, oldest first; files that cannot be read are passed over."""
    return read_all(_in(directory / NAME / server_key(environment, target)))[0]


def since_promoted(sessions: Sequence[Baseline]) -> tuple[Baseline, ...]:
    """Take out of sessions (oldest first) what a promoted one replaced: the older times of what changed in it.

    Else a level that a user accepted would have to win the majority of the window first.
    """
    kept = []
    replaced: set[str] = set()
    for session in reversed(sessions):
        if WHOLE_SUITE in replaced:
            break
        left = tuple(item for item in session.measurements if item.id not in replaced)
        if left:
            kept.append(msgspec.structs.replace(session, measurements=left) if replaced else session)
        if session.accepted_because:
            replaced.update(session.regressed, session.improved)
    return tuple(reversed(kept))


def session_paths(directory: Path) -> list[Path]:
    """Return the files of all machines and servers."""
    return sorted((directory / NAME).glob(f"*/*{SUFFIX}"))


def surplus(sessions: Sequence[Baseline], count: int) -> list[str]:
    """Return the run ids that no benchmark needs to have its last `count` sessions, oldest first.

    A run of a few pages therefore does not push out those of all pages.
    """
    newest_first = sorted(sessions, key=lambda item: (item.created_at, item.run_id), reverse=True)
    held: Counter[str] = Counter()
    out = []
    for place, session in enumerate(newest_first):
        measured = _measured(session)
        is_needed = any(held[name] < count for name in measured)
        if not is_needed or place >= _MOST_FACTOR * count:
            out.append(session.run_id)
        held.update(measured)
    return out[::-1]


def read_all(paths: Iterable[Path]) -> tuple[tuple[Baseline, ...], list[str]]:
    """Read sessions, oldest first, and say of each file that cannot be read why."""
    found, problems = [], []
    for path in paths:
        try:
            found.append(read_session(path))
        except StoreError as error:
            problems.append(str(error))
    return tuple(sorted(found, key=lambda item: (item.created_at, item.run_id))), problems


def _measured(session: Baseline) -> set[str]:
    return {item.id for item in session.measurements if item.outcome is MeasurementOutcome.OK}


def _in(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _keep_out_of_git(folder: Path) -> None:
    """Sessions of one machine are of no use in a repository that others share; whoever wants them there edits this."""
    path = folder / ".gitignore"
    if path.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("*\n")
    except OSError as error:
        message = f"Cannot write {path}: {error.strerror}; give another folder with --baseline-dir."
        raise StoreError(message) from error
