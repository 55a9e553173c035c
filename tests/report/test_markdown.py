from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stashbench.report.inert import inert
from stashbench.report.markdown import LONGEST_BYTES, render_markdown
from stashbench.report.visible import visible

GOLDEN = Path(__file__).parent.parent / "golden" / "summary.md"
PARSER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](http://evil/x.png)",
    "| a | b |\n| - | - |",
    "# heading\n\n---\n- list\n1. one",
    "`code` **bold** _it_ ~~gone~~ $x$ &lt;",
    "- item",
    "1) one",
    "===",
    "@everyone http://evil.example www.evil.example",
)


@pytest.mark.parametrize("builder", ["build_sample", "build_partial", "build_healthy", "build_empty", "build_long"])
def test_every_kind_of_result_gives_markdown_without_html(samples, builder):
    text = render_markdown(getattr(samples, builder)())
    tokens = PARSER.parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "fence", "code_block"}
    assert text.startswith("# ")


def test_the_summary_is_as_it_was(result):
    text = render_markdown(result)
    if os.environ.get("STASHBENCH_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "see the difference, then run with STASHBENCH_UPDATE_GOLDEN=1"


def test_tables_keep_their_columns_whatever_the_cells_hold(samples):
    for text in HOSTILE:
        rendered = render_markdown(samples.poison(samples.build_sample(), text))
        rows = [token for token in PARSER.parse(rendered) if token.type == "tr_open"]
        cells = [token for token in PARSER.parse(rendered) if token.type in {"td_open", "th_open"}]
        result = samples.build_sample()
        assert len(rows) >= len(result.measurements)
        assert len(cells) >= len(rows) * 4


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["- {}", "> - {}", "{}", "| h |\n| - |\n| {} |"])
def test_hostile_text_renders_as_itself(text, frame):
    tokens = PARSER.parse(frame.format(inert(text)))
    inline = [token for token in tokens if token.type == "inline"][-1]
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == " ".join(text.split())


@given(st.text(max_size=80))
def test_any_text_renders_as_itself(text):
    tokens = PARSER.parse(f"x{inert(text)}x")
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) == 1
    assert "".join(child.content for child in inline[0].children) == f"x{' '.join(visible(text).split())}x"


def test_addresses_do_not_become_links():
    assert "http\\://" in inert("http://evil.example")
    assert "www\\." in inert("WWW.evil.example").lower()


def test_a_summary_never_exceeds_what_a_job_page_takes(samples):
    huge = samples.poison(samples.build_long(), "ä" * 5_000)
    assert len(render_markdown(huge).encode()) <= LONGEST_BYTES + 100


def test_it_says_verdict_score_advice_and_regressions(result):
    text = render_markdown(result)
    assert text.index(result.verdict) < text.index("Score 68 of 100") < text.index(result.recommendations[0].title)
    assert "▲ Slower | Tag with all sub-tags | 752" in text
    assert "3 slower, 2 faster" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_partial_result_says_so(samples):
    text = render_markdown(samples.build_partial())
    assert "This report is partial" in text
    assert "**Not scored.** Only 4 of 31 benchmarks" in text
