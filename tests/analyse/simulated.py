"""Times as two servers on a shared machine give them: noise that only adds, bursts, drift, servers started anew."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stashbench.analyse.block_pairs import Pair


@dataclass(frozen=True)
class Machine:
    """Sizes of the noises, as shares: of single calls, of bursts of load, of drift between rounds, of processes."""

    noise: float = 0.05
    burst: float = 0.15
    drift: float = 0.03
    process: float = 0.005


def pairs(chance, *, ratio=1.0, rounds=6, visits=4, calls=4, machine=None):
    """Return pairs of both sides' times, rounds as units; B's work is `ratio` times A's."""
    machine = machine or Machine()
    base = chance.uniform(1, 50)
    found = []
    for number in range(rounds):
        drift = math.exp(chance.gauss(0, machine.drift))
        processes = [math.exp(chance.gauss(0, machine.process)) for _ in "ab"]
        for _ in range(visits):
            shared = 1 + (chance.expovariate(1 / machine.burst) if chance.random() < 0.5 else 0)
            sides = []
            for side in range(2):
                own = 1 + (chance.expovariate(1 / machine.burst) if chance.random() < 0.3 else 0)
                level = base * (ratio if side else 1) * drift * processes[side] * shared * own
                sides.append([level * (1 + chance.expovariate(1 / machine.noise)) for _ in range(calls)])
            found.append(Pair(number, *sides))
    return found
