from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from stashbench.model.baseline import Verdict
from stashbench.report.charts.forest import draw_row, draw_times, forest_scale
from stashbench.report.side_by_side import render_html
from stashbench.report.side_by_side_markdown import render_markdown
from stashbench.report.side_by_side_words import (
    change_in_words,
    chip_of,
    cores_in_words,
    ratio_in_words,
    visible_change_in_words,
    witnesses_in_words,
)
from stashbench.report.view.side_by_side import COLUMNS, view_comparison

GOLDEN = Path(__file__).parent.parent / "golden"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def parsed(document):
    found = Tags()
    found.feed(render_html(document))
    return found


@pytest.mark.parametrize(("name", "render"), [("compare.html", render_html), ("compare.md", render_markdown)])
def test_the_report_is_as_it_was(comparisons, name, render):
    text = render(comparisons.build_comparison())
    path = GOLDEN / name
    if os.environ.get("STASHBENCH_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_hostile_text_arrives_as_text_and_nothing_is_asked_of_the_network(comparisons):
    found = parsed(comparisons.build_comparison())
    names = {tag for tag, _ in found.tags}
    assert not names & {"img", "script", "iframe", "object", "form"}
    assert all(not value.startswith(("http", "//")) for _, attrs in found.tags for value in attrs.values() if value)
    assert "<img src=x onerror=alert(1)>" in "".join(found.text)


def test_every_page_is_there_with_its_verdict_and_all_its_numbers(comparisons):
    document = comparisons.build_comparison()
    view = view_comparison(document)
    shown = (*view.pages, *view.unchanged, *view.apart)
    assert sorted(item.title for item in shown) == sorted(item.title for item in document.benchmarks)
    assert [item.chip.word for item in shown][:4] == ["Slower", "Slower", "Faster", "Inconclusive"]
    assert {item.chip.word for item in view.apart} == {"Only A offers it", "Only B offers it", "Not comparable"}
    assert all(len(item.numbers) == len(COLUMNS) for item in shown)
    assert view.pages[0].title.startswith("A page called")  # the slowest first


def test_markdown_holds_no_html_and_no_links(comparisons):
    text = render_markdown(comparisons.build_comparison())
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open"}
    assert "table_open" in kinds
    assert "2 of 9 pages are unchanged" in text
    assert "This comparison is partial" in text


def test_a_comparison_without_numbers_is_shown_too(comparisons):
    document = comparisons.build_nothing()
    assert "No page was measured on both sides" in render_html(document)
    assert "Too little was measured" in render_markdown(document)


def test_words_say_direction_and_size(comparisons):
    words = {
        ratio: change_in_words(comparisons.page(1, Verdict.UNCHANGED, ratio)) for ratio in (0.25, 0.88, 1.0, 1.084, 2.5)
    }
    assert words[0.25] == "4.0 times as fast"
    assert words[0.88] == "12\N{NO-BREAK SPACE}% faster"
    assert words[1.0] == "same"
    assert words[1.084] == "8.4\N{NO-BREAK SPACE}% slower"
    assert words[2.5] == "2.5 times as long"
    assert ratio_in_words(comparisons.page(1, Verdict.UNCHANGED, 1.1)) == "1.100 [1.067, 1.133]"


def test_in_short_a_verdict_is_said_by_what_shows_it(comparisons):
    document = comparisons.build_comparison()
    said = [witnesses_in_words(item) for item in document.benchmarks]
    assert said[1] == "3.1 times as long, processor time \N{MULTIPLICATION SIGN}3.1"
    assert said[3] == said[4] == ""
    assert said[6] == "only A answers: gone"
    alone = comparisons.page(
        1, Verdict.REGRESSED, 1.01, time_verdict=Verdict.INCONCLUSIVE, cpu_verdict=None, work_verdict=Verdict.REGRESSED
    )
    assert witnesses_in_words(alone) == "statements 12 → 12"


def test_only_what_the_clock_saw_is_called_slower_or_faster(comparisons):
    costs = comparisons.page(
        1,
        Verdict.IMPROVED,
        1.04,
        time_verdict=Verdict.UNCHANGED,
        cpu_verdict=Verdict.UNCHANGED,
        work_verdict=Verdict.IMPROVED,
    )
    document = replace(
        comparisons.build_comparison(), benchmarks=(comparisons.page(2, Verdict.IMPROVED, 0.5), costs), verdict=""
    )
    assert view_comparison(document).counts == ((1, chip_of(document.benchmarks[0])), (1, chip_of(costs)))
    words = (chip_of(costs).word, render_markdown(document), view_comparison(document).pages[0].change)
    assert words[0] == "Costs less"
    assert "slower" not in words[1]
    assert words[2] == "statements 12 → 12"


def test_measuring_is_not_said_to_have_taken_what_opening_and_logs_took(comparisons):
    document = comparisons.build_comparison()
    assert visible_change_in_words(document).startswith("Measured for 54.0\N{NO-BREAK SPACE}s ")
    took = dict(view_comparison(document).run)["Took"].replace("\N{NO-BREAK SPACE}", " ")
    assert took == "2 min 14 s; measuring took 54.0 s, for which 2 min 00 s were given"


def test_the_forest_is_symmetrical_and_ends_where_nobody_could_read_it(comparisons):
    faster, slower = (comparisons.page(1, Verdict.IMPROVED, ratio) for ratio in (0.5, 2.0))
    scale = forest_scale([faster, slower])
    assert scale.percent(1.0) == 50.0
    assert scale.percent(0.5) == pytest.approx(100 - scale.percent(2.0))
    far = comparisons.page(1, Verdict.REGRESSED, 400.0)
    row = draw_row(far, forest_scale([far]))
    assert row.beyond == "right"
    assert row.point == "M1000.0 50h0"
    assert draw_row(comparisons.page(1, Verdict.GONE, None), scale) is None


def test_times_of_both_share_a_scale():
    drawn = draw_times([0.01] * 10 + [0.5], [0.02] * 10)
    assert drawn.medians.count("M") == 2
    (left_a, top_a, _), (left_b, top_b, _) = drawn.boxes
    assert left_a < left_b
    assert top_a < top_b
    assert draw_times([], [0.1]) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "both servers ran on the same core, another one in each round (0, 1 in turn)"),
        (
            {"shared_cores": (0, 1, 2, 3), "cores_per_round": 2},
            "both servers ran on the same 2 cores, others in each round (0, 1, 2, 3 in turn)",
        ),
        ({"shared_cores": (1,)}, "both servers ran on the same core (1)"),
        (
            {"shared_cores": (), "cores_reason": "B is not started by us"},
            "each server ran wherever the system put it: B is not started by us",
        ),
        ({"shared_cores": ()}, ""),
    ],
)
def test_it_is_said_on_which_cores_both_ran(comparisons, changes, said):
    document = replace(comparisons.build_comparison(), **changes)
    assert cores_in_words(document) == said
    assert dict(view_comparison(document).run).get("Cores", "") == said
    markdown = render_markdown(document)
    assert not said or f"{said[1:]}." in markdown
    assert "five.Both" not in markdown


def test_threshold_and_smallest_visible_change_are_drawn_and_said(comparisons):
    document = comparisons.build_comparison()
    shown = view_comparison(document).pages[1]
    assert shown.row.limits.count("M") == 2
    assert shown.row.visible
    said = shown.seen.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Counts beyond +5.0 % or \N{MINUS SIGN}4.8 %; a slowdown of 7.0 % would have been found")
    far = comparisons.page(1, Verdict.INCONCLUSIVE, 1.1, threshold_ratio=7.0, smallest_visible=9.0)
    row = draw_row(far, forest_scale([far]))
    assert (row.limits, row.visible) == ("", "")
    assert shown.time_rows[2][0] == "Median"
    assert len(shown.time_rows[0]) == 3
