from __future__ import annotations

from datetime import date
from pathlib import Path

from stashbench.config.effects import EffectSettings
from stashbench.harness.setting_names import remarks_on_names
from stashbench.model.acceptance import AcceptedChange

FILES = [Path(__file__).parents[2] / "suites" / "benchmarks" / "bench_tags.py"]


def rule(name):
    return AcceptedChange(benchmark=name, reason="r", until=date(2027, 1, 1))


def test_names_of_suites_beside_are_known_although_they_do_not_run():
    effects = EffectSettings(benchmarks={"tags": 3.0}, groups={"saving": 9.0, "tags": 9.0}, suites={"writes": 20.0})
    assert remarks_on_names(effects, (rule("tag*"), rule("suite")), ["tags"], FILES) == ()


def test_names_that_fit_nothing_are_told():
    effects = EffectSettings(benchmarks={"tgas": 3.0}, groups={"sceens": 9.0}, suites={"wrties": 20.0})
    told = remarks_on_names(effects, (rule("no-such-page"),), ["tags"], FILES)
    assert [text.rpartition("; ")[2] for text in told[:3]] == [
        "did you mean 'tags'?",
        "did you mean 'scenes'?",
        "did you mean 'writes'?",
    ]
    assert "'no-such-page'" in told[3]


def test_without_settings_no_file_is_read():
    assert remarks_on_names(EffectSettings(default_percent=5.0), (), [], [Path("/nowhere/x.py")]) == ()
