from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.statement_log import format_args, statement_line
from stashbench.stash.log_arguments import read_arguments
from stashbench.stash.log_line import parse_statement
from stashbench.stash.sql_shape import placeholders

WORDS = st.text(st.characters(codec="utf-8", exclude_characters=" []{}"), min_size=1, max_size=20)
PLAIN = WORDS.filter(lambda word: word.strip("-0123456789.e+") and word not in {"true", "false", "<nil>"}).filter(
    lambda word: not word.startswith("0xc")
)
VALUES = st.one_of(st.integers(-(2**63) + 1, 2**63 - 1), st.none(), PLAIN, st.binary(min_size=1, max_size=6))


@given(st.lists(VALUES, max_size=8))
def test_values_without_spaces_are_read_as_they_were(values):
    sql = f"SELECT {', '.join('?' * len(values)) or '1'}"
    assert read_arguments(sql, format_args(values)[1:-1]) == tuple(values)


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_line_is_read_or_refused(sql, text):
    found = read_arguments(sql, text)
    assert found is None or len(found) == placeholders(sql)


@pytest.mark.parametrize(
    ("sql", "text", "expected"),
    [
        ("SELECT ?", "two words", ("two words",)),  # one value may hold spaces
        ("SELECT ?, ?", "two words 1", None),  # who is to say where the first ends
        ("SELECT ?, ?", "%a% true", ("%a%", 1)),
        ("SELECT ?1 WHERE ?1 < 2", "-1", (-1,)),
        ("SELECT ?", "1.5", (1.5,)),
        ("SELECT ?", "1.25e+06", (1250000.0,)),
        ("SELECT ?", "007", ("007",)),
        ("SELECT ?", "99999999999999999999", ("99999999999999999999",)),
        ("SELECT ?", "0xc000123456", None),  # a pointer: Go does not show the value
        ("SELECT ?", "{2024-01-01 true}", None),
        ("SELECT ?, ?", "[1 2 255] 3", (b"\x01\x02\xff", 3)),
        ("SELECT ?", "[1 2 256]", ("[1 2 256]",)),
        ("SELECT '?' -- ?", "", ()),
        ("SELECT 1", "2", None),
        ("SELECT :name", "2", None),
    ],
)
def test_what_a_log_shows(sql, text, expected):
    assert read_arguments(sql, text) == expected


def test_arguments_are_kept_only_where_asked_for_and_never_shown():
    line = statement_line(1000, "SELECT ? WHERE a = ?", ("Canary, args: [x]", 1))
    assert parse_statement(line).executed is None
    found = parse_statement(line, is_keeping_arguments=True)
    assert found.executed.arguments == "Canary, args: [x] 1"
    assert "Canary" not in repr(found)
    assert found == parse_statement(line)
    assert parse_statement("SQL: UPDATE a SET b = ? [[Canary]]", is_keeping_arguments=True).executed is None
