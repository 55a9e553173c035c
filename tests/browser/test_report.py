"""The report as a browser shows it: silent, still, legible, and in place at the width of a phone and of a desk."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from stashbench.report.html import render_html
from stashbench.report.index import render_index

pytestmark = pytest.mark.browser

LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true })"
WIDTHS = (390, 768, 1100, 1440)
SCHEMES = ("light", "dark")
NAMES = ("sample", "partial", "healthy", "empty", "index")


@pytest.fixture(scope="session")
def pages(samples, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    results = {name: getattr(samples, f"build_{name}")() for name in NAMES if name != "index"}
    texts = {name: render_html(result) for name, result in results.items()}
    texts["index"] = render_index(list(results.values()))
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in texts}


@contextlib.contextmanager
def opened(browser, url, *, width=1440, scheme="light", javascript=True):
    """Open a page and, at the end, insist that it said, asked for, and attempted nothing."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=javascript
    )
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (noise.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: noise.append(f"request: {request.url}") if request.url != url else None)
    try:
        page.goto(url)
        yield page
        assert noise == []
    finally:
        context.close()


@pytest.mark.parametrize(
    ("name", "width"), [("sample", width) for width in WIDTHS] + [(name, 390) for name in NAMES[1:]] + [("index", 1440)]
)
def test_nothing_overlaps_and_nothing_sticks_out(browser, pages, name, width):
    with opened(browser, pages[name], width=width) as page:
        for is_open in (False, True):
            if is_open:
                page.evaluate(OPEN_ALL)
            assert page.evaluate(f"{LAYOUT}.overlaps()") == []
            assert page.evaluate(f"{LAYOUT}.sticking_out()") == []
            assert page.evaluate(f"{LAYOUT}.count()") > 10


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["sample", "partial", "index"])
def test_all_text_has_the_contrast_that_wcag_asks_for(browser, pages, name, scheme):
    with opened(browser, pages[name], scheme=scheme) as page:
        page.evaluate(OPEN_ALL)
        assert page.evaluate(f"{LAYOUT}.hard_to_read(4.5)") == []


def test_the_looking_itself_sees_what_is_wrong(browser, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        "<!DOCTYPE html><body style='margin:0'><p style='margin:0;height:20px'>one text</p>"
        "<p style='margin:-18px 0 0;color:#999;background:#fff'>another text</p>"
        "<p style='width:3000px;text-align:right'>far out</p>"
    )
    with opened(browser, path.as_uri(), width=390) as page:
        assert '"one text" and "another text"' in page.evaluate(f"{LAYOUT}.overlaps()")
        assert "far out" in page.evaluate(f"{LAYOUT}.sticking_out()")
        assert page.evaluate(f"{LAYOUT}.hard_to_read(4.5)") == ["P 2.85: another text"]


def test_dark_is_dark_and_light_is_light(browser, pages):
    grounds = {}
    for scheme in SCHEMES:
        with opened(browser, pages["sample"], scheme=scheme) as page:
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            grounds[scheme] = sum(int(part) for part in colour.strip("rgb()").split(",")) / 3
    assert grounds["dark"] < 50
    assert grounds["light"] > 200


def test_hostile_text_is_shown_as_text(browser, pages, samples):
    with opened(browser, pages["sample"]) as page:
        page.evaluate(OPEN_ALL)
        assert page.locator("img, script, iframe, object").count() == 0
        assert page.get_by_text(f"Page the request behind {samples.HOSTILE}").first.is_visible()
        assert page.get_by_text(f"A check that broke {samples.HOSTILE}").is_visible()


def test_the_first_screen_holds_verdict_score_and_what_to_do(browser, pages, result):
    with opened(browser, pages["sample"], width=1440) as page:
        bottoms = [page.get_by_role("heading", level=1), page.locator(".hero .score"), page.locator(".cards")]
        for place in bottoms:
            box = place.bounding_box()
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 900
        assert page.get_by_role("heading", level=1).inner_text() == result.verdict
    with opened(browser, pages["sample"], width=390) as page:
        box = page.locator(".hero").bounding_box()
        assert box["y"] + box["height"] <= 844


def test_everything_can_be_read_without_javascript(browser, pages):
    texts = []
    for javascript in (True, False):
        with opened(browser, pages["sample"], javascript=javascript) as page:
            texts.append(page.locator("body").inner_text())
    assert texts[0] == texts[1]
    assert len(texts[0]) > 5_000


def test_paper_shows_what_is_folded_on_the_screen(browser, pages):
    folded = "[...document.querySelectorAll('details:not([open])')]"
    shown = f"{folded}.filter(item => item.lastElementChild.checkVisibility()).length"
    with opened(browser, pages["sample"]) as page:
        count = page.evaluate(f"{folded}.length")
        assert count > 5
        assert page.evaluate(shown) == 0
        page.emulate_media(media="print")
        assert page.evaluate(shown) == count
        assert page.evaluate(f"{LAYOUT}.overlaps()") == []
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_keyboard_reaches_links_and_folds_and_shows_where_it_is(browser, pages):
    with opened(browser, pages["sample"]) as page:
        seen = set()
        for _ in range(24):
            page.keyboard.press("Tab")
            tag, outline = page.evaluate(
                "[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
            )
            assert outline != "none"
            seen.add(tag)
        assert {"A", "SUMMARY"} <= seen
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details").first.evaluate("item => item.open")


def test_a_link_from_the_first_screen_leads_to_the_details(browser, pages, result):
    playwright = pytest.importorskip("playwright.sync_api")
    with opened(browser, pages["sample"]) as page:
        page.locator(".card a").nth(1).click()
        title = page.locator("article.advice h3").nth(1)
        playwright.expect(title).to_be_in_viewport()
        assert result.recommendations[1].title in title.inner_text()
        assert page.evaluate("location.hash") == "#r-raise-page-cache"
