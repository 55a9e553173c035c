"""Which numbers make sense for a setting, checked before anything is started."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.errors import ConfigurationError


class Range(NamedTuple):
    """The smallest and the largest value, both allowed, and their unit."""

    least: float
    most: float
    unit: str = ""


_DAY_SECONDS = 86_400.0
_LARGEST_PID = 2**22  # the kernel's own limit
_LARGEST_SEED = 2**63 - 1

RANGES: dict[str, Range] = {
    "target.pid": Range(1, _LARGEST_PID),
    "target.library_scene_count": Range(0, 100_000_000, "scenes"),
    "target.library_seed": Range(-_LARGEST_SEED, _LARGEST_SEED),
    "target.timeout_seconds": Range(0.1, _DAY_SECONDS, "seconds"),
    "audit.rolling_sessions": Range(0, 1000, "sessions"),
    "audit.regression_ratio": Range(1.001, 1000),
    "audit.settle_seconds": Range(0, _DAY_SECONDS, "seconds"),
    "audit.benchmark_budget_seconds": Range(0.01, 3600, "seconds"),
    "audit.wait_quiet_seconds": Range(0, _DAY_SECONDS, "seconds"),
    "audit.sample_interval_seconds": Range(0.005, 60, "seconds"),
}


def check_range(key: str, value: object) -> None:
    """Refuse a number outside the range of its setting.

    Raises:
        ConfigurationError: names the setting, the value, and what is allowed.
    """
    allowed = RANGES.get(key)
    if allowed is None or not isinstance(value, int | float):
        return
    if not allowed.least <= value <= allowed.most:
        unit = f" {allowed.unit}" if allowed.unit else ""
        message = f"{key} = {value} makes no sense; give {_number(allowed.least)} to {_number(allowed.most)}{unit}"
        raise ConfigurationError(message)


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
