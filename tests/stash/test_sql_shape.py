from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stashbench.stash.log_line import parse_statement
from stashbench.stash.sql_shape import LIST, fingerprint_of, shape_of

RECORDING = Path(__file__).parents[1] / "data" / "recordings" / "stash-v0.22.1-statements-small.jsonl"
STATEMENTS = [
    message.split("]: ", 1)[1].split(", args: [")[0]
    for line in RECORDING.read_text().splitlines()
    for message in json.loads(line)["log"]
]
LINE_COMMENT = re.compile(r"--[^\n]*")
names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).filter(lambda name: name not in {"in", "values", "x"})
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
literals = st.one_of(
    texts.map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.just("?"),
)


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        ("SELECT COUNT(*) FROM `scenes`", "SELECT COUNT(*) FROM scenes"),
        ("select a from t where b='it''s' and c = -1.5e3", "select a from t where b = ? and c = ?"),
        ("SELECT a - 1 FROM t", "SELECT a - ? FROM t"),
        ("SELECT x FROM t WHERE id IN (1,2 , 3)", f"SELECT x FROM t WHERE id IN {LIST}"),
        ("SELECT x FROM t WHERE id IN (SELECT y FROM u)", "SELECT x FROM t WHERE id IN (SELECT y FROM u)"),
        ("JOIN (VALUES(7,7),(7, -9)) AS d", f"JOIN (VALUES {LIST}) AS d"),
        ("INSERT INTO `t` (`a`) VALUES (?), (?)", f"INSERT INTO t(a) VALUES {LIST}"),
        ('WHERE sf."primary" = 1', "WHERE sf.primary = ?"),
        ('WHERE name = "My Private Film"', "WHERE name = ?"),
        ("SELECT 1 -- secret\n, /* secret */ 2", "SELECT ?, ?"),
        ("LIMIT 40 OFFSET 80", "LIMIT ? OFFSET ?"),
        ("WHERE a LIKE 'cut off", "WHERE a LIKE ?"),
        ("(a||'/'||b) LIKE ?", "(a || ? || b) LIKE ?"),
        ("diff <= ?1 OR ?1 < 0", "diff <= ? OR ? < ?"),
        ("", ""),
    ],
)
def test_shapes(sql, shape):
    assert shape_of(sql) == shape


@given(st.one_of(st.sampled_from(STATEMENTS), st.text(max_size=80)))
@example("''")
@example("? ''")
@example("in(1")
def test_a_shape_is_its_own_shape(sql):
    assert shape_of(shape_of(sql)) == shape_of(sql)


@given(names, names, literals, literals)
def test_values_do_not_matter(table, column, first, second):
    statements = {f"SELECT * FROM {table} WHERE {column} = {value} LIMIT 5" for value in (first, second)}
    assert len({shape_of(sql) for sql in statements}) == 1


@given(names, st.lists(literals, min_size=1, max_size=9), st.lists(literals, min_size=1, max_size=9))
def test_lengths_of_lists_do_not_matter(column, first, second):
    shapes = {shape_of(f"SELECT a FROM t WHERE {column} IN ({','.join(values)})") for values in (first, second)}
    rows = {shape_of(f"SELECT * FROM (VALUES {','.join(f'({v},?)' for v in values)})") for values in (first, second)}
    assert len(shapes) == len(rows) == 1


@given(st.sampled_from(STATEMENTS), st.sampled_from([" ", "\n", "\t  ", " -- x\n", "/* y */"]))
def test_white_space_and_quotes_do_not_matter(sql, space):
    sql = LINE_COMMENT.sub("", sql)  # a line broken inside one would end it
    assert shape_of(space + sql.replace(" ", space) + space) == shape_of(sql)
    assert shape_of(sql.replace("`", "")) == shape_of(sql)
    assert fingerprint_of(shape_of(sql).upper()) == fingerprint_of(shape_of(sql))


@given(texts.filter(lambda text: "zq" not in text), st.sampled_from(["'{}'", '"{}"', "x'{}'", "'{}"]))
def test_nothing_written_in_quotes_survives(text, quotes):
    sql = f"SELECT a FROM t WHERE b = {quotes.format('zq ' + text.replace(chr(39), '').replace(chr(34), '') + ' zq')}"
    assert "zq" not in shape_of(sql)


def test_recorded_pages_repeat_few_shapes():
    pages = {}
    for line in RECORDING.read_text().splitlines():
        entry = json.loads(line)
        pages[entry["operation"]] = [parse_statement(message).shape for message in entry["log"]]
    assert len(pages["stats"]) == len(set(pages["stats"])) == 14
    assert len(pages["tags page counts"]) > 70
    assert len(set(pages["tags page counts"])) == 5
    assert sum(shape.startswith("SELECT COUNT(*) as count") for shape in pages["tags page counts"]) > 60
