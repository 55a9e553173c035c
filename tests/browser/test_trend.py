"""The trend page as a browser shows it: silent, in place, legible."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from pathlib import Path

import msgspec
import pytest

from stashbench.report.trend import render_trend

pytestmark = pytest.mark.browser

spec = importlib.util.spec_from_file_location("trend_series", Path(__file__).parents[1] / "analyse" / "trend_series.py")
trend_series = importlib.util.module_from_spec(spec)
sys.modules["trend_series"] = trend_series
spec.loader.exec_module(trend_series)

LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
OPEN_ALL = "document.querySelectorAll('details').forEach(item => { item.open = true })"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    rng = trend_series.noise(1)
    columns = {f"page-{n}": trend_series.series(rng, 40, steps=[(20, 1.3)] if n < 3 else ()) for n in range(5)}
    trend = trend_series.history(columns, unfit={4, 5})
    later = msgspec.structs.replace(trend.runs[0].circumstances, server_version="v0.30.1" * 20)
    runs = tuple(
        msgspec.structs.replace(run, circumstances=later) if place >= 20 else run
        for place, run in enumerate(trend.runs)
    )
    path = tmp_path_factory.mktemp("trend") / "trend.html"
    path.write_text(render_trend([msgspec.structs.replace(trend, runs=runs)], {"run-003"}), encoding="utf-8")
    return path.as_uri()


@contextlib.contextmanager
def opened(browser, url, *, width=1440, scheme="light"):
    """Open the page with everything unfolded and, at the end, insist that it said and asked for nothing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("request", lambda request: noise.append(f"request: {request.url}") if request.url != url else None)
    try:
        page.goto(url)
        page.evaluate(OPEN_ALL)
        yield page
        assert noise == []
    finally:
        context.close()


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_overlaps_and_nothing_sticks_out(browser, address, width):
    with opened(browser, address, width=width) as page:
        assert page.evaluate(f"{LAYOUT}.overlaps()") == []
        assert page.evaluate(f"{LAYOUT}.sticking_out()") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_asks_for(browser, address, scheme):
    with opened(browser, address, scheme=scheme) as page:
        assert page.evaluate(f"{LAYOUT}.hard_to_read(4.5)") == []


def test_each_benchmark_has_its_drawing_with_words_for_it(browser, address):
    with opened(browser, address) as page:
        drawings = page.locator(".lines svg[role=img][aria-label]")
        assert drawings.count() == 5
        box = drawings.first.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 40
