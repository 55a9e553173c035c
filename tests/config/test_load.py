from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.config import Settings, find_file, load_settings
from stashbench.config.ranges import RANGES
from stashbench.errors import ConfigurationError
from stashbench.model.finding import Threshold


def test_nothing_given_means_the_embedded_server_and_every_value_is_a_default():
    settings = load_settings()
    assert settings.target.url is None
    assert settings.source("target.url") == "default"


def test_the_command_line_beats_the_environment_and_the_environment_beats_the_file(tmp_path):
    file = tmp_path / "stashbench.toml"
    file.write_text('[target]\nurl = "http://file"\npid = 7\ntimeout_seconds = 5\n')
    settings = load_settings(
        file, {"target.url": "http://line", "target.pid": None}, {"STASH_URL": "http://env", "STASH_PID": "8"}
    )
    assert settings.target.url == "http://line"
    assert settings.target.pid == 8
    assert settings.target.timeout_seconds == 5.0
    assert settings.source("target.url") == "command line"
    assert settings.source("target.pid") == "environment"
    assert settings.source("target.timeout_seconds") == "file"


def test_settings_are_found_in_our_own_file_first_and_then_in_pyproject(tmp_path):
    assert find_file(tmp_path) is None
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname='x'\n")
    assert find_file(tmp_path) is None
    project.write_text('[tool.stashbench.audit]\nfail_on = "warning"\n')
    assert find_file(tmp_path) == project
    assert load_settings(project).audit.fail_on == "warning"
    own = tmp_path / "stashbench.toml"
    own.write_text("")
    assert find_file(tmp_path) == own


def test_an_api_key_never_shows(tmp_path):
    settings = load_settings(overrides={"target.api_key": "s3cr3t-key"})
    assert "s3cr3t-key" not in repr(settings)
    assert settings.target.api_key is not None
    assert settings.target.api_key.reveal() == "s3cr3t-key"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[target]\nuri = 'x'\n", "no setting 'target.uri'"),
        ("[targets]\nurl = 'x'\n", r"no section \[targets\]"),
        ("[target]\npid = 'x'\n", "target.pid = 'x' is not a whole number"),
        ("[audit]\nfail_on = 'often'\n", "is not one of never, regression, warning, critical"),
        ("[target\n", "not valid TOML"),
        ("[thresholds.x]\nwarn = 1\n", "takes `warning` and `critical`"),
        ("[thresholds.x]\nwarning = nan\n", "is not a number"),
        ("thresholds = 3\n", r"`thresholds` must be a section: write \[thresholds\]"),
        ("target = 3\n", r"`target` must be a section"),
        ("[target]\napi_key = ['s3cr3t']\n", "target.api_key is not text; write it in quotes"),
        ("[target]\ntimeout_seconds = 0\n", "target.timeout_seconds = 0.0 makes no sense; give 0.1 to 86,400 seconds"),
        ("[target]\npid = -1\n", "target.pid = -1 makes no sense; give 1 to 4,194,304"),
        ("[target]\nlibrary_scene_count = -5\n", "makes no sense; give 0 to 100,000,000 scenes"),
        ("[audit]\nsample_interval_seconds = 0\n", "audit.sample_interval_seconds = 0.0 makes no sense"),
        ("[audit]\nbenchmark_budget_seconds = -3\n", "audit.benchmark_budget_seconds = -3.0 makes no sense"),
        ("[audit]\nregression_ratio = 1\n", "audit.regression_ratio = 1.0 makes no sense; give 1.001 to 1,000"),
    ],
)
def test_a_bad_file_gets_one_clear_sentence(tmp_path, text, sentence):
    file = tmp_path / "stashbench.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=sentence):
        load_settings(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"cannot be read .* check the path given with --stash-config"):
        load_settings(tmp_path / "none.toml")


def test_a_range_belongs_to_a_setting_and_allows_its_default():
    settings = load_settings()
    for key, allowed in RANGES.items():
        section, name = key.split(".")
        value = getattr(getattr(settings, section), name)
        assert value is None or allowed.least <= value <= allowed.most


def test_thresholds_override_only_what_they_name(tmp_path):
    file = tmp_path / "stashbench.toml"
    file.write_text("[thresholds.wal-size]\nwarning = 5\n")
    thresholds = load_settings(file).thresholds
    default = Threshold(warning=1.0, critical=9.0, unit="MiB")
    assert thresholds.get("wal-size", default) == Threshold(warning=5.0, critical=9.0, unit="MiB", source="file")
    assert thresholds.get("other", default) is default


@given(
    st.text(min_size=1), st.sampled_from(["target.pid", "target.timeout_seconds", "audit.fail_on", "target.insecure"])
)
def test_any_text_is_either_a_value_or_a_configuration_error(text, key):
    outcome = None
    try:
        outcome = load_settings(overrides={key: text})
    except ConfigurationError as error:
        outcome = str(error)
    assert isinstance(outcome, Settings) or key in outcome
