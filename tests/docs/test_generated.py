"""What docs/generate.py writes is current."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "link", ["docs/checks.md", "docs/rules.md", "docs/scoring.md", "docs/embedded.md", "docs/configuration.md"]
)
def test_the_pages_the_readme_links_to_exist(link):
    assert link in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / link).is_file()


def test_generated_pages_are_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
