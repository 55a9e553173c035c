"""docs/baselines.md names commands, options, numbers and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

from stashbench.cli.baseline import command
from stashbench.config.audit import AuditSettings
from stashbench.store import identity
from stashbench.store.session_file import _STATEMENT_CHARACTERS

PAGE = (Path(__file__).parents[2] / "docs" / "baselines.md").read_text(encoding="utf-8")


def test_each_command_is_told_with_its_options_and_no_other():
    rows = dict(re.findall(r"^\| `stashbench baseline (\w+)[^`]*` \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows.keys() == command.commands.keys()
    assert set(re.findall(r"`stashbench baseline (\w+)", PAGE)) <= command.commands.keys()
    for name, told in rows.items():
        options = {option for item in command.commands[name].params for option in item.opts if option[:2] == "--"}
        named = set(re.findall(r"--[a-z-]+", told))
        assert named <= options
        assert options - named <= {"--baseline-dir", "--to"}


def test_numbers_are_those_of_the_code():
    assert f"within {identity.LIBRARY_TOLERANCE:.0%}".replace("%", " %") in PAGE
    assert f"(or {identity.FEW_OBJECTS} objects)" in PAGE
    assert AuditSettings().rolling_sessions == 10
    assert "the last ten (`audit.rolling_sessions`)" in PAGE
    assert f"cut to {_STATEMENT_CHARACTERS} characters" in PAGE
