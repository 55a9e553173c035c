from __future__ import annotations

from pathlib import Path

import pytest

from stashbench.config.target import TargetSettings
from stashbench.errors import UsageError
from stashbench.model.secret import Secret
from stashbench.target.spec import parse_spec, with_secrets_of

BASE = TargetSettings(
    url="http://other", database=Path("other.sqlite"), pid=1, faults=("cpu-burner",), library_scene_count=50
)


def test_an_address_is_an_address_and_nothing_of_another_servers_place_is_kept():
    settings = parse_spec("http://127.0.0.1:9999/stash", BASE)
    assert settings.url == "http://127.0.0.1:9999/stash"
    assert (settings.database, settings.pid, settings.binary, settings.faults) == (None, None, None, ())
    assert settings.library_scene_count == 50


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("embedded", ()),
        ("embedded:latency=FindScenes:20", ("latency=FindScenes:20",)),
        ("embedded:latency=FindScenes:20,stale-statistics", ("latency=FindScenes:20", "stale-statistics")),
    ],
)
def test_the_embedded_server_may_have_faults(text, faults):
    settings = parse_spec(text, BASE)
    assert settings.url is None
    assert settings.faults == faults


def test_a_program_is_found_by_its_path(tmp_path, monkeypatch):
    program = tmp_path / "stash"
    program.write_text("#!/bin/sh\n")
    with pytest.raises(UsageError, match="chmod"):
        parse_spec(str(program), BASE)
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert parse_spec("stash", BASE).binary == program


@pytest.mark.parametrize("text", ["nothing-there", "embeded", "", "ftp://x", "\x1b[31mred"])
def test_what_is_no_target_is_refused_with_the_next_step(text):
    with pytest.raises(UsageError, match=r"is no target: give an address") as caught:
        parse_spec(text, BASE)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("text", ["admin:hidden@nas:9999", "https:/admin:hidden@nas", "nas:9999?apikey=hidden"])
def test_an_address_without_its_scheme_is_not_repeated_with_its_password(text):
    with pytest.raises(UsageError, match="is no target: give an address") as caught:
        parse_spec(text, BASE)
    assert "hidden" not in str(caught.value)


def test_secrets_of_one_side_go_before_those_of_both_and_are_not_shown():
    base = TargetSettings(api_key=Secret("common"))
    environ = {"STASH_API_KEY_B": "own-of-b", "STASH_PASSWORD_A": "word"}
    a, b = (with_secrets_of(base, side, environ) for side in "ab")
    assert (a.api_key, b.api_key) == (Secret("common"), Secret("own-of-b"))
    assert a.password == Secret("word")
    assert b.password is None
    assert "own-of-b" not in repr(b)
