"""The sampler reads a node_exporter in its own process: the same columns, dated when they were told."""

from __future__ import annotations

import re
import socket
import time

import pytest

from stashbench.collect.exporter.choice import ExporterChoice
from stashbench.collect.exporter.host import Exporter, ExporterHost
from stashbench.collect.exporter.scrape import ScrapeError, Source
from stashbench.collect.sampler import Sampler
from stashbench.collect.sampler.readings import HostReading


class Growing:
    """A machine whose counters grow with real time: half a core busy, 1000 bytes a second received."""

    def __init__(self, page):
        self._page = page
        self.began = time.monotonic()
        self.boot = 1_700_000_000

    def __call__(self, handler):
        seconds = time.monotonic() - self.began
        told = {
            'node_cpu_seconds_total{cpu="0",mode="user"}': 100 + seconds / 2,
            'node_cpu_seconds_total{cpu="0",mode="idle"}': 100 + seconds / 2,
            'node_network_receive_bytes_total{device="eth0"}': 5000 + 1000 * seconds,
            "node_boot_time_seconds": self.boot,
        }
        page = re.sub(r'^node_cpu_seconds_total\{cpu="0".*\n', "", self._page, flags=re.MULTILINE)
        page = re.sub(r'^node_cpu_seconds_total\{cpu="1".*\n', "", page, flags=re.MULTILINE)
        page = re.sub(r'^node_network_receive_bytes_total\{device="eth0".*\n', "", page, flags=re.MULTILINE)
        page = re.sub(r"^node_boot_time_seconds .*\n", "", page, flags=re.MULTILINE)
        body = (page + "".join(f"{name} {value!r}\n" for name, value in told.items())).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def growing(told, recorded):
    told.answer = Growing(recorded["1.8.2"])
    return told.answer


def sampled(exporter, until, **more):
    sampler = Sampler(None, is_local=False, exporter=ExporterChoice(exporter), **more)
    sampler.start()
    sampler.begin("span")
    until()
    use = sampler.end("span")
    timeline, cost = sampler.stop()
    return timeline, use, cost, sampler


def test_the_timeline_of_a_distant_machine(exporter, growing, told, wait_until):
    timeline, use, cost, sampler = sampled(
        exporter, lambda: wait_until(lambda: len(told.requests) >= 5), interval_seconds=0.1
    )
    assert sampler.warnings == ()
    assert timeline.source == f"node_exporter 1.8.2 at {exporter.url}; disk I/O of vda, asked every 1 s"
    assert timeline.interval_seconds == 1.0
    assert 3 <= len(timeline.times_seconds) <= 6
    assert timeline.get("host_cpu_percent").values[1:] == pytest.approx([50] * (len(timeline.times_seconds) - 1), abs=3)
    received = timeline.get("host_network_received_bytes_per_second").values
    assert received[0] is None
    # Dated when they were told: growth over time is what it was, however late the rows were written.
    assert received[1:] == pytest.approx([1000] * (len(received) - 1), rel=0.05)
    assert not [series.name for series in timeline.series if series.name.startswith("process_")]
    assert use.host_cpu_percent_mean == pytest.approx(50, abs=3)
    assert use.cpu_seconds is None
    assert not any("host" in reason for reason in use.not_measured)
    assert cost.cpu_seconds < 1


def test_a_span_between_two_answers_is_not_measured(exporter, growing):
    _, use, _, _ = sampled(exporter, lambda: None)
    assert use.host_cpu_percent_mean is None
    assert any("shorter than the time between two readings" in reason for reason in use.not_measured)


def test_it_is_asked_once_a_second_at_most(exporter, growing, told):
    began = time.monotonic()
    host = ExporterHost(Source(exporter), database_path=None, interval_seconds=0.01)
    while len(told.requests) < 3:
        host.read()
    assert time.monotonic() - began >= 1.9
    host.close()


def test_a_failure_is_a_gap_and_one_event_and_a_restart_of_the_machine_is_told(exporter, growing, told):
    host = ExporterHost(Source(exporter), database_path=None, interval_seconds=1.0)
    host.close()
    assert host.read().load_1m is not None
    answer, told.answer, told.status = told.answer, None, 500
    host._ask()
    host._ask()
    assert host.read() == HostReading()
    (event,) = host.events
    assert event == f"the node_exporter at {exporter.url} answers with HTTP status 500; its figures are missing from"
    told.answer = answer
    growing.boot += 3600
    host._ask()
    assert host.read().load_1m is not None
    assert host.events[1:] == ["the server's machine was restarted; its node_exporter told so"]


def test_a_sampler_whose_exporter_is_gone_goes_on_and_tells(exporter, told, growing, wait_until):
    def fail_after_two():
        wait_until(lambda: len(told.requests) >= 2)
        told.answer, told.status = None, 500
        wait_until(lambda: len(told.requests) >= 4)

    timeline, use, _, sampler = sampled(exporter, fail_after_two)
    assert any("answers with HTTP status 500" in text and "s into the run" in text for text in sampler.warnings)
    assert any("HTTP status 500" in reason for reason in use.not_measured)
    assert timeline.get("host_load_1m").values[-1] is None


def test_one_question_tells_whether_it_is_a_node_exporter(source, told, growing):
    exporter = Exporter(source, None)
    exporter.read()
    assert (exporter.cpu_count, exporter.memory_bytes) == (1, 25276510208)
    told.answer = None
    told.body = b"windows_cpu_time_total 5\n"
    with pytest.raises(ScrapeError, match="tells none of what a node_exporter tells"):
        Exporter(source, None).read()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ScrapeError, match="nothing listens"):
        Exporter(Source(source.address._replace(port=port)), None).read()
