"""Slow statements in log text of both forms, however it is cut, damaged or quoted."""

from __future__ import annotations

import io
import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.stash import slow_lines as module
from stashbench.stash.slow_lines import Tally, slow_lines
from stashbench.stash.sql_shape import shape_of

TIME = "2026-11-23 10:11:20"
SQL = "SELECT DISTINCT scenes.id FROM scenes WHERE (scenes.title LIKE ?) ORDER BY COALESCE(scenes.title, scenes.id)"
SHAPE = shape_of(SQL)


def quoted(message, level="debug", when=TIME):
    """A line of a log file: quoted as Go does, which is JSON's way for what matters here."""
    return f'time="{when}" level={level} msg={json.dumps(message, ensure_ascii=False)}\n'.encode()


def coloured(message, level="DEBU", when=TIME):
    """A line of the console."""
    return f"\x1b[37m{level}\x1b[0m[{when}] {message:<44} \n".encode()


def slow(sql=SQL, args="%secret%", duration="1.5s"):
    return f"SLOW SQL [{duration}]: {sql}, args: [{args}]"


def read(content, first_offset=0):
    tally = Tally()
    stream = content if hasattr(content, "read") else io.BytesIO(content)
    return list(slow_lines(stream, tally, first_offset=first_offset)), tally


@pytest.mark.parametrize("form", [quoted, coloured])
def test_a_slow_statement_is_found_with_its_time_and_without_its_arguments(form):
    content = form("Scan finished", "info") + form(slow()) + form("SQL [9µs]: SELECT 1, args: []", "trace")
    (line,), tally = read(content)
    assert (line.time, line.shape, line.seconds) == (TIME, SHAPE, 1.5)
    assert (tally.line_count, tally.damaged_count) == (3, 0)
    assert (tally.begins_at, tally.ends_at) == (TIME, TIME)
    assert content[line.offset_bytes :].startswith(b"SLOW SQL")
    assert "secret" not in repr(line)


@pytest.mark.parametrize(
    "line",
    [
        f"2026-11-23T10:11:20.123456789Z stdout F DEBU[{TIME}] {slow()}\n".encode(),
        f"stash-1  | DEBUG[{TIME}] {slow()}\n".encode(),
        f'Nov 23 10:11:20 nas stash[7]: time="{TIME}" level=debug msg="{slow()}"\n'.encode(),
        f'time="{TIME}" level=debug msg="{slow()}"\r\n'.encode(),
    ],
    ids=["containers", "compose without colours", "journal", "Windows"],
)
def test_what_others_put_before_and_behind_a_line_does_no_harm(line):
    (found,), _ = read(line)
    assert (found.time, found.shape) == (TIME, SHAPE)


def test_a_statement_over_several_lines_is_one():
    sql = "SELECT GROUP_CONCAT(id)\n\tFROM scenes\n  WHERE a = ?"
    for form in (quoted, coloured):
        (line,), _ = read(form("before", "info") + form(slow(sql)) + form("after", "info"))
        assert line.shape == "SELECT GROUP_CONCAT(id) FROM scenes WHERE a = ?"


def test_quoted_characters_are_read_back():
    sql = 'SELECT "name" FROM `a` WHERE b = "two words"'
    (line,), _ = read(quoted(slow(sql)))
    assert line.shape == "SELECT name FROM a WHERE b = ?"


@pytest.mark.parametrize("form", [quoted, coloured])
def test_arguments_that_look_like_records_are_arguments(form):
    trap = f"x] SLOW SQL [9s]: SELECT stolen FROM words, args: [{TIME}"
    lines, tally = read(form(slow(args=trap)) + form(f"SQL [1ms]: SELECT 1, args: [SLOW SQL [9s]: {trap}]", "trace"))
    assert [line.shape for line in lines] == [SHAPE]
    assert tally.damaged_count == 0


@pytest.mark.parametrize("form", [quoted, coloured])
@pytest.mark.parametrize("cut", [10, 40, 60, 90])
def test_a_cut_off_last_line_is_counted_not_guessed(form, cut):
    whole = form(slow())
    lines, tally = read(whole + whole[:cut])
    assert [line.shape for line in lines] == [SHAPE]
    assert tally.line_count == 2
    assert tally.damaged_count == (b"SLOW SQL [" in whole[:cut])


def test_a_last_line_still_being_written_counts_once_its_statement_is_whole():
    whole = quoted(slow(args="x" * 100))
    lines, tally = read(whole[:-50])
    assert [line.shape for line in lines] == [SHAPE]
    assert (tally.line_count, tally.damaged_count) == (1, 0)


def test_a_line_cut_in_the_middle_of_a_file_does_not_swallow_the_next():
    whole = quoted(slow())
    lines, tally = read(whole[:100] + b"\n" + whole)
    assert len(lines) == 1
    assert tally.damaged_count == 1
    console = coloured(slow())
    lines, tally = read(console[:60] + b"\n" + console)
    assert len(lines) == 1
    assert tally.damaged_count == 1


def test_binary_bytes_are_borne():
    noise = bytes(range(256)) * 50
    lines, _ = read(
        noise + b"\n" + quoted(slow()) + noise + quoted(slow("SELECT \ufffd FROM x")).replace(b"\xef", b"\xff")
    )
    assert len(lines) == 2
    assert lines[0].shape == SHAPE


@pytest.mark.parametrize("duration", ["", "9x", "1.2.3.4s", "-", "µs"])
def test_a_duration_that_is_none_counts_as_damage(duration):
    lines, tally = read(quoted(slow(duration=duration)) + quoted(slow()))
    assert [line.seconds for line in lines] == [1.5]
    assert tally.damaged_count == 1


def test_megabytes_in_one_line_are_read_in_little_memory():
    ids = ", ".join("?" * 300_000)
    big = quoted(slow(f"SELECT a FROM b WHERE id IN ({ids})", args="1 " * 1_000_000))
    endless = b'time="' + TIME.encode() + b'" level=debug msg="SLOW SQL [1s]: SELECT ' + b"x" * (20 << 20)
    content = io.BytesIO(big + endless + b"\n" + quoted(slow()))
    tracemalloc.start()
    lines, tally = read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line.shape for line in lines] == ["SELECT a FROM b WHERE id IN (…)", SHAPE]
    assert tally.damaged_count == 1
    # The shape of a statement of a megabyte is made from a list of its parts.
    assert peak < 120 << 20


def test_a_million_lines_take_seconds_and_no_memory():
    trace = quoted("SQL [9µs]: SELECT tag_id FROM scenes_tags WHERE scene_id = ?, args: [7]", "trace")
    block = (trace * 999 + quoted(slow())) * 10

    class Endless:
        left = 20

        def read(self, _size):
            self.left -= 1
            return block if self.left >= 0 else b""

    begin = time.monotonic()
    lines, tally = read(Endless())
    assert (len(lines), tally.line_count) == (200, 200_000)
    assert time.monotonic() - begin < 5


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([quoted, coloured]),
            st.sampled_from(
                [
                    slow(),
                    slow("SELECT a,\n b FROM c WHERE d = ?"),
                    slow('SELECT "a b" FROM c', args="SLOW SQL [1s]: x, args: ["),
                    "Scan finished",
                    "SQL [9µs]: SELECT 1, args: [7]",
                ]
            ),
        ),
        max_size=12,
    ),
    st.integers(1, 700),
    st.integers(0, 1000),
)
def test_where_blocks_are_cut_does_not_matter(records, block_bytes, offset):
    content = b"".join(form(message) for form, message in records)
    whole, tally = read(content, offset)
    before = module.BLOCK_BYTES
    module.BLOCK_BYTES = block_bytes
    try:
        cut, cut_tally = read(content, offset)
    finally:
        module.BLOCK_BYTES = before
    assert cut == whole
    assert (cut_tally.line_count, cut_tally.damaged_count) == (tally.line_count, tally.damaged_count)
    assert len(whole) == sum(message.startswith("SLOW") for _, message in records)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 3), st.integers(0, 400))
def test_any_bytes_are_borne(noise, copies, position):
    content = quoted(slow()) * copies
    content = content[:position] + noise + content[position:]
    lines, tally = read(content)
    assert len(lines) <= copies + noise.count(b"SLOW SQL [")
    assert tally.line_count == content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    assert all(line.seconds >= 0 for line in lines)


def test_the_end_of_time_is_kept_within_a_block_too():
    head = b'time="2026-11-23 10:11:20" level=debug msg="SLOW SQL [1.2s]: x'
    calls = iter(range(1_000_000))
    tally = Tally()
    assert list(slow_lines(io.BytesIO(head * 2_000), tally, is_over=lambda: next(calls) > 100)) == []
    assert tally.damaged_count <= 100
