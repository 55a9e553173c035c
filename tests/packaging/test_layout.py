"""What a checkout and an installation hold."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TOP_LEVEL = {
    *("pyproject.toml", "README.md", "stashbench", "suites", "baselines", "reports", "tests", "noxfile.py"),
    *("docs", "studies", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"),
}


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout, so what is tracked cannot be asked")
    return done.stdout.splitlines()


def test_the_top_level_is_what_the_architecture_says():
    names = {name.split("/")[0] for name in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_every_dependency_has_its_reason_beside_it():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    begin = lines.index("dependencies = [") + 1
    listed = lines[begin : lines.index("]", begin)]
    assert listed
    assert [line for line in listed if " # " not in line] == []


def test_every_dependency_is_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    source = "\n".join(path.read_text() for path in (ROOT / "stashbench").rglob("*.py"))
    modules = {
        "pytest-benchmark": "benchmark",
        "graphql-core": "graphql",
        "sqlite-utils": "sqlite_utils",
        "strawberry-graphql": "strawberry",
    }
    for requirement in project["dependencies"]:
        name = requirement.split(">")[0].split("[")[0]
        assert modules.get(name, name).replace("-", "_") in source, f"{name} is required but not used"


def test_nothing_of_a_run_is_tracked_but_one_sample():
    kept = {"reports/README.md", "reports/sample/report.html", "reports/sample/summary.md"}
    assert {name for name in tracked() if name.startswith("reports/")} == kept
    assert [name for name in tracked() if name.endswith((".sqlite", ".pyc"))] == []
