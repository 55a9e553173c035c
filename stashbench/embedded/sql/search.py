"""The text a user types into a search box, as Stash reads it: words, "phrases", -exclusions and alternatives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.embedded.sql.clause import Clause, disjunction

_TOKEN = re.compile(r'-?"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What must occur, what must not, and sets of which one must."""

    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()


def parse_search(text: str) -> SearchTerms:
    """Read `a b` (both), `"a b"` (phrase), `-a` (not) and `a OR b`, `a | b` (either)."""
    must: list[str] = []
    must_not: list[str] = []
    any_of: list[list[str]] = []
    tokens = _TOKEN.findall(text)
    position = 0
    while position < len(tokens):
        alternatives = [tokens[position]]
        while position + 2 < len(tokens) and _is_or(tokens[position + 1]) and not tokens[position + 2].startswith("-"):
            alternatives.append(tokens[position + 2])
            position += 2
        position += 1
        words = [word for word in (_unquoted(token) for token in alternatives) if word]
        if len(words) > 1:
            any_of.append(words)
        elif words and alternatives[0].startswith("-") and len(alternatives[0]) > 1:
            must_not.append(_unquoted(alternatives[0][1:]))
        elif words:
            must.append(words[0])
    return SearchTerms(tuple(must), tuple(word for word in must_not if word), tuple(map(tuple, any_of)))


def search_clauses(text: str, columns: Sequence[str]) -> list[Clause]:
    """Conditions, all of which must hold, for `text` over `columns`."""
    terms = parse_search(text)
    clauses = [_one_of(columns, (word,)) for word in terms.must]
    clauses += [
        Clause(" AND ".join(f"COALESCE({column}, '') NOT LIKE ?" for column in columns), (_like(word),) * len(columns))
        for word in terms.must_not
    ]
    clauses += [_one_of(columns, words) for words in terms.any_of]
    return clauses


def words_of(value: str) -> list[str]:
    """The words and quoted phrases of a string criterion."""
    return [word for word in (_unquoted(token) for token in _TOKEN.findall(value)) if word]


def _one_of(columns: Sequence[str], words: Sequence[str]) -> Clause:
    return disjunction([Clause(f"{column} LIKE ?", (_like(word),)) for column in columns for word in words])


def _like(word: str) -> str:
    return f"%{word}%"


def _is_or(word: str) -> bool:
    return word.upper() == "OR" or word == "|"


def _unquoted(token: str) -> str:
    is_quoted = len(token) > 1 and token.startswith('"') and token.endswith('"')
    return token[1:-1] if is_quoted else token
