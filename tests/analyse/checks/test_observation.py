from __future__ import annotations

import pytest

from stashbench.analyse.checks.observation import (
    Observation,
    counted,
    in_bytes,
    inconclusive,
    not_applicable,
    not_measured,
)
from stashbench.config import load_settings
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.finding import Outcome


@pytest.fixture
def recorder():
    mark = {"id": "x", "category": "api", "severity": "warning", "warning": 10}
    return EvidenceRecorder(mark, "X", load_settings(None, {}, {}), "audit_x.py::audit_x")


def test_a_value_is_judged_with_its_evidence(recorder):
    Observation(value=12.0, message="Twelve.", evidence={"rows": ({"a": 1},), "n": 3}).tell(recorder)
    finding = recorder.finding()
    assert finding.outcome is Outcome.FAILED
    assert finding.value == 12.0
    assert finding.fact("rows") == ({"a": 1},)
    assert finding.fact("n") == 3


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (not_measured, Outcome.NOT_MEASURED),
        (not_applicable, Outcome.NOT_APPLICABLE),
        (inconclusive, Outcome.INCONCLUSIVE),
    ],
)
def test_outcomes_without_a_value_keep_their_reason(recorder, make, outcome):
    make("Because.").tell(recorder)
    assert (recorder.finding().outcome, recorder.finding().message) == (outcome, "Because.")


def test_no_value_is_never_passed(recorder):
    Observation(message="Nothing.").tell(recorder)
    assert recorder.finding().outcome is Outcome.NOT_MEASURED


def test_words_for_numbers():
    assert [counted(1, "index", "indexes"), counted(2, "index", "indexes"), counted(0, "job")] == [
        "1 index",
        "2 indexes",
        "0 jobs",
    ]
    assert [in_bytes(size) for size in (0, 1023, 1536, 200 * 1024, 3 * 2**30, -2048)] == [
        "0 bytes",
        "1023 bytes",
        "1.5 KiB",
        "200 KiB",
        "3.0 GiB",
        "-2.0 KiB",
    ]
