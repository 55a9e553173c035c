from __future__ import annotations

import pytest
from click.testing import CliRunner

from stashbench.cli.doctor import command
from stashbench.model.target import Facility
from stashbench.target.doctor import NEEDED_FOR, examine


def test_every_facility_says_what_it_is_needed_for():
    assert set(NEEDED_FOR) == set(Facility)


def test_a_healthy_server_and_its_log_are_really_tried(settings):
    reaches = {reach.facility: reach for reach in examine(settings())}
    assert list(reaches) == list(Facility)
    assert [facility for facility, reach in reaches.items() if not reach.is_available] == [Facility.WRITES]
    assert "came through" in reaches[Facility.SQL_LOG].reason


def test_nothing_else_is_tried_where_there_is_no_api(settings, free_port):
    reaches = examine(settings(url=f"http://127.0.0.1:{free_port}"))
    assert len(reaches) == len(Facility)
    assert not any(reach.is_available for reach in reaches)
    assert "Nothing listens" in reaches[0].reason
    assert "not examined" in reaches[1].reason


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)


def test_command_shows_a_table(run, server):
    result = run("--stash-url", server.url, "--stash-api-key", "planted.key")
    assert result.return_value == 0
    assert "database-file" in result.output
    assert "planted.key" not in result.output


@pytest.mark.parametrize("key", [None, "wrong.key"])
def test_command_says_in_one_sentence_why_not(run, server, key):
    result = run("--stash-url", server.url, *(["--stash-api-key", key] if key else []))
    assert result.return_value == 3
    assert len(result.output.strip().splitlines()) == 1
    assert "API key" in result.output
    assert "wrong.key" not in result.output
