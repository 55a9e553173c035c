"""One run against stored sessions of the same machine and server: a screen, a second look, a verdict with a reason.

A page's change is how far the logarithm of its low quantile lies from the middle of the stored sessions. What moved all
pages alike is taken out of single pages only while it is within what whole sessions differ by anyway, and it is always
judged by itself: a cause that all pages share must not be normalised away.

A page is suspect by one look, which decides nothing. It has regressed only if it is beyond the bar with all looks
pooled, and leans the same way in the later ones alone. The bar is the smallest change that counts, or what noise gives:
of m unchanged pages, one run in twenty has any beyond t(0.95^(1/m)) standard errors of all looks pooled (Sidak 1967).
Pages that were not measured again are never said to have regressed, so that looking again adds no false alarms.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import msgspec

from stashbench.analyse.stored_counts import with_counts
from stashbench.analyse.stored_looks import Bars, Looks, add_look, first_look, is_worth_a_look
from stashbench.analyse.stored_noise import session_noise
from stashbench.analyse.stored_pages import Page, page_of
from stashbench.analyse.stored_replay import with_replay, with_replayed_shift
from stashbench.analyse.stored_verdict import Suite, is_plain, judge_page, judge_suite
from stashbench.analyse.stored_words import ANOTHER_MACHINE, too_few_for_suite, unfit_in_words
from stashbench.model.baseline import Baseline, Comparison, SuiteShift, Verdict
from stashbench.model.measurement import Measurement
from stashbench.model.side_by_side import PairedBenchmark

MOST_SESSIONS = 10
CONTROL_COUNT = 8
"""Pages measured again beside the suspects, so that a shift of the whole machine since then is known."""
MOST_SUSPECTS = 16
DEFAULT_EFFECT = 1.05

Look = Mapping[str, Sequence[float]]
"""Times in seconds that were taken when pages were measured again, by id of the benchmark."""
Effect = Callable[[str], float]
Shift = tuple[float, float, float]
"""How far all pages lay apart side by side: a logarithm, with the ends of its 95 % interval."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """All benchmarks of a run judged together.

    `suspects` are worth measuring again, worst first, with `controls` chosen by chance beside them. `sigma` is the
    typical standard error of a page's log ratio, `detection_limit` the slowdown a typical page would have shown four
    times in five.
    """

    comparisons: tuple[Comparison, ...] = ()
    suite: SuiteShift | None = None
    sigma: float | None = None
    detection_limit: float | None = None
    suspects: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()


def compare(
    sessions: Sequence[Baseline],
    measurements: Sequence[Measurement],
    *,
    minimum_effect: Effect | float = DEFAULT_EFFECT,
    seed: int = 0,
    name: str = "",
    is_same_machine: bool = True,
    unfit_reasons: Sequence[str] = (),
    remeasured: Sequence[Look] = (),
    replayed: Mapping[str, PairedBenchmark] = MappingProxyType({}),
    replayed_shift: Shift | None = None,
) -> Judgement:
    """Judge a run by the newest ten stored sessions.

    `minimum_effect` is the smallest ratio above 1 that counts, for all or by benchmark. `name` is what the comparisons
    call the baseline. With another machine, or an unfit one (`unfit_reasons`), times are not judged, only what does not
    depend on the machine. `replayed` and `replayed_shift` are what a comparison side by side with the baseline's server
    said of pages and of all together: that decides, also on a busy machine. The same input and seed, in whatever order,
    give the same decision.
    """
    chosen = sorted(sessions, key=lambda item: (item.created_at, item.run_id))[-MOST_SESSIONS:]
    if not chosen:
        return Judgement()
    name = name or chosen[-1].name
    pages = [page_of(item, chosen) for item in measurements]
    effect = minimum_effect if callable(minimum_effect) else _always(minimum_effect)
    judgement = Judgement()
    judged: dict[str, Comparison] = {}
    timed = sorted((page for page in pages if page.verdict is None), key=lambda page: page.current.id)
    if timed and is_same_machine:
        judgement, judged = _judge_times(timed, len(chosen), effect, seed, name, remeasured, replayed_shift)
    comparisons = []
    for page in pages:
        comparison = judged.get(page.current.id) or _untimed(page, name)
        if comparison.ratio is not None and unfit_reasons and not is_plain(comparison):
            comparison = _unfit(comparison, unfit_reasons)
        if page.current.id in replayed:
            comparison = with_replay(comparison, replayed[page.current.id])
        comparisons.append(with_counts(comparison, page))
    suite = judgement.suite
    if suite is not None and unfit_reasons and replayed_shift is None:
        suite = _unfit(suite, unfit_reasons)
    return Judgement(
        comparisons=(*comparisons, *_gone(chosen[-1], measurements, name)),
        suite=suite,
        sigma=judgement.sigma,
        detection_limit=None if unfit_reasons else judgement.detection_limit,
        suspects=judgement.suspects,
        controls=judgement.controls,
    )


def _judge_times(
    timed: Sequence[Page],
    session_count: int,
    effect: Effect,
    seed: int,
    name: str,
    remeasured: Sequence[Look],
    replayed_shift: Shift | None,
) -> tuple[Judgement, dict[str, Comparison]]:
    effects = {page.current.id: effect(page.current.id) for page in timed}
    looks = first_look(timed)
    deviations = {key: glances[0].low for key, glances in looks.pages.items()}
    noise = session_noise(timed, session_count, deviations, seed)
    bars = Bars(noise, len(timed), session_count, statistics.median(effects.values()))
    suspects = _suspects(timed, looks, bars, effects)
    for samples in remeasured:
        add_look(looks, timed, samples, suspects)
    suite = Suite(too_few_for_suite(len(timed)))
    if looks.shifts:
        suite = judge_suite(looks.shifts, bars.of_suite(len(looks.shifts)), len(timed))
        if replayed_shift is not None:
            suite = with_replayed_shift(suite, *replayed_shift)
    judged = {}
    for page in timed:
        key = page.current.id
        glances = looks.pages[key]
        bar = bars.of_page(page, effects[key], len(glances))
        judged[key] = judge_page(page, glances, bar, suite, effects[key], name)
    sigmas = [item.sigma for item in judged.values() if item.sigma is not None]
    limits = [item.smallest_visible for item in judged.values() if item.smallest_visible is not None]
    judgement = Judgement(
        suite=suite.finding,
        sigma=statistics.median(sigmas),
        detection_limit=statistics.median(limits),
        suspects=suspects,
        controls=_controls(timed, suspects, seed) if suspects or suite.has_moved else (),
    )
    return judgement, judged


def _suspects(timed: Sequence[Page], looks: Looks, bars: Bars, effects: Mapping[str, float]) -> tuple[str, ...]:
    """Return the pages that one look leaves in doubt, those furthest off first."""
    found = []
    for page in timed:
        key = page.current.id
        glance = looks.pages[key][0]
        if is_worth_a_look(glance, bars.of_page(page, effects[key], 1), effects[key]):
            found.append((-abs(glance.low), key))
    return tuple(key for _, key in sorted(found)[:MOST_SUSPECTS])


def _controls(timed: Sequence[Page], suspects: Sequence[str], seed: int) -> tuple[str, ...]:
    others = [page.current.id for page in timed if page.current.id not in suspects]
    chance = random.Random(f"{seed}:controls")  # noqa: S311 - decisions can be repeated
    return tuple(sorted(chance.sample(others, min(CONTROL_COUNT, len(others)))))


def _untimed(page: Page, name: str) -> Comparison:
    """Return the verdict on a page whose times are not judged."""
    verdict = page.verdict or Verdict.NOT_COMPARABLE
    return Comparison(
        benchmark_id=page.current.id,
        baseline_name=name,
        verdict=verdict,
        reason=page.reason or ANOTHER_MACHINE,
        baseline_median_seconds=page.stored_median_seconds,
        current_median_seconds=page.now.median_seconds if page.now else None,
        session_count=len(page.then),
    )


Judged = TypeVar("Judged", Comparison, SuiteShift)


def _unfit(judged: Judged, reasons: Sequence[str]) -> Judged:
    """Take back a verdict on times taken on a machine too disturbed for it, and what they could have shown."""
    if isinstance(judged, Comparison):
        judged = msgspec.structs.replace(judged, smallest_visible=None)
    return msgspec.structs.replace(judged, verdict=Verdict.INCONCLUSIVE, reason=unfit_in_words(reasons))


def _gone(newest: Baseline, measurements: Sequence[Measurement], name: str) -> list[Comparison]:
    known = {item.id for item in measurements}
    return [
        Comparison(
            benchmark_id=item.id,
            baseline_name=name,
            verdict=Verdict.GONE,
            reason="The baseline holds this benchmark, this run did not measure it.",
            baseline_median_seconds=item.statistics.median_seconds if item.statistics else None,
        )
        for item in newest.measurements
        if item.id not in known
    ]


def _always(ratio: float) -> Effect:
    def effect(_benchmark_id: str) -> float:
        return ratio

    return effect
