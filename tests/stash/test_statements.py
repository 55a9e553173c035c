from __future__ import annotations

from stashbench.stash.log_line import LoggedStatement
from stashbench.stash.statements import summarise_statements


def executed(shape, seconds):
    return LoggedStatement(shape=shape, logged_seconds=seconds, is_slow=False)


def test_a_page_whose_statements_were_logged_without_times_has_no_time():
    trace = summarise_statements("X", [executed("INSERT INTO tags", None)] * 3, is_complete=True)
    assert (trace.statement_count, trace.logged_seconds) == (3, None)
    assert summarise_statements("X", [], is_complete=True).logged_seconds == 0
    some = [executed("SELECT ?", 0.25), executed("INSERT INTO tags", None), executed("SELECT ?", 0.5)]
    assert summarise_statements("X", some, is_complete=True).logged_seconds == 0.75
