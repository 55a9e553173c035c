from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.sql.search import SearchTerms, parse_search, search_clauses, words_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", SearchTerms()),
        ("foo bar", SearchTerms(must=("foo", "bar"))),
        ('"foo bar" -baz', SearchTerms(must=("foo bar",), must_not=("baz",))),
        ('-"foo bar"', SearchTerms(must_not=("foo bar",))),
        ("a OR b c", SearchTerms(must=("c",), any_of=(("a", "b"),))),
        ("a or b", SearchTerms(any_of=(("a", "b"),))),
        ("a | b -c -d", SearchTerms(must_not=("c", "d"), any_of=(("a", "b"),))),
        ("x a OR b OR c", SearchTerms(must=("x",), any_of=(("a", "b", "c"),))),
        ("-", SearchTerms(must=("-",))),
        ("a-b", SearchTerms(must=("a-b",))),
        ("OR", SearchTerms(must=("OR",))),
    ],
)
def test_terms_are_read_as_a_real_server_reads_them(text, terms):
    assert parse_search(text) == terms


@given(st.text(max_size=60))
def test_any_text_gives_as_many_placeholders_as_arguments(text):
    for clause in search_clauses(text, ("a.b", "c.d")):
        assert clause.sql.count("?") == len(clause.args)


@given(st.lists(st.text("abcxyz", min_size=1, max_size=5).filter(lambda word: word.upper() != "OR"), max_size=5))
def test_plain_words_must_all_occur(words):
    assert parse_search(" ".join(words)).must == tuple(words)


def test_criteria_split_at_blanks_but_not_in_quotes():
    assert words_of('a "b c" d') == ["a", "b c", "d"]
