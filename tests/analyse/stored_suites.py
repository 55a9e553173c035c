"""Sessions of a suite as a shared machine gives them: whole sessions shift, pages scatter, and load only adds time."""

from __future__ import annotations

import math
import random

from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.measurement import Measurement, MeasurementOutcome, Visit
from stashbench.model.target import Target, TargetKind

ENVIRONMENT = Environment(fingerprint="f", os="Linux", kernel="6", architecture="x", cpu_model="c", cpu_count=2)
TARGET = Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1")


class Suite:
    """Makes sessions of `page_count` pages whose noises are shares: of whole sessions, of pages in one, of calls."""

    def __init__(self, seed, *, page_count=42, shift=0.03, page=0.025, call=0.08, calls=80):
        self.chance = random.Random(seed)
        self.base = {f"page{number}": self.chance.uniform(0.001, 0.03) for number in range(page_count)}
        self.shift, self.page, self.call, self.calls = shift, page, call, calls

    def times(self, ratios=None, *, names=None, shift=None):
        """Times of one session; `ratios` are true changes by page, or one for all pages."""
        moved = math.exp(self.chance.gauss(0, self.shift)) if shift is None else shift
        found = {}
        for name in names if names is not None else self.base:
            ratio = ratios if isinstance(ratios, float) else (ratios or {}).get(name, 1.0)
            level = self.base[name] * ratio * moved * math.exp(self.chance.gauss(0, self.page))
            found[name] = tuple(level * (1 + self.chance.expovariate(1 / self.call)) for _ in range(self.calls))
        return found

    def measurements(self, ratios=None):
        return [measurement(name, times) for name, times in self.times(ratios).items()]

    def sessions(self, count):
        return [session(number, self.measurements()) for number in range(count)]

    def look(self, judgement, ratios=None):
        """Measure the suspects and their controls again."""
        return self.times(ratios, names=[*judgement.suspects, *judgement.controls])


def measurement(name, times, **fields):
    visit_count = 10
    sizes = [len(times) * (n + 1) // visit_count - len(times) * n // visit_count for n in range(visit_count)]
    visits = tuple(
        Visit(round=number, order=0, process=0, began_seconds=float(number), sample_count=size)
        for number, size in enumerate(sizes)
    )
    return Measurement(
        id=name,
        nodeid=f"benchmarks/bench.py::bench_{name}",
        title=name,
        group="g",
        page="p",
        outcome=MeasurementOutcome.OK,
        rounds_seconds=tuple(times),
        visits=visits,
        definition_hash="d",
        **fields,
    )


def session(number, measurements, name="rolling"):
    return Baseline(
        schema_version=2,
        name=name,
        created_at=f"2026-01-{number + 1:02d}T00:00:00Z",
        run_id=f"run{number}",
        environment=ENVIRONMENT,
        target=TARGET,
        measurements=tuple(measurements),
    )
