from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.stash.log_line import parse_statement

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
MESSAGES = [
    json.loads(line)["message"] for line in (RECORDINGS / "stash-v0.22.1-messages-small.jsonl").read_text().splitlines()
]
PLANTED = "My Private Film"


def test_a_fast_statement():
    statement = parse_statement("SQL [428.049µs]: SELECT COUNT(*) FROM `scenes`, args: []")
    assert statement.shape == "SELECT COUNT(*) FROM scenes"
    assert statement.logged_seconds == pytest.approx(428.049e-6)
    assert not statement.is_slow


def test_a_slow_statement_over_several_lines():
    statement = parse_statement("SLOW SQL [1m2.5s]: \nSELECT a\nFROM b\nWHERE c LIKE ?, args: [%x%\ny, args: [ ]")
    assert (statement.shape, statement.logged_seconds) == ("SELECT a FROM b WHERE c LIKE ?", 62.5)
    assert statement.is_slow


def test_a_write_has_no_time():
    statement = parse_statement("SQL: UPDATE `scenes` SET `title`=? WHERE (`id` = ?) [[My Private Film 7]]")
    assert statement.shape == "UPDATE scenes SET title = ? WHERE (id = ?)"
    assert statement.logged_seconds is None


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["SQL [1ms]: {}, args: [{}]", "SQL: {} [[{}]]"])
)
def test_arguments_are_dropped_whatever_they_hold(text, form):
    statement = parse_statement(form.format("SELECT a FROM b WHERE c = ?", PLANTED + text + PLANTED))
    assert statement.shape == "SELECT a FROM b WHERE c = ?"
    assert PLANTED not in repr(statement)


@given(st.text())
def test_no_message_makes_it_fail(text):
    parse_statement(text)
    parse_statement("SQL [" + text)
    assert parse_statement("Scanning " + text) is None


def test_recorded_messages_of_a_scan():
    writes = [message for message in MESSAGES if message.startswith("SQL: ")]
    others = [message for message in MESSAGES if not message.startswith("SQL")]
    assert len(writes) > 10
    assert len(others) > 10
    for message in writes:
        statement = parse_statement(message)
        assert statement.logged_seconds is None
        assert statement.shape.split()[0] in {"INSERT", "UPDATE", "DELETE"}
        assert "/stash/" not in statement.shape
    assert [parse_statement(message) for message in others] == [None] * len(others)
