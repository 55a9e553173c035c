"""The report of a comparison as a browser shows it: silent, in place, legible."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from stashbench.report.side_by_side import render_html

pytestmark = pytest.mark.browser

LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true })"


@pytest.fixture(scope="module")
def pages(comparisons, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    made = {"sample": comparisons.build_comparison(), "nothing": comparisons.build_nothing()}
    for name, document in made.items():
        (folder / f"{name}.html").write_text(render_html(document), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@contextlib.contextmanager
def opened(browser, url, *, width=1440, scheme="light"):
    """Open a page and, at the end, insist that it said, asked for, and attempted nothing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("request", lambda request: noise.append(f"request: {request.url}") if request.url != url else None)
    try:
        page.goto(url)
        yield page
        assert noise == []
    finally:
        context.close()


@pytest.mark.parametrize("width", [390, 768, 1100, 1440])
@pytest.mark.parametrize("name", ["sample", "nothing"])
def test_nothing_overlaps_and_nothing_sticks_out(browser, pages, name, width):
    with opened(browser, pages[name], width=width) as page:
        for is_open in (False, True):
            if is_open:
                page.evaluate(OPEN_ALL)
            assert page.evaluate(f"{LAYOUT}.overlaps()") == []
            assert page.evaluate(f"{LAYOUT}.sticking_out()") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_asks_for(browser, pages, scheme):
    with opened(browser, pages["sample"], scheme=scheme) as page:
        page.evaluate(OPEN_ALL)
        assert page.evaluate(f"{LAYOUT}.hard_to_read(4.5)") == []


def test_the_verdict_is_on_the_first_screen_and_hostile_text_is_text(browser, pages):
    with opened(browser, pages["sample"]) as page:
        box = page.get_by_role("heading", level=1).bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] <= 900
        page.evaluate(OPEN_ALL)
        assert page.locator("img, script, iframe, object").count() == 0
        assert page.locator("svg.forest").count() == 6
