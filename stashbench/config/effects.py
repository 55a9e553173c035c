"""The smallest change of a benchmark's time that matters: for all, for a suite, a group, or a single benchmark."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from stashbench.config.convert import convert
from stashbench.config.ranges import Range
from stashbench.errors import ConfigurationError

PERCENT = Range(0.1, 1000, "percent")
_KINDS = ("benchmark", "group", "suite")


@dataclass(frozen=True, kw_only=True)
class EffectSettings:
    """The `effects` section, in percent. The most specific entry holds: benchmark, group, suite, then default.

    `default_percent` None leaves the default to whoever asks.
    """

    default_percent: float | None = None
    benchmarks: Mapping[str, float] = field(default_factory=dict)
    groups: Mapping[str, float] = field(default_factory=dict)
    suites: Mapping[str, float] = field(default_factory=dict)

    def ratio(self, benchmark_id: str, group: str, suite: str, *, default: float) -> float:
        """Return the smallest ratio (above 1) that counts for a benchmark; `default` is one too."""
        for own, name in ((self.benchmarks, benchmark_id), (self.groups, group), (self.suites, suite)):
            if name in own:
                return _as_ratio(own[name])
        return self.default_ratio(default)

    def default_ratio(self, default: float) -> float:
        """Return the ratio for whatever has no entry of its own."""
        return default if self.default_percent is None else _as_ratio(self.default_percent)

    def unknown_names(
        self, benchmarks: Collection[str], groups: Collection[str], suites: Collection[str]
    ) -> tuple[str, ...]:
        """Say in one sentence each which entries fit nothing of what there is, with the nearest name."""
        told = []
        for kind, own, known in zip(
            _KINDS, (self.benchmarks, self.groups, self.suites), (benchmarks, groups, suites), strict=True
        ):
            told += [
                f"[effects] has a setting for the {kind} {name!r}, and there is no such {kind}{suggestion(name, known)}"
                for name in sorted(own.keys() - set(known))
            ]
        return tuple(told)


def suite_of(nodeid: str) -> str:
    """Return the folder in which a benchmark's file lies, by pytest's name of it; empty where the name has none."""
    folders = nodeid.partition("::")[0].split("/")[:-1]
    return folders[-1] if folders else ""


def read_effects(content: object, path: Path | None) -> EffectSettings:
    """Read the section.

    Raises:
        ConfigurationError: an entry is none of ours, or its value is no percentage that makes sense.
    """
    if not isinstance(content, dict):
        message = f"{path}: `effects` must be a section: write [effects] on a line of its own and its settings below"
        raise ConfigurationError(message)
    default: float | None = None
    found: dict[str, dict[str, float]] = {kind: {} for kind in _KINDS}
    for key, value in content.items():
        kind, colon, name = key.partition(":")
        if key == "default":
            default = _percent(key, value)
        elif colon and kind in found and name:
            found[kind][name] = _percent(key, value)
        else:
            raise ConfigurationError(_unknown(path, key, kind))
    return EffectSettings(
        default_percent=default, benchmarks=found["benchmark"], groups=found["group"], suites=found["suite"]
    )


def suggestion(name: str, known: Collection[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest known one, or all where they are few."""
    near = get_close_matches(name, sorted(known), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""  # noqa: PLR2004 - one line


def _percent(key: str, value: Any) -> float:
    number = float(convert(f"effects.{key}", value, float))
    if not PERCENT.least <= number <= PERCENT.most:
        message = f"effects.{key} = {number:g} makes no sense; give {PERCENT.least:g} to {PERCENT.most:,g} percent"
        raise ConfigurationError(message)
    return number


def _unknown(path: Path | None, key: str, kind: str) -> str:
    near = get_close_matches(kind, ("default", *_KINDS), n=1)
    if near and near[0] != key:
        right = near[0] if near[0] == "default" else f"{near[0]}:NAME"
        return f"{path}: [effects] knows no {key!r}; did you mean {right!r}?"
    return f"{path}: [effects] knows no {key!r}; it takes default, benchmark:NAME, group:NAME and suite:NAME"


def _as_ratio(percent: float) -> float:
    return 1 + percent / 100
