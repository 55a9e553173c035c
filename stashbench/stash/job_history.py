"""What is known of one job from its beginning to its end, as `JobFollower` returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from stashbench.stash.jobs import ENDED

SUBSCRIPTION = "subscription"
POLL = "poll"


class ProgressPoint(NamedTuple):
    """Where the job was at a second of our monotonic clock; `progress` is 0 to 1, None where the server knew none."""

    at: float
    progress: float | None
    sub_tasks: tuple[str, ...]


class Seen(NamedTuple):
    """A span as we saw it, in seconds of our monotonic clock."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHistory:
    """One job. `problem` is empty when its end is known; otherwise `status` is the last one known ("" for none).

    `is_lost`: the server, restarted or busy with others, knows it no more, so nobody will ever learn its end.
    `learned_from` says how the end was learned (`subscription` or `poll`). `queued_seconds` and `running_seconds` are
    by the server's clock, `queued` and `running` by ours. `late_count` messages came when later ones were known;
    `lost_count` changes of its status were told by a poll and never by a message; in `gap_count` losses of the
    connection messages may have been lost. `subscription_failure` says why there were polls only.
    """

    job_id: str
    status: str
    error: str | None
    description: str
    problem: str
    is_lost: bool
    learned_from: str
    points: tuple[ProgressPoint, ...]
    queued_seconds: float | None
    running_seconds: float | None
    queued: Seen | None
    running: Seen | None
    message_count: int
    late_count: int
    lost_count: int
    poll_count: int
    poll_failure_count: int
    gap_count: int
    protocol: str
    subscription_failure: str

    @property
    def is_ended(self) -> bool:
        """Say whether the job is over, well or not, and we know it."""
        return self.status in ENDED
