"""What a comparison goes by, and whom it tells how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stashbench.config.effects import EffectSettings
from stashbench.model.acceptance import AcceptedChange

ROUND_COUNT = 10
BUDGET_SECONDS = 120.0
QUICK_BUDGET_SECONDS = 30.0
QUICK_ROUND_COUNT = 8


@dataclass(frozen=True, kw_only=True)
class Options:
    """`budget_seconds` is for taking times, servers started anew included; `minimum_effect` None chooses by target.

    `effects` are the smallest changes of single pages, `accepted` changes that fail no build.

    `has_stages` measures suspects longer; `is_pinning` keeps both servers of ours on the same cores. `is_renewing`
    starts servers of ours anew between rounds, so often that starts take at most `renewal_share` of the budget.
    `quiet_limit_seconds` is how long to wait for a quiet machine before times are taken, 0 for not at all.
    """

    suites: tuple[Path, ...]
    expression: str | None = None
    budget_seconds: float = BUDGET_SECONDS
    round_count: int = ROUND_COUNT
    seed: int = 1
    minimum_effect: float | None = None
    effects: EffectSettings = field(default_factory=EffectSettings)
    accepted: tuple[AcceptedChange, ...] = ()
    has_stages: bool = True
    is_renewing: bool = True
    is_pinning: bool = True
    renewal_share: float = 0.4
    is_different_library_allowed: bool = False
    is_tracing: bool = True
    quiet_limit_seconds: float = 0.0
    command: str = ""


class Progress(Protocol):
    """Receiver of a comparison's progress; methods return at once and never raise."""

    def say(self, text: str) -> None:
        """Something begins."""

    def library(self, done: int, total: int) -> None:
        """A library is being generated."""

    def measuring(self, spent_seconds: float, total_seconds: float, text: str) -> None:
        """Times are being taken: seconds spent of the budget."""


class Silent:
    """Tells nobody."""

    def say(self, text: str) -> None:
        """Ignore."""

    def library(self, done: int, total: int) -> None:
        """Ignore."""

    def measuring(self, spent_seconds: float, total_seconds: float, text: str) -> None:
        """Ignore."""
