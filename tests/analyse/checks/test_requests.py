from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.checks.requests import (
    PageStatements,
    error_rate,
    log_stream,
    statements_per_row,
    wilson_interval,
)
from stashbench.model.finding import Outcome


def page(operation="findScenes", few=None, many=None, **changes):
    return PageStatements(
        operation=operation,
        few_rows=5,
        many_rows=25,
        few=few if few is not None else {"SELECT ids": 1, "SELECT rows": 1},
        many=many if many is not None else {"SELECT ids": 1, "SELECT rows": 1},
        **changes,
    )


def test_fixed_statements_are_not_counted_per_row():
    assert statements_per_row([page()]).value == 0.0


def test_one_more_statement_for_each_row_is_found_and_shown():
    guilty = page("findTags", few={"SELECT ids": 1, "SELECT one": 5}, many={"SELECT ids": 1, "SELECT one": 25})
    observation = statements_per_row([page(), guilty])
    assert observation.value == 1.0
    assert observation.fact("worst_operation") == "findTags"
    assert observation.fact("operations")[0]["statement"] == "SELECT one"


def test_foreign_traffic_and_lost_lines_forbid_a_judgement():
    assert statements_per_row([page(has_foreign_traffic=True)]).outcome is Outcome.INCONCLUSIVE
    assert statements_per_row([page(is_complete=False)]).outcome is Outcome.INCONCLUSIVE
    assert statements_per_row([page(few={}, many={}, is_complete=False)]).outcome is Outcome.INCONCLUSIVE


def test_no_statements_are_not_applicable():
    assert statements_per_row([page(few={}, many={})]).outcome is Outcome.NOT_APPLICABLE


def test_failures_are_a_share_with_its_interval_and_commonest_message():
    observation = error_rate(100, ["locked"] * 7 + ["other"] * 3)
    assert observation.value == pytest.approx(10.0)
    assert "[5.5-17.4]" in observation.message
    assert observation.fact("errors")[0] == {"message": "locked", "count": 7}
    assert error_rate(100, []).value == 0.0
    assert error_rate(0, []).outcome is Outcome.NOT_MEASURED


@given(st.integers(1, 500), st.data())
def test_wilson_interval_holds_the_share(count, data):
    hits = data.draw(st.integers(0, count))
    low, high = wilson_interval(hits, count)
    assert 0.0 <= low <= hits / count + 1e-12
    assert hits / count - 1e-12 <= high <= 1.0


def test_a_log_that_cannot_be_followed_says_why():
    assert log_stream("").value == 0.0
    observation = log_stream("connection refused")
    assert observation.value == 1.0
    assert "connection refused" in observation.message
