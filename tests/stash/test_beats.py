from __future__ import annotations

import time
from contextlib import contextmanager

from stashbench.errors import RequestError
from stashbench.stash.attribution import Run, attribute
from stashbench.stash.beats import Beats
from stashbench.stash.log_line import LoggedStatement


class Failing:
    """A client whose every request fails, as where the server has no time for a mark."""

    @contextmanager
    def clone(self, _timeout_seconds):
        yield self

    def execute(self, *_):
        message = "no answer in time"
        raise RequestError(message)


def test_a_mark_that_failed_leaves_its_run_in_doubt():
    beats = Beats(Failing(), iter(["m1", "m2"]).__next__)
    deadline = time.monotonic() + 10
    with beats:
        while not beats.words and time.monotonic() < deadline:
            time.sleep(0.01)
    assert beats.words == ("m1",)
    run = Run("begin", "end", 1.0, beats=beats.words)
    statement = (5, LoggedStatement("SELECT ?", 0.1, is_slow=False))
    (found,) = attribute({"begin": [1, 2], "m1": [], "end": [8, 9]}, [statement], [run])
    assert len(found.statements) == 1
    assert not found.is_complete
    (found,) = attribute({"begin": [1, 2], "m1": [4, 4], "end": [8, 9]}, [statement], [run])
    assert found.is_complete
