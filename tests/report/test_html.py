from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.model.result import AuditResult
from stashbench.report.html import render_html

GOLDEN = Path(__file__).parent.parent / "golden" / "report.html"
VOID = {"wbr", "meta", "link", "br", "path", "rect", "input", "img"}
ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "body",
        "a",
        "div",
        "main",
        "header",
        "section",
        "nav",
        *("footer", "wbr"),
    ),
    *("p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "span", "strong", "time", "code", "article"),
    *("details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "path", "rect", "desc"),
}
BUILDERS = ("build_sample", "build_partial", "build_healthy", "build_empty", "build_long")


class Page(HTMLParser):
    """What a browser would find: tags, attributes, and the text of all elements, unescaped."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.problems: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if attributes.get(name) is not None]


def assert_is_harmless(page: Page) -> None:
    assert page.problems == []
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= ALLOWED
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], attributes
        assert "src" not in attributes
        href = attributes.get("href")
        if href is not None:
            assert href == "data:," if tag == "link" else re.match(r"#[a-z0-9-]+$|https?://", href), href


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_kind_of_result_gives_a_sound_page(samples, builder):
    page = Page(render_html(getattr(samples, builder)()))
    assert_is_harmless(page)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.all("href") if href.startswith("#")} <= set(ids)
    labelled = {name for names in page.all("aria-labelledby") for name in names.split()}
    assert labelled <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_equal_results_give_equal_bytes_in_any_process(result, tmp_path):
    here = render_html(result).encode()
    again = msgspec.json.decode(msgspec.json.encode(result), type=AuditResult)
    assert render_html(again).encode() == here
    path = tmp_path / "result.json"
    path.write_bytes(msgspec.json.encode(result))
    program = (
        "import sys, msgspec; from stashbench.model.result import AuditResult;"
        "from stashbench.report.html import render_html;"
        f"result = msgspec.json.decode(open({str(path)!r}, 'rb').read(), type=AuditResult);"
        "sys.stdout.buffer.write(render_html(result).encode())"
    )
    for seed in ("1", "2"):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environ)
        assert done.stdout == here


def test_the_report_is_as_it_was(result):
    html = render_html(result)
    if os.environ.get("STASHBENCH_UPDATE_GOLDEN"):
        GOLDEN.write_text(html, encoding="utf-8")
    assert html == GOLDEN.read_text(encoding="utf-8"), "see the difference, then run with STASHBENCH_UPDATE_GOLDEN=1"


def test_the_first_screen_says_verdict_score_and_what_to_do_first(samples, result):
    text = Page(render_html(result)).text
    begin = text[: text.index("What to do, in order")]
    assert result.verdict in begin
    assert "68 of 100 ! Fair" in begin
    assert "between 61 and 72" in begin
    assert result.target.url in begin
    for item in result.recommendations[:3]:
        assert item.title in begin
    assert "Saves 62 % of the time ✓ measured 5 min of work" in begin
    assert result.recommendations[3].title not in begin
    assert "partial" not in begin
    assert samples.HOSTILE in begin


def test_a_partial_result_says_so_and_has_no_number_for_a_score(samples):
    partial = samples.build_partial()
    text = Page(render_html(partial)).text
    assert "This report is partial" in text
    for reason in partial.partial_reasons:
        assert reason in text
    assert "Not scored" in text
    assert "Only 4 of 31 benchmarks ran before the audit was stopped" in text
    assert "of 100" not in text[: text.index("This report is partial")]
    assert "There is no baseline to compare with: no baseline matches this machine" in text
    assert "not everything was measured" in text


def test_what_was_not_measured_is_listed_with_its_reason(result):
    text = Page(render_html(result)).text
    missing = text[text.index("What could not be measured, and why") :]
    for reach in result.target.reaches:
        assert (reach.reason in missing) is (not reach.is_available)
    assert "The write-ahead log is short" in missing
    assert "this server does not offer the query findFolders" in missing


def test_every_finding_and_recommendation_is_in_the_page_in_full(result):
    text = Page(render_html(result)).text
    for finding in result.findings:
        assert finding.title in text
        assert finding.message in text
    for item in result.recommendations:
        parts = (item.title, item.rationale, *item.implementation.risks, *item.validation.success_criteria)
        for part in parts:
            assert part in text, part


def test_advice_without_a_known_gain_promises_nothing(result):
    text = Page(render_html(result)).text
    unknown = text[text.index(f"4 {result.recommendations[3].title}") :][:200]
    assert "The gain is not known" in unknown
    assert "%" not in unknown


def test_only_web_addresses_become_links(result):
    page = Page(render_html(result))
    assert "javascript:alert(3)" in page.text
    assert not [href for href in page.all("href") if "script" in href and not href.startswith("#")]


def test_control_characters_and_reordering_marks_are_shown(result):
    html = render_html(result)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", html)
    assert "[U+001B][31m[U+202E]gnp.exe[U+0000]" in html


def test_the_page_forbids_itself_everything_but_its_styles(result):
    page = Page(render_html(result))
    policies = [
        a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert ("html", {"lang": "en"}) in page.tags


def test_a_long_run_stays_within_its_size(samples):
    long = samples.build_long()
    html = render_html(long)
    assert len(long.measurements) >= 35
    assert len(html.encode()) <= 300_000
    for path in re.findall(r' d="([^"]*)"', html):
        assert len(re.findall(r"[MlhvV ,-]", path)) <= 4_000


def test_drawings_have_names(result):
    html = render_html(result)
    for svg in re.findall(r"<svg[^>]*>.{0,30}", html, flags=re.DOTALL):
        assert 'aria-hidden="true"' in svg or ('role="img"' in svg and "<title>" in svg), svg


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(min_size=1, max_size=60)
    | st.sampled_from(
        [
            "</style><script>alert(1)</script>",
            "\"' onload=alert(1) x='",
            "{{ 7 * 7 }}{% raw %}",
            "]]>",
            "`a`b`",
            "<!--",
            "\ud800",
        ]
    )
)
def test_any_text_anywhere_stays_text(samples, text):
    page = Page(render_html(samples.poison(samples.build_partial(), text)))
    assert_is_harmless(page)


def test_hostile_text_in_every_field_of_the_rich_result_stays_text(samples):
    text = "</title></svg></style></script><img src=x onerror=alert(1)>'\" onclick=alert(2) &amp; {{ 7*7 }}"
    page = Page(render_html(samples.poison(samples.build_sample(), text)))
    assert_is_harmless(page)
    assert text in page.text
    assert any(text in title for title in page.all("title"))
