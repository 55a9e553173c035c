"""What the settings file says about the pages of a comparison: smallest changes that matter, changes accepted."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.compare.options import Options
from stashbench.compare.plan import PairedRequest
from stashbench.harness.setting_names import remarks_on_names


def effects_by_index(requests: Sequence[PairedRequest], options: Options, default: float) -> dict[int, float]:
    """Return the smallest ratio that counts, by index of the benchmark; `default` is for those without an entry."""
    effects = options.effects
    return {
        index: effects.ratio(pair.id, pair.group, pair.suite, default=default) for index, pair in enumerate(requests)
    }


def default_effect(options: Options, by_target: float) -> float:
    """Return the ratio for pages without an entry: the option's, the file's, or what suits the targets."""
    return options.minimum_effect or options.effects.default_ratio(by_target)


def remarks_on_settings(requests: Sequence[PairedRequest], options: Options) -> tuple[str, ...]:
    """Say which names in the settings fit no page; nothing where only some pages were asked for."""
    if options.expression:
        return ()
    return remarks_on_names(
        options.effects,
        options.accepted,
        [pair.id for pair in requests],
        [pair.file for pair in requests if pair.file is not None],
    )
