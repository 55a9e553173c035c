"""A quiet machine before times are taken, and what stands of a comparison if it was not fit for taking them."""

from __future__ import annotations

from dataclasses import replace

from stashbench.analyse.paired import Decision
from stashbench.analyse.quality import what_disturbs
from stashbench.collect.quiet import Waited, wait_until_quiet
from stashbench.compare.document import Decided
from stashbench.compare.options import Options, Progress
from stashbench.model.baseline import Verdict


def wait_if_asked(options: Options, progress: Progress) -> Waited:
    """Wait for a quiet machine if `options` ask for it."""
    if options.quiet_limit_seconds <= 0:
        return Waited(0.0, "")
    return wait_until_quiet(
        options.quiet_limit_seconds,
        what_disturbs,
        lambda left, reason: progress.say(f"{reason} (goes on in {left:.0f} s at the latest)"),
    )


def withheld(decided: Decided, reasons: tuple[str, ...]) -> Decided:
    """Take back every verdict on times and processor time, with the reasons; ratios and intervals stay to be read.

    Work that was counted, such as statements, is not touched: it does not depend on the machine.
    """
    if not reasons:
        return decided
    processor = None if decided.processor is None else _without_verdicts(decided.processor, reasons)
    return Decided(time=_without_verdicts(decided.time, reasons), processor=processor)


def _without_verdicts(decision: Decision, reasons: tuple[str, ...]) -> Decision:
    why = f"the machine was not fit for taking times: {'; '.join(reasons)}"
    judged = {
        index: replace(item, verdict=Verdict.INCONCLUSIVE, reason=why, smallest_visible=None)
        for index, item in decision.judged.items()
    }
    return replace(decision, judged=judged, detection_limit=None, suite=None)
