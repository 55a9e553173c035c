"""Options of the command as pytest takes them."""

from __future__ import annotations

from pathlib import Path

from stashbench.cli.audit import pytest_words
from stashbench.model.secret import Secret


def test_what_was_not_given_is_left_to_settings_and_defaults():
    assert pytest_words({"stash_url": None, "allow_writes": None, "faults": (), "stash_insecure": False}) == []


def test_every_kind_of_value():
    words = pytest_words(
        {
            "stash_url": "http://127.0.0.1:9999",
            "stash_api_key": Secret("hidden"),
            "faults": ("drop-index=a", "cpu-burner"),
            "allow_writes": True,
            "stash_timeout": 2.5,
            "out": Path("somewhere"),
            "baseline": "auto",
            "fail_on": "critical",
        }
    )
    assert words == [
        "--stash-url=http://127.0.0.1:9999",
        "--stash-api-key=hidden",
        "--stash-fault=drop-index=a",
        "--stash-fault=cpu-burner",
        "--allow-writes",
        "--stash-timeout=2.5",
        "--stash-report-dir=somewhere",
        "--stash-baseline=auto",
        "--fail-on=critical",
    ]
