"""A change that a user knows about and takes: for how long, up to which size, and why."""

from __future__ import annotations

from datetime import date

from stashbench.model.base import Model

WHOLE_SUITE = "suite"
"""What `benchmark` holds where the change of all pages together is accepted."""


class AcceptedChange(Model):
    """One rule. `benchmark` is a benchmark's id or a pattern such as `tags*`, or `suite` for all pages together.

    `until` is the last day on which it holds (in UTC). `up_to` is the largest ratio (now / before, above 1) that is
    accepted; None accepts any.
    """

    benchmark: str
    reason: str
    until: date
    up_to: float | None = None
