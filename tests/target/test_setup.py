from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.errors import UsageError
from stashbench.target.guarded import is_guarded_setting, is_guarded_variable
from stashbench.target.setup import Setup, hide_values, parse_variables, split_settings

SECRETS = ["STASH_API_KEY", "STASH_PASSWORD", "stash_username", "MY_TOKEN", "STASH_JWT_SECRET_KEY"]
OURS = [
    "STASH_HOST",
    "STASH_PORT",
    "STASH_DATABASE",
    "STASH_GENERATED",
    "STASH_CONFIG_FILE",
    "STASH_BLOBS_PATH",
    "STASH_BACKUP_DIRECTORY_PATH",
    "STASH_PLUGINS_PATH",
    "STASH_FFMPEG_PATH",
    "STASH_LOGFILE",
    "STASHBENCH_SCRATCH",
    "HOME",
    "TMPDIR",
    "LD_PRELOAD",
    "https_proxy",
]


def test_variables_are_taken_as_they_are():
    given = ["STASH_SQLITE_CACHE_SIZE=-64000", "GOGC=50", "EMPTY=", "EQUALS=a=b"]
    assert parse_variables(given, "--env-b") == {
        "STASH_SQLITE_CACHE_SIZE": "-64000",
        "GOGC": "50",
        "EMPTY": "",
        "EQUALS": "a=b",
    }


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_refused_and_not_repeated(name):
    with pytest.raises(UsageError, match="secrets are not for command lines") as caught:
        parse_variables([f"{name}=hush"], "--env-a")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("name", OURS)
def test_where_a_server_lives_stays_ours(name):
    assert is_guarded_variable(name)
    with pytest.raises(UsageError, match="stays ours"):
        parse_variables([f"{name}=/somewhere"], "--env-a")


@pytest.mark.parametrize("text", ["", "NAME", "=value", "1A=2", "A B=2", "\x1b[31m=1"])
def test_what_is_no_variable_is_refused_without_repeating_it(text):
    with pytest.raises(UsageError, match="takes NAME=VALUE") as caught:
        parse_variables([text], "--env-b")
    assert "\x1b" not in str(caught.value)


def test_a_cache_size_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match="not a whole number"):
        parse_variables(["STASH_SQLITE_CACHE_SIZE=64MB"], "--env-b")


def test_settings_are_parted_into_those_that_bear_on_speed_and_those_that_stay_ours():
    speed = {"parallel_tasks": 4, "loglevel": "Debug", "max_session_age": 60, "sequential_scanning": True}
    guarded = {"api_key": "x", "database": "/x", "stash_boxes": "x", "logfile": "/x", "host": "0.0.0.0", "port": 80}
    assert split_settings(speed | guarded) == (speed, tuple(sorted(guarded)))
    assert all(is_guarded_setting(name) for name in guarded)


def test_the_report_shows_what_is_special_but_no_value_that_might_be_secret():
    setup = Setup(
        environment={"STASH_SQLITE_CACHE_SIZE": "-64000", "OTHER": "hush"},
        configuration={"loglevel": "De\x1bbug"},
        database=Path("/data/stash-go.sqlite"),
    )
    assert setup.in_words()[:3] == (
        "a copy of /data/stash-go.sqlite as its database",
        "OTHER in its environment",
        "STASH_SQLITE_CACHE_SIZE=-64000 in its environment",
    )
    assert "hush" not in str(setup.in_words())
    assert "\x1b" not in str(setup.in_words())
    assert not Setup()
    assert not Setup(left_out=("api_key",))


def test_a_server_of_somebody_else_gets_nothing():
    Setup().refuse_for_attached()
    with pytest.raises(UsageError, match="not started by us"):
        Setup(environment={"A": "1"}).refuse_for_attached()


@pytest.mark.parametrize("form", [["--env-b", "OTHER=hush"], ["--env-b=OTHER=hush"]])
def test_a_command_line_is_recorded_without_values_that_might_be_secret(form):
    shown = hide_values(["compare", *form, "--env-a", "GOGC=50", "-k", "a=b"], ["--env-a", "--env-b"])
    assert "hush" not in str(shown)
    assert "OTHER=..." in str(shown)
    assert shown[-4:] == ["--env-a", "GOGC=50", "-k", "a=b"]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_other_arguments_are_recorded_as_they_are(arguments):
    kept = [argument for argument in arguments if not argument.startswith("--env")]
    assert hide_values(kept, ["--env-a", "--env-b"]) == kept
