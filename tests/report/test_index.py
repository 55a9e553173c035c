from __future__ import annotations

import msgspec

from stashbench.model.target import TargetKind
from stashbench.report.index import render_index


def replace(value, /, **changes):
    return msgspec.structs.replace(value, **changes)


def test_runs_are_listed_newest_first_with_links_to_their_reports(samples):
    old = replace(samples.build_healthy(), run_id="old", started_at="2026-01-01T00:00:00Z")
    new = replace(samples.build_partial(), run_id="new", started_at="2026-02-01T00:00:00Z")
    html = render_index([old, new])
    assert html.index('href="new/report.html"') < html.index('href="old/report.html"')
    assert "2\N{NO-BREAK SPACE}runs" in html
    assert old.verdict in html
    assert ">96<" in html
    assert "Not scored" in html
    assert "partial" in html


def test_servers_have_sections_of_their_own_and_embedded_runs_belong_together(samples):
    result = samples.build_healthy()
    other_port = replace(result, target=replace(result.target, url="http://127.0.0.1:1"), run_id="b")
    attached = replace(
        result, target=replace(result.target, kind=TargetKind.ATTACHED, url="http://nas:9999"), run_id="c"
    )
    html = render_index([result, other_port, attached])
    assert html.count("<section") == 2
    assert "http://nas:9999" in html


def test_runs_of_a_program_we_started_belong_together_by_release(samples):
    result = samples.build_healthy()
    started = replace(result.target, kind=TargetKind.MANAGED, url="http://127.0.0.1:1", server_version="v0.22.1")
    runs = [
        replace(result, target=started),
        replace(result, target=replace(started, url="http://127.0.0.1:2"), run_id="b"),
        replace(result, target=replace(started, server_version="v0.30.1"), run_id="c"),
    ]
    html = render_index(runs)
    assert html.count("<section") == 2
    assert "Stash v0.22.1" in html
    assert "http://127.0.0.1" not in html


def test_a_hostile_run_id_stays_inside_its_link(samples):
    for run_id in ("javascript:alert(1)", '"><script>alert(1)</script>', "../../etc/passwd", "//evil.example"):
        html = render_index([replace(samples.build_healthy(), run_id=run_id)])
        href = html.split('<div class="said"><a href="')[1].split('"')[0]
        assert href.endswith("/report.html")
        assert href.count("/") == 1
        assert ":" not in href
        assert "<script" not in html


def test_no_runs_give_a_page_that_says_what_to_do():
    html = render_index([])
    assert "stashbench audit" in html
    assert html.startswith("<!DOCTYPE html>")


def test_equal_runs_in_any_order_give_equal_bytes(samples):
    runs = [replace(samples.build_healthy(), run_id=name) for name in ("a", "b", "c")]
    assert render_index(runs) == render_index(runs[::-1])
