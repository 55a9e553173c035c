"""Where the figures of the server's machine come from, and what is said where there are none."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest

from stashbench.errors import UsageError
from stashbench.model.target import Facility
from stashbench.stash.discovery import FoundProcess
from stashbench.target import open_target
from stashbench.target.server_machine import find_machine

PAGE = (Path(__file__).parents[1] / "data" / "node_exporter" / "1.8.2.txt").read_bytes()


@pytest.fixture
def exporter():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_):
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/metrics"
        serving.shutdown()


def machine_of(settings, address, process):
    return find_machine(settings, address, process, "/config/.stash/stash-go.sqlite")


@pytest.fixture
def address(settings):
    with open_target(settings()) as target:
        return target.client.address


def test_a_server_here_is_watched_from_here_and_its_exporter_not_asked(settings, exporter):
    with open_target(settings(node_exporter=exporter)) as target:
        assert target.is_here
        assert target.exporter is None
        (warning,) = target.warnings
        assert "was not asked, because the server runs on this machine" in warning


def test_a_server_whose_process_is_elsewhere_is_told_of_by_its_exporter(settings, exporter, address):
    found = machine_of(settings(node_exporter=exporter), address, FoundProcess(None, "", may_be_elsewhere=True))
    assert found.reach.is_available
    assert found.reach.reason == f"read from node_exporter 1.8.2 at {exporter}; disk I/O of vda"
    assert not found.is_here
    assert found.exporter.address.url == exporter
    assert found.warnings == ()


def test_an_exporter_of_another_address_is_doubted(settings, exporter, address):
    elsewhere = type(address)("http", "192.0.2.7", 9999)
    found = machine_of(settings(node_exporter=exporter), elsewhere, FoundProcess(None, ""))
    assert found.reach.is_available
    (warning,) = found.warnings
    assert "make sure that both are one machine" in warning


def test_an_exporter_that_does_not_answer_is_said_and_nothing_is_made_up(settings, free_port, address):
    url = f"http://127.0.0.1:{free_port}/metrics"
    found = machine_of(settings(node_exporter=url), address, FoundProcess(None, "", may_be_elsewhere=True))
    assert not found.reach.is_available
    assert found.exporter is None
    assert f"the node_exporter at {url} does not answer: nothing listens there" in found.reach.reason
    assert len(found.warnings) == 1


def test_without_an_exporter_it_is_said_what_would_help(settings, address):
    elsewhere = type(address)("http", "192.0.2.7", 9999)
    for where, process in (
        (elsewhere, FoundProcess(None, "")),
        (address, FoundProcess(None, "", may_be_elsewhere=True)),
    ):
        found = machine_of(settings(), where, process)
        assert found.reach.facility is Facility.HOST
        assert not found.reach.is_available
        assert not found.is_here
        assert "--stash-node-exporter" in found.reach.reason


def test_containers_among_which_we_cannot_choose_are_on_this_machine_all_the_same(settings, address):
    container = type(address)("http", "192.0.2.7", 9999)
    assert machine_of(settings(), container, FoundProcess(None, "", candidates=(70, 80))).is_here


def test_a_password_in_the_address_is_refused_and_not_shown(settings):
    with (
        pytest.raises(UsageError) as caught,
        open_target(settings(node_exporter="http://me:geheim@127.0.0.1:9100")),
    ):
        pass
    assert "geheim" not in str(caught.value)


def test_a_server_that_we_start_needs_no_exporter(settings):
    with (
        pytest.raises(UsageError, match="--stash-node-exporter tells of another machine"),
        open_target(settings(url=None, node_exporter="nas")),
    ):
        pass
