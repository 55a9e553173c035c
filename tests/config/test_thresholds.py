from __future__ import annotations

import pytest

from stashbench.config.thresholds import validate_threshold
from stashbench.model.finding import Threshold

DEFAULT = Threshold(warning=80.0, critical=95.0, unit="%")


def test_sensible_limits_get_no_advice():
    assert validate_threshold("cpu", DEFAULT, DEFAULT) == ()


@pytest.mark.parametrize(
    ("warning", "critical", "words"),
    [
        (95.0, 80.0, "met before the warning"),
        (80.0, 180.0, "not a percentage"),
        (0.1, 95.0, "hundred times off"),
    ],
)
def test_senseless_limits_get_a_warning_and_a_suggestion(warning, critical, words):
    advice = validate_threshold("cpu", Threshold(warning=warning, critical=critical, unit="%"), DEFAULT)
    assert any(words in item.warning for item in advice)
    assert all(item.suggestion for item in advice)


def test_lower_limits_are_reversed():
    lower = Threshold(warning=10.0, critical=20.0, unit="GiB", is_upper=False)
    assert "met before" in validate_threshold("free", lower, lower)[0].warning
