"""Times as two servers on a shared machine give them: noise that only adds, bursts, drift, servers started anew."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """Sizes of the noises, as shares: of single calls, of bursts of load, of drift between rounds, of processes."""

    noise: float = 0.05
    burst: float = 0.15
    drift: float = 0.03
    process: float = 0.005


def both_sides(chance, *, ratio=1.0, rounds=6, visits=2, calls=4, machine=None):
    """Return (A's, B's) times by round; B's work is `ratio` times A's."""
    machine = machine or Machine()
    sides = ({}, {})
    base = chance.uniform(1, 50)
    for number in range(rounds):
        drift = math.exp(chance.gauss(0, machine.drift))
        processes = [math.exp(chance.gauss(0, machine.process)) for _ in sides]
        for _ in range(visits):
            shared = 1 + (chance.expovariate(1 / machine.burst) if chance.random() < 0.5 else 0)
            for side, times in enumerate(sides):
                own = 1 + (chance.expovariate(1 / machine.burst) if chance.random() < 0.3 else 0)
                level = base * (ratio if side else 1) * drift * processes[side] * shared * own
                times.setdefault(number, []).extend(
                    level * (1 + chance.expovariate(1 / machine.noise)) for _ in range(calls)
                )
    return sides
