"""Looks at the limits a user has set before the run: those that bite no check, and those that make no sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stashbench.config.thresholds import validate_threshold
from stashbench.errors import UsageError
from stashbench.harness.evidence import EvidenceRecorder

if TYPE_CHECKING:
    import pytest

    from stashbench.config import Settings


def remarks_on_limits(settings: Settings, items: Sequence[pytest.Item], *, is_selection: bool) -> list[str]:
    """Return what is odd about the limits in the configuration, as notes for the report.

    `is_selection` says that the user picked some of the tests by name: then a limit without a check is not odd.
    """
    remarks = []
    met = set()
    for item in items:
        mark = item.get_closest_marker("audit")
        if mark is None:
            continue
        try:
            recorder = EvidenceRecorder(mark.kwargs, "", settings, item.nodeid)
        except UsageError:
            continue  # the test itself fails for it, and says so
        met.add(recorder.id)
        if recorder.id in settings.thresholds.overrides:
            remarks += [
                f"[thresholds.{advice.check_id}]: {advice.warning}; {advice.suggestion}"
                for advice in validate_threshold(recorder.id, recorder.threshold, recorder.default_threshold)
            ]
    if not is_selection:
        remarks += [
            f"[thresholds.{check_id}] has no effect: no check of this run has that id"
            for check_id in sorted(settings.thresholds.overrides.keys() - met)
        ]
    return remarks
