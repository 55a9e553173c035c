"""Baselines: measurements kept under a name, one JSON file each, fit to be committed to a repository."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from stashbench.errors import StoreError, UsageError
from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.target import Target, TargetKind
from stashbench.store.atomic import write_atomically
from stashbench.store.results import check_version

BASELINE_VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# Libraries grow; up to a tenth more or less costs about what it did.
_LIBRARY_TOLERANCE = 0.10


def save(directory: Path, baseline: Baseline) -> Path:
    """Write a baseline as NAME.json, in place of an older one of that name; return its path.

    Raises:
        UsageError: the name is no plain file name.
        StoreError: it cannot be written; the older one is untouched.
    """
    path = _path(directory, baseline.name)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n")
    return path


def load(directory: Path, name: str) -> Baseline:
    """Read the baseline of that name.

    Raises:
        UsageError: the name is no plain file name.
        StoreError: there is none, or it is damaged, or of a newer format.
    """
    path = _path(directory, name)
    if not path.is_file():
        known = ", ".join(item.name for item in list_baselines(directory)) or "none"
        message = f"There is no baseline {name!r} in {directory} (there: {known})."
        raise StoreError(message)
    return _read(path)


def load_for(directory: Path, name: str, environment: Environment, target: Target) -> tuple[Baseline, str]:
    """Read the baseline a user named for a run, and say in words what of it is unlike this run; errors as for `load`.

    It is compared all the same: to hold unlike things against each other may be the very question.
    """
    baseline = load(directory, name)
    differences = _differences(baseline, environment, target)
    return baseline, "chosen by name" + (f"; mind that it has {'; '.join(differences)}" if differences else "")


def list_baselines(directory: Path) -> tuple[Baseline, ...]:
    """Return all readable baselines, oldest first; other JSON files in the directory are passed over."""
    return _read_all(directory)[0]


def newest_matching(directory: Path, environment: Environment, target: Target) -> tuple[Baseline | None, str]:
    """Find the newest baseline that may be held against a run, and say in words why it, or why none.

    It must be of the same machine (fingerprint), kind of target, address, schema, and nearly the same library size.
    """
    found, problems = _read_all(directory)
    if not found:
        unreadable = f" ({len(problems)} files there cannot be read: {problems[0]})" if problems else ""
        return None, f"there are no baselines in {directory}{unreadable}"
    judged = [(_differences(item, environment, target), item) for item in found]
    matching = [item for differences, item in judged if not differences]
    if matching:
        newest = matching[-1]
        return newest, f"the newest of {len(matching)} that match this machine and server, saved {newest.created_at}"
    differences, nearest = min(reversed(judged), key=lambda pair: len(pair[0]))
    return None, f"none of {len(found)} baselines matches; the nearest, {nearest.name}, has {'; '.join(differences)}"


def _path(directory: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} cannot be a baseline's name; use letters, digits, dots, dashes and underscores (at most 100), "
            "beginning with a letter or digit."
        )
        raise UsageError(message)
    return directory / f"{name}.json"


def _read(path: Path) -> Baseline:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"Cannot read the baseline {path}: {error.strerror}."
        raise StoreError(message) from error
    check_version(content, path, BASELINE_VERSION, "baseline")
    try:
        return msgspec.json.decode(content, type=Baseline)
    except msgspec.DecodeError as error:
        message = f"{path} is not a whole baseline ({error}); save it again."
        raise StoreError(message) from error


def _read_all(directory: Path) -> tuple[tuple[Baseline, ...], list[str]]:
    found = []
    problems = []
    for path in sorted(directory.glob("*.json")):
        try:
            found.append(_read(path))
        except StoreError as error:
            problems.append(str(error))
    found.sort(key=lambda item: item.created_at)
    return tuple(found), problems


def _differences(baseline: Baseline, environment: Environment, target: Target) -> list[str]:
    """Name what keeps a baseline from being compared; empty if nothing does."""
    then, now = baseline.target, target
    differences = []
    if baseline.environment.fingerprint != environment.fingerprint:
        differences.append(f"another machine ({_machine_difference(baseline.environment, environment)})")
    if then.kind != now.kind:
        differences.append(f"another kind of target ({then.kind}, now {now.kind})")
    elif now.kind is TargetKind.ATTACHED:
        # a server that we start has another port each time
        if _address(then.url) != _address(now.url):
            differences.append(f"another address ({then.url})")
    elif then.library_seed != now.library_seed and None not in {then.library_seed, now.library_seed}:
        differences.append(f"a library of another seed ({then.library_seed}, now {now.library_seed})")
    if now.kind is TargetKind.MANAGED and then.server_version != now.server_version:
        differences.append(f"another release ({then.server_version}, now {now.server_version})")
    if then.schema_version != now.schema_version:
        differences.append(f"another database schema ({then.schema_version}, now {now.schema_version})")
    if not _is_near(then.library.scene_count, now.library.scene_count):
        differences.append(
            f"a library of another size ({then.library.scene_count} scenes, now {now.library.scene_count})"
        )
    return differences


def _machine_difference(then: Environment, now: Environment) -> str:
    pairs = {
        "CPU": (then.cpu_model, now.cpu_model),
        "cores": (then.cpu_count, now.cpu_count),
        "CPU limit": (then.cpu_quota_cores, now.cpu_quota_cores),
        "virtualisation": (then.virtualisation, now.virtualisation),
        "kernel": (then.kernel, now.kernel),
        "Python": (then.python_version, now.python_version),
    }
    told = [f"{name} {before}, now {after}" for name, (before, after) in pairs.items() if before != after]
    return ", ".join(told) or "its fingerprint differs"


def _address(url: str) -> str:
    return url.rstrip("/").lower()


def _is_near(then: int | None, now: int | None) -> bool:
    if then is None or now is None:
        return then == now
    return abs(then - now) <= _LIBRARY_TOLERANCE * max(then, now)
