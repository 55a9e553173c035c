"""The trend page: what changed in words, a drawing and a table for each benchmark, and nothing hostile in it."""

from __future__ import annotations

import importlib.util
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from stashbench.model.target import TargetKind
from stashbench.model.trend import Circumstances
from stashbench.report.charts.history_line import across, draw_history
from stashbench.report.trend import render_trend

spec = importlib.util.spec_from_file_location("trend_series", Path(__file__).parents[1] / "analyse" / "trend_series.py")
trend_series = importlib.util.module_from_spec(spec)
sys.modules["trend_series"] = trend_series
spec.loader.exec_module(trend_series)

replace = msgspec.structs.replace
OLD = Circumstances(fingerprint="f", server_version="v0.29.3", library={"scene": 1000})
NEW = replace(OLD, server_version="v0.30.1", library={"scene": 1000})
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x1b[2J\u202e"


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.ids, self.addresses = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.addresses += [named[name] for name in ("href", "src", "action") if name in named]
        assert not [name for name in named if name.startswith("on")]

    def handle_data(self, data):
        self.text.append(data)


def stepped(ratio=1.3, **changes):
    rng = trend_series.noise(1)
    columns = {
        "scenes-page": trend_series.series(rng, 30, odd_share=0, steps=[(20, ratio)]),
        "stats": trend_series.series(rng, 30, odd_share=0),
    }
    return replace(trend_series.history(columns, {0: OLD, 20: NEW}), **changes)


def words(html):
    return re.sub(r"\s+", " ", "".join(Page(html).text)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_step_is_told_with_its_size_its_interval_and_what_was_recorded():
    text = words(render_trend([stepped()]))
    assert re.search(r"Scenes-Page became slower: \+(2[6-9]|3[0-4]) %", text)
    assert "Recorded to change just then: Stash v0.29.3 to v0.30.1." in text
    assert "v0.30.1" in text
    assert "http://nas:9999" in text


def test_an_improvement_is_told_as_one_and_a_step_without_a_record_says_so():
    assert "Scenes-Page became faster: \N{MINUS SIGN}" in words(render_trend([stepped(0.5)]))
    trend = stepped()
    calm = tuple(replace(run, circumstances=OLD) for run in trend.runs)
    assert "No recorded cause." in words(render_trend([replace(trend, runs=calm)]))


def test_a_server_that_did_not_change_says_so_and_a_short_history_why_nothing_is_looked_for():
    columns = {"stats": trend_series.series(trend_series.noise(1), 5)}
    text = words(render_trend([trend_series.history(columns)]))
    assert "No benchmark moved to another level." in text
    assert "Changes are looked for from 8 runs on; here are 5 that count." in text
    assert "No run is in the history yet" in words(render_trend([]))


def test_levels_stand_in_a_table_beside_the_drawing_and_in_its_label():
    html = render_trend([stepped()])
    levels = html.split("Levels of Scenes-Page")[1].split("</table>")[0]
    assert levels.count("<tr>") == 3
    label = re.search(r'aria-label="(Scenes-Page over [^"]*)"', html).group(1).replace("\N{NO-BREAK SPACE}", " ")
    assert re.fullmatch(
        r"Scenes-Page over 30 runs: [\d.]+ ms since 1 January 2026, 00:00 UTC; [\d.]+ ms since 21 January .*", label
    )


def test_only_reports_that_are_there_are_linked():
    page = Page(render_trend([stepped()], {"run-020", "run-021"}))
    assert set(page.addresses) == {"index.html", "data:,", "run-020/report.html", "run-021/report.html"}


def test_hostile_text_stays_text():
    trend = stepped(address=f"http://{HOSTILE}")
    lines = (replace(trend.lines[0], title=HOSTILE, benchmark_id=HOSTILE), trend.lines[1])
    told = replace(
        OLD, server_version=HOSTILE, settings={HOSTILE: "1"}, faults=(HOSTILE,), machine={"cpu_model": HOSTILE}
    )
    runs = tuple(
        replace(run, run_id=f"{HOSTILE}{place}", circumstances=told if place >= 20 else run.circumstances)
        for place, run in enumerate(trend.runs)
    )
    html = render_trend([replace(trend, runs=runs, lines=lines)], {run.run_id for run in runs})
    page = Page(html)
    assert not {"script", "img", "iframe", "object"} & set(page.tags)
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert all(address.endswith(("/report.html", "index.html", "data:,")) for address in page.addresses)
    assert all("/" not in address.removesuffix("/report.html") for address in page.addresses)


def test_ids_are_unique_over_servers_and_machines():
    other = replace(OLD, fingerprint="g")
    in_turn = {run: OLD if run % 2 else other for run in range(30)}
    columns = {"stats": trend_series.series(trend_series.noise(1), 30)}
    trends = [stepped(), stepped(kind=TargetKind.EMBEDDED), stepped(kind=TargetKind.MANAGED)]
    page = Page(render_trend([*trends, replace(trend_series.history(columns, in_turn), address="http://b")]))
    assert len(page.ids) == len(set(page.ids))
    assert "Runs from several machines take turns" in "".join(page.text)


def test_disturbed_runs_are_told():
    columns = {"stats": trend_series.series(trend_series.noise(1), 20)}
    few = words(render_trend([trend_series.history(columns, unfit={3})]))
    assert "1 run was measured on a disturbed machine: shown as squares" in few
    most = words(render_trend([trend_series.history(columns, unfit=set(range(15)))]))
    assert "So many runs were measured on a disturbed machine" in most


def test_equal_histories_give_equal_bytes():
    assert render_trend([stepped()]) == render_trend([stepped()])


def test_a_drawing_stays_inside_its_box_and_no_single_run_flattens_it():
    times = [(run, 0.01, True) for run in range(10)] + [(10, 5.0, True), (11, 0.0001, False)]
    drawn = draw_history(times, [(0, 11, 0.01)], [4], 12)
    assert (drawn.low, drawn.high) == (pytest.approx(0.01 / 2.5 / 1.06), pytest.approx(0.01 * 2.5 * 1.06))
    places = [
        tuple(map(float, found)) for found in re.findall(r"M([\d.]+) ([\d.]+)", drawn.dots + drawn.unfit + drawn.marks)
    ]
    assert len(places) == 13
    assert all(0 <= x <= 1000 and 0 <= y <= 100 for x, y in places)


def test_noise_is_drawn_small_and_one_run_stands_in_the_middle():
    drawn = draw_history([(0, 0.0100, True), (1, 0.0101, True)], [(0, 1, 0.01)], [], 2)
    assert drawn.high / drawn.low == pytest.approx(1.3)
    assert across(0, 1) == 500
