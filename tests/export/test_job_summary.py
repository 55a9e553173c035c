from __future__ import annotations

import pytest

from stashbench.errors import StoreError
from stashbench.export.job_summary import VARIABLE, append_job_summary


def test_a_summary_is_appended_where_the_runner_offers_a_page(tmp_path):
    page = tmp_path / "summary"
    page.write_text("before\n")
    assert append_job_summary("# ä", {VARIABLE: str(page)})
    assert page.read_text(encoding="utf-8") == "before\n# ä\n"


def test_without_a_runner_nothing_is_written():
    assert not append_job_summary("# x", {})
    assert not append_job_summary("# x", {VARIABLE: ""})


def test_a_page_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"):
        append_job_summary("# x", {VARIABLE: str(tmp_path / "none" / "page")})
