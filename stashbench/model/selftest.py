"""What a machine says of itself: how often equal servers look different on it, and how small a change it can show."""

from __future__ import annotations

from stashbench.model.base import Model
from stashbench.model.quality import MachineQuality
from stashbench.model.target import TargetKind

SELFTEST_VERSION = 1


class Share(Model):
    """`count` of `total`, with its 95 % interval by Wilson; shares are 0 to 1, None where the total is 0."""

    count: int
    total: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


class SelfTest(Model):
    """Some comparisons of a server with itself.

    `pages` are judged pages over all pairs, and how many of them were called changed; `pairs` are whole comparisons,
    and how many had any such page; `suites` the same for the shift of all pages together. `coverage` is how often the
    95 % interval held the truth, a ratio of 1. `sigma` (standard error of a log ratio) and `detection_limit` (a ratio)
    are the middle ones of the pairs.

    `session_sigma` is the standard deviation of log times of one page between sessions of servers started anew, the
    middle of all pages taken out; `suite_session_sigma` is that of this middle. None where `session_reason` says why.
    `machine` holds the worst that was seen in any pair; `unfit_pair_count` pairs were too disturbed to be counted.
    `stale` says why it no longer holds for the run it is shown with, and is empty where it does.
    """

    schema_version: int
    taken_at: str
    fingerprint: str
    kernel: str
    stashbench_version: str
    target_kind: TargetKind
    pairs: Share
    pages: Share
    suites: Share
    coverage: Share
    wanted_pair_count: int
    unfit_pair_count: int = 0
    sigma: float | None = None
    detection_limit: float | None = None
    session_sigma: float | None = None
    suite_session_sigma: float | None = None
    session_reason: str = ""
    server_version: str | None = None
    scene_count: int | None = None
    pair_budget_seconds: float = 0.0
    duration_seconds: float = 0.0
    seed: int = 0
    machine: MachineQuality = MachineQuality()
    partial_reason: str = ""
    stale: str = ""
