from __future__ import annotations

import msgspec

from stashbench.analyse.paired import Interval
from stashbench.analyse.paired_words import verdict_in_words
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import PairedBenchmark, SideFigures


def page(title, verdict, *, clock=None, cpu=None, ratio=1.01):
    return PairedBenchmark(
        id=title,
        title=title,
        group="g",
        page="p",
        verdict=verdict,
        reason="",
        time_verdict=clock or verdict,
        cpu_verdict=cpu,
        ratio=ratio,
        cpu_ratio=1.3,
        a=SideFigures(statement_count=12),
        b=SideFigures(statement_count=52),
    )


def test_what_only_counters_show_is_not_called_slower():
    pages = [
        page("Tags", Verdict.REGRESSED, clock=Verdict.INCONCLUSIVE, ratio=0.99),
        page("Scenes", Verdict.REGRESSED, clock=Verdict.UNCHANGED, cpu=Verdict.REGRESSED),
        page("Images", Verdict.REGRESSED, ratio=1.5),
        page("Studios", Verdict.IMPROVED, ratio=0.5),
        page("Groups", Verdict.UNCHANGED),
    ]
    assert verdict_in_words(pages, None, "A", "B") == (
        "B is slower on 1 of 5 pages: Images (1.50 times as long). "
        "B costs more, though not by the clock, on 2 of 5 pages: Scenes (1.30 times the processor time), "
        "Tags (12 to 52 statements). "
        "B is faster on 1 of 5 pages: Studios (2.00 times as fast)."
    )


def test_no_difference_says_how_many_pages_stay_open():
    pages = [page("Tags", Verdict.UNCHANGED), page("Scenes", Verdict.INCONCLUSIVE)]
    assert verdict_in_words(pages, Interval(1.0, 0.98, 1.02), "A", "B") == (
        "No difference between A and B was found on 2 pages. 1 could not be decided."
    )
    few = verdict_in_words(pages[1:], None, "A", "B")
    assert few == "Nothing could be decided on 1 page: too few rounds were made."
    scattered = [msgspec.structs.replace(pages[1], sigma=0.2)]
    assert "times scattered too much" in verdict_in_words(scattered, None, "A", "B")


def test_pages_whose_times_were_not_taken_are_not_among_those_that_were_compared():
    out = [page(title, Verdict.INCONCLUSIVE, ratio=None) for title in ("Scenes", "Images")]
    alike, open_ = page("Tags", Verdict.UNCHANGED), page("Studios", Verdict.INCONCLUSIVE)
    assert verdict_in_words([*out, alike, open_], None, "A", "B") == (
        "No difference between A and B was found on 2 pages. 1 could not be decided. "
        "The times of 2 pages were not taken."
    )
    assert verdict_in_words([*out, open_], None, "A", "B").startswith("Nothing could be decided on 1 page:")
    assert verdict_in_words(out[:1], None, "A", "B") == "Nothing could be compared. The times of 1 page were not taken."
    costs = page("Groups", Verdict.REGRESSED, clock=None, ratio=None)
    costs = msgspec.structs.replace(costs, time_verdict=None)
    assert verdict_in_words([costs, *out], None, "A", "B").startswith(
        "B costs more, though not by the clock, on 1 of 1"
    )
