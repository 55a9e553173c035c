"""docs/embedded.md names each fault that can be planted, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from stashbench.embedded.faults import FAULTS

PAGE = Path(__file__).parents[2] / "docs" / "embedded.md"


def test_the_page_lists_the_faults_as_they_are_written():
    listed = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(meta.usage for meta in FAULTS.values())
