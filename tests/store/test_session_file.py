"""One stored session: small, whole, and of use only as it was saved."""

from __future__ import annotations

import gzip
import json
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.errors import StoreError
from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment, fingerprint_of
from stashbench.model.measurement import Measurement, MeasurementOutcome, Visit
from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.target import Target, TargetKind
from stashbench.store.session_file import ALTERED, SUFFIX, encode_session, read_session, write_session

replace = msgspec.structs.replace
FACTS = {"cpu_model": "Processor", "cpu_count": "2"}


def session_of(*samples: tuple[float, ...], statements: tuple[Statement, ...] = ()) -> Baseline:
    trace = StatementTrace(operation="q", is_available=True, is_complete=True, statement_count=9, statements=statements)
    return Baseline(
        schema_version=2,
        name="good",
        created_at="2026-01-01T00:00:00Z",
        run_id="run-1",
        environment=Environment(
            fingerprint=fingerprint_of(FACTS),
            os="Linux",
            kernel="6.1",
            architecture="x86_64",
            cpu_model="Processor",
            cpu_count=2,
            hard_facts=FACTS,
        ),
        target=Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1", speed_settings={"logLevel": "Info"}),
        measurements=tuple(
            Measurement(
                id=f"page-{number}",
                nodeid="n",
                title="t",
                group="g",
                page="p",
                outcome=MeasurementOutcome.OK,
                rounds_seconds=rounds,
                visits=(Visit(round=0, order=number, process=1, began_seconds=1.5, sample_count=len(rounds)),),
                trace=trace,
            )
            for number, rounds in enumerate(samples)
        ),
    )


@given(st.lists(st.lists(st.integers(1, 10**11), max_size=30), max_size=4))
def test_times_come_back_to_the_nanosecond_with_their_visits(tmp_path_factory, nanoseconds):
    session = session_of(*(tuple(value / 1e9 for value in samples) for samples in nanoseconds))
    found = read_session(write_session(tmp_path_factory.mktemp("s") / f"a{SUFFIX}", session))
    assert found == session
    assert encode_session(found) == encode_session(session)


def test_statements_keep_what_counting_needs_and_no_more(tmp_path):
    long = Statement(fingerprint="f", sql_shape="SELECT " + "x, " * 200 + "IN (…)", count=7, logged_seconds=0.5)
    short = Statement(fingerprint="g", sql_shape="SELECT 1", count=2)
    found = read_session(write_session(tmp_path / f"a{SUFFIX}", session_of((0.1,), statements=(long, short))))
    kept = found.measurements[0].trace.statements
    assert [item.count for item in kept] == [7, 2]
    assert "(…)" in kept[0].sql_shape
    assert len(kept[0].sql_shape) < 220
    assert kept[0].logged_seconds is None
    assert kept[1].sql_shape == "SELECT 1"


def test_a_session_of_many_samples_is_small():
    draw = random.Random(1)
    pages = [tuple(draw.lognormvariate(-6, 0.3) for _ in range(400)) for _ in range(50)]
    assert len(encode_session(session_of(*pages))) < 150_000


def altered(path, change):
    document = json.loads(gzip.decompress(path.read_bytes()))
    change(document["session"])
    path.write_bytes(gzip.compress(json.dumps(document).encode()))


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_times_that_were_changed_by_hand_are_in_doubt(tmp_path, factor):
    path = write_session(tmp_path / f"a{SUFFIX}", session_of((0.1, 0.2)))
    assert read_session(path).doubts == ()

    def scale(session):
        session["samples_ns"] = [[round(value * factor) for value in samples] for samples in session["samples_ns"]]

    altered(path, scale)
    found = read_session(path)
    assert found.measurements[0].rounds_seconds == pytest.approx((0.1 * factor, 0.2 * factor))
    assert found.doubts == (ALTERED,)


def test_a_fingerprint_that_is_not_that_of_the_machine_beside_it_is_in_doubt(tmp_path):
    session = session_of((0.1,))
    forged = replace(session, environment=replace(session.environment, hard_facts={**FACTS, "cpu_count": "64"}))
    found = read_session(write_session(tmp_path / f"a{SUFFIX}", forged))
    assert found.doubts == ("its fingerprint does not belong to the machine it tells of",)


def test_doubts_cannot_be_stored_and_so_not_be_stored_away(tmp_path):
    session = replace(session_of((0.1,)), doubts=("something",))
    assert read_session(write_session(tmp_path / f"a{SUFFIX}", session)).doubts == ()


def test_the_first_format_is_still_read(tmp_path):
    session = replace(session_of((0.1, 0.2)), schema_version=1, name='"session"')
    path = tmp_path / "old.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(session), indent=1))
    assert read_session(path) == session


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a whole baseline"),
        (b"hello", "not a stashbench baseline"),
        (gzip.compress(b"[]"), "not a stashbench baseline"),
        (gzip.compress(b'{"schema_version": 99}'), "newer stashbench"),
        (gzip.compress(b'{"schema_version": 2, "digest": "", "session": {}}'), "not a whole baseline"),
        (gzip.compress(b'{"schema_version": 2, "digest": "", "session": 3}')[:-9], "not a whole baseline"),
    ],
)
def test_what_is_no_session_is_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / f"a{SUFFIX}"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=words):
        read_session(path)


def test_a_bomb_is_not_blown_up(tmp_path, monkeypatch):
    monkeypatch.setattr("stashbench.store.session_file._LARGEST_CONTENT_BYTES", 1 << 20)
    path = tmp_path / f"a{SUFFIX}"
    path.write_bytes(gzip.compress(b" " * (8 << 20)))
    with pytest.raises(StoreError, match="too large"):
        read_session(path)
    monkeypatch.setattr("stashbench.store.session_file._LARGEST_FILE_BYTES", 100)
    with pytest.raises(StoreError, match="larger than any baseline"):
        read_session(path)


def test_more_samples_than_pages_are_not_taken(tmp_path):
    path = write_session(tmp_path / f"a{SUFFIX}", session_of((0.1,)))
    altered(path, lambda session: session["samples_ns"].append([1]))
    with pytest.raises(StoreError, match="not a whole baseline"):
        read_session(path)
    altered(path, lambda session: session.update(samples_ns=[[0]]))
    with pytest.raises(StoreError, match="not a whole baseline"):
        read_session(path)
