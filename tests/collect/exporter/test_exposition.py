from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.exporter.exposition import Sample, parse_page

LABELS = st.dictionaries(st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True), st.text(max_size=10), max_size=4)


def written(name, labels, value):
    def escape(text):
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    inner = ",".join(f'{key}="{escape(text)}"' for key, text in labels.items())
    return f"{name}{{{inner}}} {value!r}\n" if labels else f"{name} {value!r}\n"


def test_the_form_with_everything_in_it():
    page = (
        "# HELP node_x Something.\n# TYPE node_x counter\n"
        'node_x{a="b",c="d\\"e\\\\f\\ng",} 1.5e+09 1700000000000\n'
        "node_x 7\n"
        'node_y{a="b"} 3\n'
        "\n"
        "node_x{} 8\n"
    )
    assert parse_page(page, {"node_x"}) == {
        "node_x": [Sample({"a": "b", "c": 'd"e\\f\ng'}, 1.5e9), Sample({}, 7.0), Sample({}, 8.0)]
    }


@pytest.mark.parametrize(
    "line",
    [
        "node_x",
        "node_x ",
        "node_x NaN",
        "node_x +Inf",
        "node_x{",
        'node_x{a="b} 1',
        "node_x{a=b} 1",
        "node_x one",
        "{} 1",
    ],
)
def test_other_lines_are_left_out(line):
    assert parse_page(f"{line}\nnode_x 2\n", {"node_x"}) == {"node_x": [Sample({}, 2.0)]}


@given(st.text())
def test_no_page_makes_it_raise(text):
    parse_page(text, {"node_x"})
    parse_page(f"node_x{{{text}", {"node_x"})


@given(LABELS, st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_read(labels, value):
    assert parse_page(written("node_x", labels, value), {"node_x"}) == {"node_x": [Sample(labels, value)]}


def test_a_page_of_a_large_machine_is_read_in_little_time(benchmark_clock):
    page = "".join(f'node_other{{device="d{index}"}} {index}\n' for index in range(100_000)) + "node_x 1\n"
    began = benchmark_clock()
    assert parse_page(page, {"node_x"}) == {"node_x": [Sample({}, 1.0)]}
    assert benchmark_clock() - began < 2


@pytest.fixture
def benchmark_clock():
    import time

    return time.process_time
