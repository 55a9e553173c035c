"""docs/targets.md names only options, variables and words that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from stashbench.cli.audit import command as audit
from stashbench.cli.doctor import command as doctor
from stashbench.collect.processes.forwarder import Role, role_of
from stashbench.config.load import ENVIRONMENT
from stashbench.harness.restarts import RETURN_SECONDS

PAGE = (Path(__file__).parents[2] / "docs" / "targets.md").read_text(encoding="utf-8")
COMMANDS = {"audit": audit, "doctor": doctor}
BLOCKS = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
# What a shell puts in for $(...) has options of other programs; our own program's place is found by one.
PLAIN = re.sub(r"\$\([^)]*\)", "X", BLOCKS.replace('"$(command -v stashbench)"', "stashbench").replace("\\\n", " "))
CALLS = [
    (name, tuple(sorted(set(re.findall(r"(?<!\S)--[a-z][a-z-]*", words)))))
    for name, words in re.findall(r"stashbench (audit|doctor)(.*)", PLAIN)
]


def options_of(command):
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def test_there_are_commands_to_paste_for_each_situation():
    assert len(CALLS) == BLOCKS.count(" audit ") + BLOCKS.count(" doctor ") >= 14
    headings = re.findall(r"^##+ (.*)$", PAGE, re.MULTILINE)
    for words in ("container", "NAS", "Windows", "systemd", "reverse proxy", "start", "restarted"):
        assert any(words in heading for heading in headings), words


@pytest.mark.parametrize(("name", "options"), CALLS)
def test_commands_to_paste_have_options_that_exist(name, options):
    assert options, f"a call of {name} without options"
    assert set(options) <= options_of(COMMANDS[name])


def test_options_and_variables_in_the_text_exist():
    named = set(re.findall(r"`(--[a-z][a-z-]*)", PAGE))
    assert named <= options_of(audit)
    variables = set(re.findall(r"\b(STASH(?:BENCH)?_[A-Z_]+)\b", PAGE))
    assert variables
    assert variables <= set(ENVIRONMENT.values()) | set(ENVIRONMENT)


def test_what_is_told_of_forwarders_and_restarts_is_so():
    for name in ("docker-proxy", "rootlessport", "pasta", "conmon"):
        assert f"`{name}`" in PAGE
        assert role_of(name) is Role.CONTAINER
    assert f"within {RETURN_SECONDS:g} seconds" in PAGE
