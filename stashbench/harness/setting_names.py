"""Names of benchmarks in the settings file held against those there are: a mistyped one would silently do nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.analyse.acceptance import without_object
from stashbench.harness.record import benchmark_id, group_of

if TYPE_CHECKING:
    from stashbench.config.effects import EffectSettings
    from stashbench.model.acceptance import AcceptedChange

_FUNCTION = re.compile(r"^def (bench_\w+)\(", re.MULTILINE)


def remarks_on_names(
    effects: EffectSettings, accepted: tuple[AcceptedChange, ...], ids: Iterable[str], files: Iterable[Path]
) -> tuple[str, ...]:
    """Say which names in the settings fit nothing.

    `ids` are the benchmarks of this run, `files` those they come from. Suites that lie beside, and are left out of
    this run because they change data, say, are known too.
    """
    if not (accepted or effects.benchmarks or effects.groups or effects.suites):
        return ()
    around = {file.resolve() for file in files}
    around |= {file for folder in {path.parent.parent for path in around} for file in folder.glob("*/bench_*.py")}
    known = sorted({*ids, *(name for file in around for name in _ids_in(file))})
    groups, suites = {group_of(file.name) for file in around}, {file.parent.name for file in around}
    return (*effects.unknown_names(known, groups, suites), *without_object(accepted, known))


def _ids_in(file: Path) -> list[str]:
    """Return the ids of the benchmarks a file defines, by its text: it need not be run for that."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []  # not ours to judge; pytest tells of a suite that cannot be read
    return [benchmark_id(name) for name in _FUNCTION.findall(text)]
