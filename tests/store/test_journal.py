from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.errors import StoreError
from stashbench.model.sample import ResourceUse, Span, SpanKind
from stashbench.store.journal import (
    JOURNAL_NAME,
    JOURNAL_VERSION,
    End,
    Found,
    Header,
    Journal,
    Measured,
    Note,
    Spanned,
    Used,
    read_journal,
)


@pytest.fixture
def header(environment, target):
    return Header(
        run_id="run-1",
        stashbench_version="0.1.0",
        started_at="2026-01-01T00:00:00Z",
        target=target,
        environment=environment,
        settings={"audit.x": "1"},
    )


@pytest.fixture
def lines(header, make_measurement, make_finding):
    return [
        header,
        Measured(measurement=make_measurement("a")),
        Found(finding=make_finding("slow")),
        Used(use=ResourceUse(span_id="a", duration_seconds=1.0)),
        Spanned(span=Span(id="a", label="A", kind=SpanKind.BENCHMARK, begin_seconds=0.0, end_seconds=1.0)),
        Note(text="load is high\nand rising \u2028", at_seconds=0.5),
        Measured(measurement=make_measurement("b")),
        End(finished_at="2026-01-01T00:01:00Z"),
    ]


def written(directory, lines):
    with Journal(directory) as journal:
        for line in lines:
            journal.append(line)
        return journal.path


def test_what_was_written_is_recovered(tmp_path, lines):
    written(tmp_path, lines)
    found = read_journal(tmp_path)
    assert found.header == lines[0]
    assert found.measurements == (lines[1].measurement, lines[6].measurement)
    assert found.findings == (lines[2].finding,)
    assert found.resources == (lines[3].use,)
    assert found.spans == (lines[4].span,)
    assert found.notes == (lines[5],)
    assert found.end == lines[7]
    assert found.is_complete
    assert found.damaged_line_count == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_cut_anywhere_after_the_header_the_whole_lines_are_recovered(tmp_path, lines, data):
    path = tmp_path / JOURNAL_NAME
    path.unlink(missing_ok=True)
    content = written(tmp_path, lines).read_bytes()
    first = content.index(b"\n") + 1
    cut = data.draw(st.integers(first, len(content)))
    path.write_bytes(content[:cut])
    found = read_journal(path)
    assert found.damaged_line_count <= 1
    whole = content[first:cut].count(b"\n")
    recovered = len(found.measurements) + len(found.findings) + len(found.resources) + len(found.spans)
    recovered += len(found.notes) + (1 if found.end else 0)
    assert recovered in {whole, whole + 1}  # a last line may be whole but for its line end
    if cut < len(content) - 1:
        assert not found.is_complete


def test_a_run_killed_in_the_middle_loses_no_line(tmp_path, lines):
    code = (
        "import os, signal, sys, msgspec; from pathlib import Path; from stashbench.store import journal as j\n"
        "decoder = msgspec.json.Decoder(j.Line); log = j.Journal(Path(sys.argv[1]))\n"
        "for line in sys.stdin: log.append(decoder.decode(line))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    text = b"\n".join(msgspec.json.encode(line) for line in lines[:-1]) + b"\n"
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], input=text, check=False)
    assert killed.returncode == -signal.SIGKILL
    found = read_journal(tmp_path)
    assert len(found.measurements) == 2
    assert not found.is_complete


def test_going_on_after_a_torn_line_loses_only_that_line(tmp_path, lines, make_measurement):
    path = written(tmp_path, lines[:2])
    with path.open("ab") as file:
        file.write(b'{"record":"found","fin')
    written(tmp_path, [Measured(measurement=make_measurement("later"))])
    found = read_journal(path)
    assert [item.id for item in found.measurements] == ["a", "later"]
    assert found.damaged_line_count == 1


def test_a_repeated_benchmark_counts_once_as_of_its_last_line(tmp_path, header, make_measurement):
    written(tmp_path, [header, *(Measured(measurement=make_measurement("a", median)) for median in (0.5, 0.1))])
    (measurement,) = read_journal(tmp_path).measurements
    assert measurement.statistics.median_seconds == 0.1


def test_a_line_costs_less_than_a_millisecond(tmp_path, header, make_measurement):
    """Appended between tests, never within a timed call; still, a slow journal would lengthen each run."""
    import time

    line = Measured(measurement=make_measurement("a"))
    with Journal(tmp_path) as journal:
        times = []
        for _ in range(200):
            begin = time.perf_counter()
            journal.append(line)
            times.append(time.perf_counter() - begin)
        journal.sync()
    assert sorted(times)[100] < 0.001


def test_no_journal(tmp_path):
    with pytest.raises(StoreError, match="Cannot read the journal"):
        read_journal(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"garbage\n", b'{"record":"note","text":"x"}\n', os.urandom(500)])
def test_without_a_header_nothing_can_be_rebuilt(tmp_path, content):
    (tmp_path / JOURNAL_NAME).write_bytes(content)
    with pytest.raises(StoreError, match="no readable header"):
        read_journal(tmp_path)


def test_a_newer_journal_is_refused(tmp_path, header):
    written(tmp_path, [msgspec.structs.replace(header, schema_version=JOURNAL_VERSION + 1)])
    with pytest.raises(StoreError, match="newer stashbench"):
        read_journal(tmp_path)


def test_an_unwritable_place(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot write"):
        Journal(tmp_path / "file" / "run")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_while_running(tmp_path):
    with Journal(tmp_path) as journal:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, journal._file)
        os.close(full)
        with pytest.raises(StoreError, match="the disk is full"):
            journal.append(Note(text="x"))
