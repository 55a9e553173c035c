from __future__ import annotations

import msgspec
import pytest

from stashbench.analyse.statistics import summarise
from stashbench.model.finding import Evidence, Outcome, Threshold
from stashbench.model.recommendation import Basis, Impact, Proof
from stashbench.model.result import TrendPoint
from stashbench.report.view.advice import gain_in_words, view_advice
from stashbench.report.view.benchmarks import view_groups, view_unusable
from stashbench.report.view.change_words import COLUMNS
from stashbench.report.view.changes import view_changes
from stashbench.report.view.evidence import ROWS_AT_MOST, facts_of, tables_of
from stashbench.report.view.facts import limits_in_force, not_measured, not_offered, overhead_facts
from stashbench.report.view.findings import limits_in_words, view_findings
from stashbench.report.view.headline import view_headline
from stashbench.report.view.page import view_page
from stashbench.report.view.timelines import view_timeline
from stashbench.report.view.trend import view_trend
from stashbench.report.view.words import code_pieces, date_in_words

TIMES = "\N{MULTIPLICATION SIGN}"


def replace(value, /, **changes):
    return msgspec.structs.replace(value, **changes)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_worst_category_comes_first_and_failures_lead_in_it(result):
    categories = view_findings(result.findings, result.recommendations)
    assert [category.name for category in categories][:2] == ["API", "Database"]
    assert [item.chip.word for item in categories[0].open] == ["Critical", "Warning"]
    assert all(item.chip.word == "Passed" for category in categories for item in category.passed)


def test_no_finding_is_lost(result):
    categories = view_findings(result.findings, result.recommendations)
    shown = [
        item.id for part in categories for group in (part.open, part.passed, part.not_applicable) for item in group
    ]
    assert sorted(shown) == sorted(item.id for item in result.findings)


def test_a_finding_leads_to_the_advice_that_answers_it(result):
    categories = view_findings(result.findings, result.recommendations)
    slow = next(item for part in categories for item in part.open if item.id == "slow-page")
    assert slow.advice == (("r-restore-missing-indexes", "Restore two indexes that Stash expects"),)


@pytest.mark.parametrize(
    ("threshold", "text"),
    [
        (Threshold(warning=0.2, critical=1.0, unit="seconds"), "warning from 200 ms, critical from 1 s"),
        (
            Threshold(warning=0.02, critical=None, unit="ratio", is_upper=False),
            f"warning at or below 0.02{TIMES}",
        ),
        (Threshold(warning=None, critical=None, unit="s"), ""),
    ],
)
def test_limits_are_said_in_the_units_of_the_value(threshold, text):
    assert plain(limits_in_words(threshold)) == text


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("value", [None, 0.0, -3.0, 5.0, float("nan"), float("inf")])
def test_any_value_and_outcome_can_be_shown(result, outcome, value):
    for is_upper in (True, False):
        threshold = Threshold(warning=1.0, critical=0.0, unit="seconds", is_upper=is_upper)
        finding = replace(result.findings[0], outcome=outcome, value=value, threshold=threshold)
        (category,) = view_findings([finding], [])
        (view,) = category.open + category.passed + category.not_applicable
        places = [view.gauge.value, view.gauge.warning, view.gauge.critical] if view.gauge else []
        assert all(0 <= place <= 100 for place in places)


def test_evidence_is_named_and_converted_by_its_unit():
    facts = facts_of(
        (
            Evidence(name="wal_bytes", value=2_097_152),
            Evidence(name="time", value=0.05, unit="seconds"),
            Evidence(name="is_cold", value=True),
            Evidence(name="query_plan", value="SCAN scenes"),
            Evidence(name="never", value=None),
        )
    )
    assert [(fact.name, plain(fact.text)) for fact in facts] == [
        ("Wal", "2.00 MiB"),
        ("Time", "50.0 ms"),
        ("Cold", "yes"),
        ("Query plan", "SCAN scenes"),
        ("Never", "not recorded"),
    ]
    assert [fact.is_code for fact in facts] == [False, False, False, True, False]


def test_tables_hold_all_columns_and_say_how_many_rows_they_leave_out():
    rows = (*({"sql": f"SELECT {index}", "seconds": 0.5} for index in range(ROWS_AT_MOST + 3)), {"count": 1})
    (table,) = tables_of((Evidence(name="statements", value=rows),))
    assert table.columns == ("Sql", "Time", "Count")
    assert len(table.rows) == ROWS_AT_MOST
    assert table.more == 4


@pytest.mark.parametrize(
    ("percent", "basis", "text"),
    [
        (62.0, Basis.MEASURED, "Saves 62 % of the time"),
        (25.0, Basis.ESTIMATED, "Saves about 25 % of the time"),
        (None, Basis.UNKNOWN, "The gain is not known"),
    ],
)
def test_gains_are_promised_only_as_far_as_they_are_known(percent, basis, text):
    assert plain(gain_in_words(Impact(performance_percent=percent, complexity=1, basis=basis))) == text


def test_a_proof_without_gain_says_so(result):
    proof = Proof(ratio=1.02, ci_low=0.99, ci_high=1.05, price="", was_rolled_back=False, description="")
    view = view_advice(replace(result.recommendations[0], proof=proof), 1, {}, {})
    assert view.proof.gain.startswith("no gain")
    assert view.proof.rollback == "was not run"
    assert view.because == ()


def test_benchmarks_are_grouped_on_one_scale_and_the_slowest_leads(result):
    groups = view_groups(result)
    filters = next(group for group in groups if group.name == "Filters")
    assert filters.benchmarks[0].title == "Tag with all sub-tags"
    assert filters.benchmarks[0].chip.word == "Slower"
    shown = sum(len(group.benchmarks) for group in groups) + len(view_unusable(result.measurements))
    assert shown == len(result.measurements)


def test_a_benchmark_with_numbers_that_cannot_be_drawn_is_named_not_lost(result):
    broken = replace(
        result.measurements[0], statistics=replace(result.measurements[0].statistics, maximum_seconds=float("inf"))
    )
    assert [item.title for item in view_unusable([broken])] == [broken.title]
    assert view_groups(replace(result, measurements=(broken,))) == ()


def test_what_changed_is_shown_and_what_did_not_is_folded(result):
    changes = view_changes(result)
    assert [item.chip.word for item in changes.shown] == [
        *(["Slower"] * 3),
        "Suspect",
        *(["Faster"] * 2),
        "Inconclusive",
        "New",
        "Gone",
        "Unchanged",  # in time, but not in the number of its statements
    ]
    assert changes.shown[-1].statement_change.startswith("6 → 44 statements")
    assert not any(item.statement_change for item in changes.unchanged)
    assert [item.chip.word for item in changes.accepted] == ["Slower, accepted"]
    assert len(changes.shown) + len(changes.accepted) + len(changes.unchanged) == len(result.comparisons)
    assert changes.all == (*changes.shown, *changes.accepted, *changes.unchanged)
    assert all(len(item.numbers) == len(COLUMNS) for item in changes.all)
    assert sum(number for number, _ in changes.counts) == len(result.comparisons)


def test_series_that_never_change_are_named_not_drawn(result):
    line = view_timeline(result)
    drawn = [item.title for item in line.panels]
    assert drawn[:3] == ["Server CPU", "Server memory", "Server disk reads"]
    assert "Server disk writes" not in drawn
    assert line.level == ("Server disk writes (0\N{NO-BREAK SPACE}B/s)",)
    assert len(line.series) == len(result.timeline.series)
    assert "Pressure io" not in drawn
    assert len(line.spans) == len(result.spans)


def test_no_samples_and_no_spans_give_no_timeline(samples):
    assert view_timeline(samples.build_partial()) is None


def test_missing_reasons_are_not_left_blank(result):
    bare = replace(result, measurements=(replace(result.measurements[-1], reason=""),))
    assert all(reason for _, reason in not_measured(bare))


def test_the_cost_of_the_audit_is_a_share_of_one_core(result):
    facts = {name: plain(text) for name, text in overhead_facts(result)}
    assert facts["Share of one core"] == "0.483 %"
    assert facts["Client's own time a request (median)"] == "90.0 µs"
    assert overhead_facts(replace(result, sampler_cost=None, measurements=())) == ()


def test_limits_in_force_name_their_source(result):
    rows = {name: (limits, source) for name, limits, source in limits_in_force(result)}
    assert rows["slow-page"][1] == "stashbench.toml"
    assert list(rows) == sorted(rows)


def test_a_null_score_is_never_a_number(result):
    null = replace(result, score=replace(result.score, overall=None, reason="a check ended in an error"))
    score = view_headline(null).score
    assert (score.number, score.position) == ("", None)
    assert score.chip.word == "Not scored"
    assert score.reason == "A check ended in an error"


def test_a_trend_breaks_where_a_run_had_no_score(result):
    trend = view_trend(result)
    assert [place.score for place in trend.places] == ["74", "73", "no score", "72", "68"]
    assert trend.line.count("M") == 2
    assert view_trend(replace(result, trends=())) is None


def test_this_run_is_not_counted_twice_in_its_trend(result):
    own = TrendPoint(timestamp=result.started_at, run_id=result.run_id, score=1.0)
    assert len(view_trend(replace(result, trends=(*result.trends, own))).places) == 5


def test_failed_checks_without_advice_are_not_called_nothing_to_do(result):
    head = view_headline(replace(result, recommendations=()))
    assert plain(head.nothing_to_do).startswith("No advice could be derived, although 5 checks failed")


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        ("2026-03-01T10:15:00Z", "1 March 2026, 10:15 UTC"),
        ("2026-03-01T10:15:00+05:30", "1 March 2026, 04:45 UTC"),
        ("<yesterday>", "<yesterday>"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_dates_are_written_out_and_nonsense_stays(timestamp, text):
    assert date_in_words(timestamp) == text


def test_text_between_backticks_is_code():
    assert code_pieces("Run `a b`, then `c`.") == (
        ("Run ", False),
        ("a b", True),
        (", then ", False),
        ("c", True),
        (".", False),
    )
    assert code_pieces("sqlite3 a.db 'ANALYZE'") == (("sqlite3 a.db 'ANALYZE'", True),)
    assert code_pieces("an odd ` stays") == (("an odd ` stays", False),)


def test_the_order_of_work_is_shown_only_where_it_differs_from_the_ranks(result):
    order = view_page(result).order
    assert order[0][1] == "Refresh the query planner's statistics"
    by_rank = {item.id: index for index, item in enumerate(result.recommendations)}
    steps = tuple(sorted(result.guide, key=lambda step: by_rank[step.recommendation_id]))
    assert view_page(replace(result, guide=steps)).order == ()
    assert view_page(replace(result, recommendations=())).order[0][0] == ""


def test_a_card_says_what_is_touched_where_the_gain_is_not_known(result):
    item = result.recommendations[3]
    assert view_advice(item, 1, {}, {}).promise == "The gain is not known"
    touched = replace(item, impact=replace(item.impact, affected="the tags page"))
    assert view_advice(touched, 1, {}, {}).promise == "Affects the tags page"


def test_what_the_server_does_not_offer_is_told_by_type_and_beside_the_benchmark(result):
    assert not_offered(result) == (
        ("Scene", "play_count (left out of First page by rating)"),
        ("Image", "date, rating100, o_counter (left out of Images without totals)"),
        ("VideoFile", "bit_rate (left out of Images without totals)"),
        ("Benchmark: Folders", "this server does not offer the query findFolders"),
    )
    shown = {item.title: item.left_out for group in view_groups(result) for item in group.benchmarks}
    assert shown["First page by rating"] == "Scene.play_count"
    assert shown["Images without totals"] == "Image.date, Image.rating100, Image.o_counter and 1 more"
    assert shown["Groups"] == ""


def test_jobs_tell_their_work_and_changes_their_proof(samples):
    from stashbench.model.measurement import JobWork

    result = samples.build_healthy()
    first, *others = result.measurements
    work = JobWork(
        job_count=1,
        job_seconds=19.4,
        items="files",
        item_count=196,
        items_per_second=10.08,
        cpu_seconds=15.17,
        read_bytes=1_323_008,
        process_count_max=2,
    )
    changed = msgspec.structs.replace(first, work=work, proof="the database holds <what> it held")
    views = [
        item
        for group in view_groups(msgspec.structs.replace(result, measurements=(changed, *others)))
        for item in group.benchmarks
    ]
    (view,) = [item for item in views if item.title == first.title]
    assert (
        view.work.replace("\N{NO-BREAK SPACE}", " ")
        == "196 files, 10.1 a second; 15.2 s of processor time, 1.26 MiB read from disk, up to 2 processes at once"
    )
    assert view.proof == "The database holds <what> it held"
    assert {item.work for item in views if item.title != first.title} == {""}


def test_few_rounds_are_not_said_to_have_an_interval_that_holds_the_median(result):
    def shown(rounds):
        item = next(item for item in result.measurements if item.statistics is not None)
        few = replace(item, rounds_seconds=rounds, statistics=summarise(rounds))
        view = view_groups(replace(result, measurements=(few,)))[0].benchmarks[0]
        return plain(view.interval), view.numbers[9]

    assert shown((2.0,)) == ("a single round, no interval", "\N{EN DASH}")
    assert shown((2.0, 3.0, 4.0))[0] == "2.00 s to 4.00 s, all 3 rounds"
    assert shown((2.0, 3.0, 4.0, 5.0, 6.0, 7.0))[0] == "2.00 s to 7.00 s"


def test_counts_that_differ_by_scatter_only_are_not_shown_as_a_change(result):
    comparison = replace(
        result.comparisons[0], baseline_statement_count=367, current_statement_count=437, statement_change=""
    )
    changes = view_changes(replace(result, comparisons=(comparison,)))
    (view,) = (*changes.shown, *changes.unchanged)
    assert view.statements == "367 and 437 statements, as good as equal"
