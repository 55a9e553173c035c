"""docs/configuration.md tells each setting with the default, range, variable and option it has in the code."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from stashbench.cli.audit import command, pytest_words
from stashbench.config import load_settings
from stashbench.config.load import ENVIRONMENT, SECTIONS
from stashbench.config.ranges import RANGES
from stashbench.harness.settings import _OPTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
ROWS = {
    f"{section}.{cells[0].strip('`')}": cells[1:]
    for section, text in re.findall(r"^## \[(target|audit)\]\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    for line in text.splitlines()
    if line.startswith("| `") and len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6
}
KEYS = [f"{section}.{field.name}" for section, kind in SECTIONS.items() for field in dataclasses.fields(kind)]


def number(value):
    return f"{value:g}" if isinstance(value, float) else str(value)


def default_of(key):
    section, name = key.split(".")
    value = getattr(SECTIONS[section](), name)
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return number(value)


def option_of(key):
    """The option of the command line, and pytest's in brackets where that is another."""
    pytests = next(("--" + name.replace("_", "-") for name, setting in _OPTIONS.items() if setting == key), "")
    if default_of(key) == "true":  # what is on unless told otherwise has an option that switches it off
        pytests = pytests.replace("--stash-", "--stash-no-")
    ours = next(
        (
            option.opts[0]
            for option in command.params
            if isinstance(option, click.Option) and pytests and pytests in pytest_words({option.name: True})
        ),
        "",
    )
    return f"`{ours}`" + (f" (`{pytests}`)" if ours != pytests else "") if ours else ""


def test_every_setting_is_told_and_no_other():
    assert list(ROWS) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_is_told_as_it_is(key):
    default, limits, variable, option, meaning = ROWS[key]
    assert default.strip("`") == default_of(key)
    allowed = RANGES.get(key)
    assert limits == (f"{number(allowed.least)} to {number(allowed.most)}" if allowed else "")
    assert variable.strip("`") == next((name for name, setting in ENVIRONMENT.items() if setting == key), "")
    assert option == option_of(key)
    assert meaning


def test_the_example_is_one(tmp_path):
    path = tmp_path / "stashbench.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1])
    settings = load_settings(path)
    assert settings.audit.fail_on == "warning"
    assert set(settings.thresholds.overrides) == {"slow-pages", "free-disk-space"}
