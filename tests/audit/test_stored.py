from __future__ import annotations

import msgspec

from stashbench.audit.stored import looks_of
from stashbench.model.measurement import Look, Measurement, MeasurementOutcome, Visit


def page(name, *counts):
    """A page measured again; `counts` are the samples that each process gave in two visits."""
    visits, samples = [], []
    for process, count in enumerate(counts, start=1):
        for size in (count // 2, count - count // 2):
            visits.append(Visit(round=1, order=0, process=process, began_seconds=0.0, sample_count=size))
            samples += [float(process)] * size
    known = Measurement(
        id=name, nodeid=name, title=name, group="g", page="p", outcome=MeasurementOutcome.OK, rounds_seconds=(1.0,) * 9
    )
    return msgspec.structs.replace(known, looks=(Look(rounds_seconds=tuple(samples), visits=tuple(visits)),))


def test_each_server_process_is_a_look_of_its_own():
    first, second = looks_of([page("quick", 6, 8), page("other", 5, 5)])
    assert first == {"quick": (1.0,) * 6, "other": (1.0,) * 5}
    assert second == {"quick": (2.0,) * 8, "other": (2.0,) * 5}


def test_processes_that_gave_too_few_times_are_one_look():
    first, second = looks_of([page("slow", 2, 3), page("quick", 6, 6)])
    assert first == {"slow": (1.0, 1.0, 2.0, 2.0, 2.0), "quick": (1.0,) * 6}
    assert second == {"quick": (2.0,) * 6}


def test_nothing_measured_again_is_no_look():
    without = msgspec.structs.replace(page("quick", 6), looks=(Look(reason="the server was lost"),))
    assert looks_of([without]) == ()
