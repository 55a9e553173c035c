from __future__ import annotations

import msgspec

from stashbench.model.quality import MachineQuality
from stashbench.model.selftest import SelfTest, Share
from stashbench.model.target import TargetKind
from stashbench.report.selftest_words import selftest_in_short, selftest_in_words
from stashbench.report.view.machine import selftest_rows

WHOLE = SelfTest(
    schema_version=1,
    taken_at="2026-11-23T12:00:00Z",
    fingerprint="f",
    kernel="6.1",
    stashbench_version="0.1.0",
    target_kind=TargetKind.EMBEDDED,
    pairs=Share(count=1, total=6, share=1 / 6, low=0.03, high=0.564),
    pages=Share(count=1, total=240, share=1 / 240, low=0.0007, high=0.0232),
    suites=Share(count=0, total=6, share=0.0, low=0.0, high=0.39),
    coverage=Share(count=228, total=240, share=0.95, low=0.914, high=0.971),
    wanted_pair_count=6,
    sigma=0.02,
    detection_limit=1.083,
    session_sigma=0.031,
    suite_session_sigma=0.02,
    pair_budget_seconds=22.0,
)


def test_what_was_found_is_said_with_its_intervals():
    told = selftest_in_words(WHOLE)
    assert told[0] == (
        "6 comparisons of a server with itself: of 240 judged pages 1 looked changed (95 % interval: 0.1 % to 2.3 %)."
    )
    assert told[1].startswith("1 of 6 comparisons had any such false alarm (95 % interval: 3.0 % to 56 %)")
    assert told[2] == "The 95 % interval held the truth on 95 % of pages (95 % interval: 91 % to 97 %)."
    assert "becomes 8.3 % slower is found four times in five" in told[3]
    assert "varies by 3.1 %" in told[4]
    assert len(told) == 5


def test_parts_unfit_pairs_and_stale_ones_say_so():
    part = msgspec.structs.replace(
        WHOLE,
        partial_reason="it was interrupted after 2 of them",
        unfit_pair_count=1,
        machine=MachineQuality(unfit_reasons=("swapping",)),
        stale="it was taken with kernel 6.1, now 6.2",
        session_sigma=None,
        session_reason="2 whole comparisons are too few",
    )
    told = " ".join(selftest_in_words(part))
    for words in ("could not be judged: swapping", "interrupted after 2", "no longer holds", "too few"):
        assert words in told
    assert "no longer holds" in selftest_in_short(part)
    assert "broken off" in selftest_in_short(part)


def test_where_nothing_was_judged_no_rate_is_claimed():
    nothing = Share(count=0, total=0)
    empty = msgspec.structs.replace(WHOLE, pages=nothing, pairs=nothing, coverage=nothing, detection_limit=None)
    told = selftest_in_words(empty)
    assert told[0] == "No page could be judged, so nothing is known of false alarms."
    assert not any("95 %" in text for text in told)


def test_a_report_shows_it_as_a_row_where_there_is_one():
    ((name, text),) = selftest_rows(WHOLE)
    assert name == "Self-test"
    assert "gave 1 false alarm on 240 judged pages, and could show 8.3 % on a typical page" in text
    assert selftest_rows(None) == ()
