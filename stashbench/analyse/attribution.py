"""What was recorded to change between two runs: what may explain a step in their times, never what must."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.model.base import Word
from stashbench.model.trend import Circumstances, TrendRun

_GROWN = 0.01
_GROWN_SLOWLY = 0.05
_PLURALS = {"gallery": "galleries"}
_UNKNOWN = "unknown"


class CauseKind(Word):
    """What changed."""

    RELEASE = "release"
    BUILD = "build"
    SCHEMA = "schema"
    LIBRARY = "library"
    SETTINGS = "settings"
    FAULTS = "faults"
    MACHINE = "machine"
    STASHBENCH = "stashbench"
    BENCHMARK = "benchmark"


@dataclass(frozen=True, slots=True)
class Cause:
    """One recorded change: the run in which it was first seen (a place in the runs), its kind, and it in words."""

    run: int
    kind: CauseKind
    text: str


def recorded_changes(runs: Sequence[TrendRun]) -> tuple[Cause, ...]:
    """Return what changed from each run to the next, in their order.

    A value that a run did not record is no change; the last one known before is held against the next.
    """
    changes: list[Cause] = []
    known = Circumstances()
    for place, run in enumerate(runs):
        now = run.circumstances
        if place:
            changes += [Cause(place, kind, text) for kind, text in _differences(known, now)]
        known = _filled(now, known)
    return tuple(changes)


def slow_growth(before: Sequence[TrendRun], after: Sequence[TrendRun]) -> str:
    """Say how the library's size differs between two stretches of runs; empty where by less than 5 % or not known."""
    told = []
    for noun in dict.fromkeys(noun for run in (*before, *after) for noun in run.circumstances.library):
        old, new = _middle(before, noun), _middle(after, noun)
        if old is not None and new is not None and abs(new - old) > _GROWN_SLOWLY * max(old, new):
            told.append(_counted(noun, round(old), round(new)))
    return f"the library's size over these runs: {', '.join(told)}" if told else ""


def _differences(old: Circumstances, new: Circumstances) -> list[tuple[CauseKind, str]]:
    found: list[tuple[CauseKind, str]] = []
    if _differ(old.server_version, new.server_version):
        found.append((CauseKind.RELEASE, f"Stash {old.server_version} to {new.server_version}"))
    elif _differ(old.program_sha256, new.program_sha256):
        found.append((CauseKind.BUILD, "another build of the same Stash release"))
    if _differ(old.schema_version, new.schema_version):
        found.append((CauseKind.SCHEMA, f"database schema {old.schema_version} to {new.schema_version}"))
    library = _grown(old.library, new.library)
    if library:
        found.append((CauseKind.LIBRARY, f"library: {library}"))
    settings = _unlike(old.settings, new.settings)
    if settings:
        found.append((CauseKind.SETTINGS, f"server setting {settings}"))
    if old.faults != new.faults:
        planted = (", ".join(names.faults) or "none" for names in (old, new))
        found.append((CauseKind.FAULTS, "planted faults: {} to {}".format(*planted)))
    if _differ(old.fingerprint, new.fingerprint):
        facts = _unlike(old.machine, new.machine)
        found.append((CauseKind.MACHINE, f"another machine{f' ({facts})' if facts else ''}"))
    if _differ(old.stashbench_version, new.stashbench_version):
        found.append((CauseKind.STASHBENCH, f"stashbench {old.stashbench_version} to {new.stashbench_version}"))
    return found


def _differ(old: object, new: object) -> bool:
    return bool(old) and bool(new) and old != new


def _unlike(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Name what differs between two records; empty where either was not made."""
    if not old or not new:
        return ""
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return ", ".join(f"{name} {old.get(name, _UNKNOWN)} to {new.get(name, _UNKNOWN)}" for name in names)


def _grown(old: Mapping[str, int], new: Mapping[str, int]) -> str:
    return ", ".join(
        _counted(noun, old[noun], new[noun])
        for noun in old
        if noun in new and abs(new[noun] - old[noun]) > _GROWN * max(old[noun], new[noun])
    )


def _counted(noun: str, old: int, new: int) -> str:
    return f"{old:,} to {new:,} {_PLURALS.get(noun, noun + 's')}"


def _middle(runs: Sequence[TrendRun], noun: str) -> float | None:
    counts = [run.circumstances.library[noun] for run in runs if noun in run.circumstances.library]
    return statistics.median(counts) if counts else None


def _filled(now: Circumstances, known: Circumstances) -> Circumstances:
    """Return what is known after a run: what it recorded, else what was known before."""
    return Circumstances(
        server_version=now.server_version or known.server_version,
        program_sha256=now.program_sha256 or known.program_sha256,
        schema_version=now.schema_version or known.schema_version,
        library={**known.library, **now.library},
        settings=now.settings or known.settings,
        faults=now.faults,
        fingerprint=now.fingerprint or known.fingerprint,
        machine=now.machine or known.machine,
        stashbench_version=now.stashbench_version or known.stashbench_version,
    )
