"""On which cores both servers of a comparison ran together, or why each ran wherever the system put it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from stashbench.collect.affinity import can_pin
from stashbench.compare.options import Options
from stashbench.compare.side import Side


class SharedCores(NamedTuple):
    """All cores that were shared, how many of them in each round, and why there are none."""

    cores: tuple[int, ...] = ()
    per_round: int = 0
    reason: str = ""


def shared_cores(core_sets: Collection[frozenset[int]], options: Options, sides: Iterable[Side]) -> SharedCores:
    """Gather the cores of all rounds (`Rounds.core_sets`)."""
    if core_sets:
        together = tuple(sorted(frozenset().union(*core_sets)))
        return SharedCores(together, max(len(cores) for cores in core_sets))
    others = [side.label for side in sides if not side.is_own]
    if others:
        verb = "is" if len(others) == 1 else "are"
        return SharedCores(reason=f"{' and '.join(others)} {verb} not started by us")
    if not options.is_pinning:
        return SharedCores(reason="that was asked for (--no-pin)")
    if not can_pin():
        return SharedCores(reason="this machine has a single core, or its system does not let us choose cores")
    return SharedCores(reason="no round was measured")
