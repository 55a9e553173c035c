from __future__ import annotations

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.sqlite.functions import register


@pytest.fixture(scope="module")
def connection():
    opened = apsw.Connection(":memory:")
    register(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("regexp('(?i)CLIP [0-9]+', '/media/clip 12.mp4')", 1),
        ("'/media/a.mkv' regexp 'mp4$'", 0),
        ("NULL regexp 'a'", 0),
        ("durationToTinyInt('1:02:03')", 3723),
        ("durationToTinyInt('59')", 59),
        ("durationToTinyInt('1:2:3:4')", 0),
        ("durationToTinyInt('soon')", 0),
        ("basename('/media/a/clip.mp4')", "clip.mp4"),
        ("basename('/')", "/"),
        ("basename('')", "."),
        ("phash_distance(5, 6)", 2),
        ("mod(7, 3)", 1),
        ("'clip 9' < 'Clip 10' COLLATE NATURAL_CI", 1),
    ],
)
def test_functions_answer_as_stash_does(connection, expression, value):
    assert connection.execute(f"SELECT {expression}").fetchone()[0] == value


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_distance_of_hashes_counts_bits_of_both_signs(first, second):
    with apsw.Connection(":memory:") as connection:
        register(connection)
        (distance,) = connection.execute("SELECT phash_distance(?, ?)", (first, second)).fetchone()
    assert distance == sum(int(bit) for bit in f"{(first % 2**64) ^ (second % 2**64):b}")
    connection.close()
