from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.config import load_settings
from stashbench.config.effects import EffectSettings, read_effects, suite_of
from stashbench.errors import ConfigurationError

FILE = """
[effects]
default = 5
"suite:writes" = 20
"group:scenes" = 10
"benchmark:scene-page" = 3
"""


def load(tmp_path, text):
    file = tmp_path / "stashbench.toml"
    file.write_text(text)
    return load_settings(file).effects


@pytest.mark.parametrize(
    ("names", "ratio"),
    [
        (("scene-page", "scenes", "writes"), 1.03),
        (("other", "scenes", "writes"), 1.10),
        (("other", "tags", "writes"), 1.20),
        (("other", "tags", "benchmarks"), 1.05),
    ],
)
def test_the_most_specific_entry_holds(tmp_path, names, ratio):
    assert load(tmp_path, FILE).ratio(*names, default=1.02) == pytest.approx(ratio)


def test_without_entries_the_default_is_that_of_whoever_asks():
    settings = load_settings().effects
    assert settings.ratio("scene-page", "scenes", "benchmarks", default=1.02) == 1.02
    assert settings.default_ratio(1.05) == 1.05


def test_a_project_file_holds_them_too(tmp_path):
    file = tmp_path / "pyproject.toml"
    file.write_text('[tool.stashbench.effects]\n"group:tags" = 7.5\n')
    assert load_settings(file).effects.groups == {"tags": 7.5}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[effects]\ndefualt = 5\n", r"\[effects\] knows no 'defualt'; did you mean 'default'\?"),
        ("[effects]\n'grup:scenes' = 5\n", r"knows no 'grup:scenes'; did you mean 'group:NAME'\?"),
        ("[effects]\n'scenes' = 5\n", "it takes default, benchmark:NAME, group:NAME and suite:NAME"),
        ("[effects]\n'group:' = 5\n", "knows no 'group:'"),
        ("[effects]\ndefault = 0\n", "effects.default = 0 makes no sense; give 0.1 to 1,000 percent"),
        ("[effects]\ndefault = 'little'\n", "effects.default = 'little' is not a number"),
        ("[effects]\n'group:x' = true\n", "effects.group:x = True is not a number"),
        ("[effects.group]\nscenes = 5\n", "knows no 'group'; it takes default, benchmark:NAME"),
        ("effects = 5\n", r"`effects` must be a section: write \[effects\]"),
    ],
)
def test_what_makes_no_sense_is_one_clear_sentence(tmp_path, text, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        load(tmp_path, text)


def test_names_that_fit_nothing_are_told_with_the_nearest():
    effects = EffectSettings(benchmarks={"scene-pag": 3.0, "tags": 4.0}, groups={"zzz": 5.0}, suites={"writes": 20.0})
    told = effects.unknown_names({"scene-page", "tags"}, {"scenes", "tags"}, {"writes"})
    assert len(told) == 2
    assert told[0].startswith("[effects] has a setting for the benchmark 'scene-pag', and there is no such benchmark;")
    assert told[0].endswith("; did you mean 'scene-page'?")
    assert told[1].endswith("for the group 'zzz', and there is no such group; there are scenes, tags")


def test_a_suite_is_the_folder_of_the_file():
    assert suite_of("suites/benchmarks/bench_tags.py::bench_tags[a/b]") == "benchmarks"
    assert suite_of("bench_tags.py::bench_tags") == ""


@given(st.dictionaries(st.text(max_size=12), st.one_of(st.floats(), st.integers(), st.text(max_size=4), st.none())))
def test_any_section_is_either_read_or_a_configuration_error(content):
    try:
        effects = read_effects(content, None)
    except ConfigurationError:
        return
    entries = {**effects.benchmarks, **effects.groups, **effects.suites}
    assert len(entries) <= len(content)
    assert all(0.1 <= percent <= 1000 for percent in entries.values())
