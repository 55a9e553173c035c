"""What must be alike before a run is held against a stored session: the machine, and the server with its library."""

from __future__ import annotations

import hashlib
import json

from stashbench.model.environment import Environment, fingerprint_of
from stashbench.model.target import LIBRARY_COUNTS, LibrarySize, Target, TargetKind
from stashbench.model.text import one_line

# Libraries of users grow; up to a tenth more or less costs about what it did, and a few objects never matter.
LIBRARY_TOLERANCE = 0.10
FEW_OBJECTS = 5
_SHOWN = 60

_LABELS = {
    "architecture": "architecture",
    "cpu_model": "CPU",
    "cpu_count": "cores",
    "cpu_quota_cores": "CPU limit",
    "virtualisation": "virtualisation",
    "os": "system",
    "kernel": "kernel",
    "python": "Python",
    "python_build": "Python build",
    "timer": "timer",
    "garbage_collection": "garbage collection",
    "timing_policy": "way of timing",
}


def machine_differences(then: Environment, now: Environment) -> list[str]:
    """Say what of the machine or the way of timing is unlike; empty if times may be held against each other."""
    told = [
        f"{label} {_shown(before)}, now {_shown(after)}"
        for label, before, after in _machine_facts(then, now)
        if before != after
    ]
    if then.fingerprint == now.fingerprint and not told:
        return []
    return [f"another machine ({', '.join(told) or 'its fingerprint differs'})"]


def fingerprint_doubt(environment: Environment) -> str:
    """Say so where a stored fingerprint is not the hash of the facts beside it; empty where it is, or none are kept."""
    facts = environment.hard_facts
    if not facts or fingerprint_of(facts) == environment.fingerprint:
        return ""
    return "its fingerprint does not belong to the machine it tells of"


def server_differences(then: Target, now: Target) -> list[str]:
    """Say what of the server, its settings or its library is unlike; empty if it is the same as far as we can see.

    Another build of one release is not, nor are planted faults: whether these are slower is what is asked.
    """
    differences = []
    if then.kind != now.kind:
        differences.append(f"another kind of target ({then.kind}, now {now.kind})")
    elif now.kind is TargetKind.ATTACHED:
        # a server that we start has another port each time
        if _address(then.url) != _address(now.url):
            differences.append(f"another address ({_shown(then.url)})")
    elif then.library_seed != now.library_seed and None not in {then.library_seed, now.library_seed}:
        differences.append(f"a library of another seed ({then.library_seed}, now {now.library_seed})")
    if then.server_version != now.server_version:
        differences.append(f"another release ({_shown(then.server_version)}, now {_shown(now.server_version)})")
    if then.schema_version != now.schema_version:
        differences.append(f"another database schema ({then.schema_version}, now {now.schema_version})")
    is_generated = then.library_seed is not None and now.library_seed is not None
    differences += _library_differences(then.library, now.library, is_exact=is_generated)
    return differences + _setting_differences(then.speed_settings, now.speed_settings)


def server_key(environment: Environment, target: Target) -> str:
    """Hash a machine and a server to sixteen hexadecimal digits; libraries may grow, so their counts are left out."""
    own = target.kind is not TargetKind.ATTACHED
    facts = {
        "fingerprint": environment.fingerprint,
        "kind": target.kind,
        "address": "" if own else _address(target.url),
        "version": target.server_version,
        "schema": target.schema_version,
        "seed": target.library_seed,
        "scenes": target.library.scene_count if target.library_seed is not None else None,
        "settings": target.speed_settings,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _machine_facts(then: Environment, now: Environment) -> list[tuple[str, object, object]]:
    """Pair the facts that count: those that were hashed where both have them, else those that every result shows."""
    if then.hard_facts and now.hard_facts:
        names = list(dict.fromkeys((*_LABELS, *now.hard_facts, *then.hard_facts)))
        return [(_LABELS.get(name, name), then.hard_facts.get(name), now.hard_facts.get(name)) for name in names]
    return [
        ("CPU", then.cpu_model, now.cpu_model),
        ("cores", then.cpu_count, now.cpu_count),
        ("CPU limit", then.cpu_quota_cores, now.cpu_quota_cores),
        ("architecture", then.architecture, now.architecture),
        ("virtualisation", then.virtualisation, now.virtualisation),
        ("kernel", _minor(then.kernel), _minor(now.kernel)),
        ("Python", _minor(then.python_version), _minor(now.python_version)),
    ]


def _library_differences(then: LibrarySize, now: LibrarySize, *, is_exact: bool) -> list[str]:
    told = []
    for field, noun in LIBRARY_COUNTS.items():
        before, after = getattr(then, field), getattr(now, field)
        if before == after or (None in {before, after} and field != "scene_count"):
            continue
        if is_exact or not _is_near(before, after):
            told.append(f"{_shown(before)} {noun}, now {_shown(after)}")
    return [f"a library of another size ({', '.join(told)})"] if told else []


def _setting_differences(then: dict[str, str], now: dict[str, str]) -> list[str]:
    if not then or not now:  # one of the two could not be read
        return []
    told = [
        f"{one_line(name, _SHOWN)} {_shown(then.get(name, 'unset'))}, now {_shown(now.get(name, 'unset'))}"
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
    return [f"other settings of the server ({', '.join(told)})"] if told else []


def _is_near(then: int | None, now: int | None) -> bool:
    if then is None or now is None:
        return then == now
    return abs(then - now) <= max(FEW_OBJECTS, LIBRARY_TOLERANCE * max(then, now))


def _address(url: str) -> str:
    return url.rstrip("/").lower()


def _minor(version: str) -> str:
    return ".".join(version.split("-", maxsplit=1)[0].split(".")[:2])


def _shown(value: object) -> str:
    return "unknown" if value is None else one_line(str(value), _SHOWN)
