"""How an audit runs and when it fails a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FailOn = Literal["never", "regression", "warning", "critical"]


@dataclass(frozen=True, kw_only=True)
class AuditSettings:
    """The `audit` section."""

    report_directory: Path = Path("reports")
    """Where each run leaves its folder."""
    baseline_directory: Path = Path("baselines")
    """Where named baselines are kept."""
    baseline: str = "auto"
    """Name of the baseline to compare with, `auto` for the newest that matches, `none` for no comparison."""
    rolling_sessions: int = 10
    """How many accepted runs of the same machine and server the rolling baseline keeps; 0 switches it off."""
    fail_on: FailOn = "never"
    """Exit with 1 on a regression, on a warning or worse, or on a critical finding."""
    regression_ratio: float = 1.05
    """The smallest slowdown that counts, as a ratio, for benchmarks of which `[effects]` says nothing else."""
    settle_seconds: float | None = None
    """How long to wait before suspects are measured again; without it 5 s, and none where we start the server anew."""
    replay: Literal["auto", "off"] = "auto"
    """Start the baseline's server once more, where that can be done, and decide suspects side by side with it."""
    benchmark_budget_seconds: float = 0.6
    """Time for the timed rounds of one benchmark."""
    profile: bool = True
    """Run each benchmark's request once more, alone, to read its SQL statements from the server's log."""
    wait_quiet_seconds: float = 0.0
    """How long to wait at most until the machine is quiet, before the first page is timed; 0 does not wait."""
    sample_interval_seconds: float = 0.1
    """Distance of two resource samples."""
