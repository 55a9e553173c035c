from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.statement_counts import (
    count_change,
    most_per_row,
    repeated_statements,
    repetition_in_words,
)
from stashbench.model.statement import Statement, StatementTrace
from stashbench.stash.sql_shape import fingerprint_of

ROW = "SELECT tag_id FROM scenes_tags WHERE scene_id = ?"
BATCH = "SELECT * FROM tags WHERE id IN (…)"
PAGE = "SELECT id FROM scenes LIMIT ?"


def trace(counts, **changes):
    statements = tuple(
        Statement(fingerprint=fingerprint_of(sql), sql_shape=sql, count=count) for sql, count in counts.items() if count
    )
    made = StatementTrace(
        operation="Page",
        is_available=True,
        is_complete=True,
        statement_count=sum(counts.values()),
        statements=statements,
    )
    return msgspec.structs.replace(made, **changes)


@pytest.mark.parametrize(
    ("count", "rows", "words"),
    [
        (40, 40, "40 times, once for each of 40 rows"),
        (38, 40, "38 times, about once for each of 40 rows"),
        (45, 40, "45 times, about once for each of 40 rows"),
        (80, 40, "80 times, 2 times for each of 40 rows"),
        (96, 40, "96 times, about 2.4 times for each of 40 rows"),
        (1600, 1600, "1,600 times, once for each of 1,600 rows"),
        (20, 40, "20 times"),
        (9, 9, "9 times"),
        (38, None, "38 times"),
        (38, 0, "38 times"),
        (1, 40, "once"),
    ],
)
def test_repetitions_are_told_in_words(count, rows, words):
    assert repetition_in_words(count, rows) == words


def test_only_what_grows_with_the_rows_is_called_so():
    page = trace({ROW: 40, BATCH: 12, PAGE: 1})
    assert [(item.statement.sql_shape, item.is_per_row) for item in repeated_statements(page, 40)] == [
        (ROW, True),
        (BATCH, False),
    ]
    assert most_per_row(page, 40).statement.sql_shape == ROW
    assert most_per_row(page, 400) is None
    assert most_per_row(page, None) is None


def test_a_page_that_grew_is_said_with_the_statement_that_did_it():
    change = count_change(trace({PAGE: 1, BATCH: 11}), trace({PAGE: 1, BATCH: 11, ROW: 40}))
    assert (change.before, change.after) == (12, 52)
    assert change.sentence == f"12 → 52 statements, most of all 0 → 40 of: {ROW}"


def test_one_more_statement_for_each_row_shows_also_on_a_page_of_hundreds():
    """The total alone would hide it in what the clock does to the gathered look-ups."""
    before = trace({PAGE: 1, BATCH: 60, "SELECT a FROM b WHERE id = ?": 350})
    after = trace({PAGE: 1, BATCH: 45, "SELECT a FROM b WHERE id = ?": 350, ROW: 40})
    assert count_change(before, after).sentence == f"411 → 436 statements, most of all 0 → 40 of: {ROW}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Pairs of runs of the same page, as seen on Stash 0.22 and 0.30.
        ({ROW: 65, BATCH: 300}, {ROW: 82, BATCH: 349}),
        ({ROW: 62, BATCH: 310}, {ROW: 86, BATCH: 349}),
        ({BATCH: 2, PAGE: 1}, {BATCH: 7, PAGE: 1}),
        ({ROW: 2200, BATCH: 33}, {ROW: 2200, BATCH: 70}),
    ],
)
def test_what_the_clock_does_to_gathered_statements_is_no_change(before, after):
    change = count_change(trace(before), trace(after))
    assert change.sentence == ""
    assert (change.before, change.after) == (sum(before.values()), sum(after.values()))


@pytest.mark.parametrize(
    "doubt", [{"is_complete": False}, {"has_foreign_traffic": True}, {"is_available": False}, {"statement_count": None}]
)
def test_nothing_is_said_of_counts_that_are_not_certain(doubt):
    sure, unsure = trace({ROW: 40}), trace({ROW: 400}, **doubt)
    assert count_change(sure, unsure) is None
    assert count_change(unsure, sure) is None
    assert count_change(None, sure) is None
    assert count_change(sure, None) is None


@given(st.dictionaries(st.sampled_from([ROW, BATCH, PAGE, "SELECT 1", "DELETE FROM x"]), st.integers(1, 900)))
def test_a_page_held_against_itself_never_changed(counts):
    assert count_change(trace(counts), trace(counts)).sentence == ""


@given(st.text(min_size=200, max_size=5000))
def test_a_sentence_stays_one_short_line(sql):
    sentence = count_change(trace({PAGE: 1}), trace({PAGE: 1, sql: 50})).sentence
    assert len(sentence) < 260
    assert "\n" not in sentence
