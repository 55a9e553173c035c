"""The files a run leaves, and what happens when one of them cannot be written."""

from __future__ import annotations

import pytest

from stashbench.audit import publish, write_run
from stashbench.errors import StoreError
from stashbench.store.results import read_result

FILES = {"result.json", "report.html", "summary.md", "junit.xml"}


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_run_leaves_its_files_index_history_and_latest(make_result, tmp_path):
    result = make_result()
    assert write_run(result, tmp_path, {}) == ()
    assert names(tmp_path / result.run_id) == FILES
    assert names(tmp_path / "latest") == FILES
    assert {"index.html", "history.sqlite"} <= names(tmp_path)
    assert read_result(tmp_path / "latest") == result
    assert result.run_id in (tmp_path / "index.html").read_text()


def test_latest_follows_the_newest_run_and_keeps_what_pytest_benchmark_wrote(make_result, tmp_path):
    write_run(make_result(run_id="20260101T000000Z-aaaa"), tmp_path, {})
    newer = tmp_path / "20260102T000000Z-bbbb"
    newer.mkdir()
    (newer / "benchmark.json").write_text("{}")
    (newer / "journal.jsonl").write_text("{}")
    assert write_run(make_result(run_id=newer.name), tmp_path, {}) == ()
    assert names(tmp_path / "latest") == FILES | {"benchmark.json"}
    assert read_result(tmp_path / "latest").run_id == newer.name
    assert not [name for name in names(tmp_path) if name.startswith(".latest")]
    index = (tmp_path / "index.html").read_text()
    assert index.index("20260102T000000Z-bbbb") < index.index("20260101T000000Z-aaaa")


def test_the_summary_goes_to_the_job_page_where_there_is_one(make_result, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n")
    write_run(make_result(), tmp_path / "reports", {"GITHUB_STEP_SUMMARY": str(page)})
    assert page.read_text().startswith("before\n")
    assert (tmp_path / "reports" / "latest" / "summary.md").read_text().strip() in page.read_text()


def test_one_file_that_cannot_be_made_is_said_and_the_others_are_there(make_result, tmp_path, monkeypatch):
    def broken(*_arguments):
        return {}["template"]

    monkeypatch.setattr(publish, "_write_html", broken)
    assert write_run(make_result(), tmp_path, {}) == ("report.html was not written: KeyError: 'template'",)
    assert names(tmp_path / "latest") == FILES - {"report.html"}


def test_without_the_result_there_is_nothing(make_result, tmp_path):
    (tmp_path / "reports").write_text("a file in the way")
    with pytest.raises(StoreError, match="Cannot write result"):
        write_run(make_result(), tmp_path / "reports", {})


def test_an_unreadable_run_is_left_out_of_the_index(make_result, tmp_path):
    (tmp_path / "20250101T000000Z-dead").mkdir()
    (tmp_path / "20250101T000000Z-dead" / "result.json").write_text("{")
    assert write_run(make_result(), tmp_path, {}) == ()
    assert "dead" not in (tmp_path / "index.html").read_text()


def test_the_trend_page_follows_the_history_and_the_index_points_to_it(make_result, tmp_path):
    for day in range(1, 4):
        assert write_run(make_result(run_id=f"2026010{day}T000000Z-aaaa"), tmp_path, {}) == ()
    page = (tmp_path / "trend.html").read_text()
    assert all(f'href="2026010{day}T000000Z-aaaa/report.html"' in page for day in range(1, 4))
    assert 'href="latest/report.html"' not in page
    assert 'href="trend.html"' in (tmp_path / "index.html").read_text()


def test_a_history_that_cannot_be_read_costs_the_trends_and_nothing_else(make_result, tmp_path):
    (tmp_path / "history.sqlite").write_bytes(b"no database at all" * 100)
    problems = write_run(make_result(), tmp_path, {})
    assert [problem.partition(" ")[0] for problem in problems] == ["history.sqlite", "trend.html"]
    assert "trend.html" not in (tmp_path / "index.html").read_text()
    assert names(tmp_path / "latest") == FILES
