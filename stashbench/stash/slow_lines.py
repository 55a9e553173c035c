"""Finds the slow statements in a stream of log text, in bounded memory and at the speed of a search for bytes.

Stash writes two forms: `time="2026-11-23 10:09:34" level=debug msg="SLOW SQL [1.2s]: ..., args: [...]"` into files,
with the message quoted as in Go, and `DEBU[2026-11-23 10:11:20] SLOW SQL ...` with colours to the console, where a
statement may go over several lines. Arguments are never looked at: a record ends where they begin.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from stashbench.stash import go_duration
from stashbench.stash.sql_shape import shape_of

BLOCK_BYTES = 1 << 20
LONGEST_BYTES = 4 << 20
"""The longest statement that is waited for; a longer one counts as damaged."""
_MARKER = b"SLOW SQL ["
_ARGS = b", args: ["
_HEAD_BYTES = 400
_TAIL_BYTES = 8192
_TIME = rb"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"
_FILE_HEAD = re.compile(rb'time="' + _TIME + rb'" level=\w+ (?:[^"\n]* )?msg="\Z')
_CONSOLE_HEAD = re.compile(rb"(?:TRAC|DEBU|INFO|WARN|ERRO)\w*(?:\x1b\[[0-9;]*m)?\[" + _TIME + rb"\] \Z")
_NEXT_HEAD = re.compile(rb"\n[^\n]{0,80}?(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\w*(?:\x1b\[[0-9;]*m)?\[" + _TIME + rb"\] ")
_ANY_TIME = re.compile(rb'(?:time="|\[)' + _TIME + rb'(?:"|\])')
_DURATION = re.compile(rf"({go_duration.PATTERN})\]: ".encode())
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_NAMED = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))


@dataclass(frozen=True, slots=True)
class SlowLine:
    """One slow execution: when (the server's local time), its shape, its logged seconds, and where it stands."""

    time: str
    shape: str
    seconds: float
    offset_bytes: int


@dataclass
class Tally:
    """What was passed over on the way; `damaged_count` are slow statements that are cut off."""

    line_count: int = 0
    damaged_count: int = 0
    begins_at: str = ""
    ends_at: str = ""


def slow_lines(
    stream: IO[bytes], tally: Tally, *, first_offset: int = 0, is_over: Callable[[], bool] = lambda: False
) -> Iterator[SlowLine]:
    """Yield the slow statements of a log, and count what else there is; ends early once `is_over` says so."""
    buffer, offset, is_line_open = b"", first_offset, False
    while block := stream.read(BLOCK_BYTES):
        tally.line_count += block.count(b"\n")
        is_line_open = not block.endswith(b"\n")
        _note_times(block, tally)
        buffer += block
        used = yield from _search(buffer, offset, tally, is_over, is_last=False)
        buffer, offset = buffer[used:], offset + used
        if is_over():
            return
    tally.line_count += is_line_open
    yield from _search(buffer, offset, tally, is_over, is_last=True)


def _search(
    buffer: bytes, offset: int, tally: Tally, is_over: Callable[[], bool], *, is_last: bool
) -> Generator[SlowLine, None, int]:
    """Yield what is complete in the buffer; return how many of its bytes are done with."""
    position = 0
    # Asked at each one, because a log made for it can have many thousand in a block whose end is looked for in vain.
    while (marker := buffer.find(_MARKER, position)) >= 0 and not is_over():
        begin = marker + len(_MARKER)
        head = buffer[max(position, marker - _HEAD_BYTES) : marker]
        is_file = _FILE_HEAD.search(head)
        found = is_file or _CONSOLE_HEAD.search(head)
        if found is None:
            position = begin
            continue
        end, is_known = _end(buffer, begin, is_last=is_last, may_wrap=is_file is None)
        if not is_known:
            return max(position, marker - _HEAD_BYTES)
        duration = _DURATION.match(buffer, begin)
        if end < 0 or duration is None:
            tally.damaged_count += 1
            position = begin
            continue
        seconds = _seconds(duration[1])
        shape = (_quoted_shape if is_file else _plain_shape)(buffer[duration.end() : end])
        if seconds is None:
            tally.damaged_count += 1
        else:
            yield SlowLine(found["time"].decode(), shape, seconds, offset + marker)
        line_end = buffer.find(b"\n", end)
        # Arguments may quote anything, so the search goes on behind them; without their end, as far as there is.
        position = line_end + 1 if line_end >= 0 else len(buffer)
    return max(position, len(buffer) - _HEAD_BYTES - len(_MARKER))


def _end(buffer: bytes, begin: int, *, is_last: bool, may_wrap: bool) -> tuple[int, bool]:
    """Return where the statement ends, -1 where it is cut off, and whether that can be told yet."""
    if may_wrap:
        end = buffer.find(_ARGS, begin)
        following = _NEXT_HEAD.search(buffer, begin, end if end >= 0 else len(buffer))
        if following is not None:
            return -1, True
    else:
        line_end = buffer.find(b"\n", begin)
        end = buffer.find(_ARGS, begin, line_end if line_end >= 0 else len(buffer))
        if end < 0 and line_end >= 0:
            return -1, True
    return end, end >= 0 or is_last or len(buffer) - begin > LONGEST_BYTES


def _note_times(block: bytes, tally: Tally) -> None:
    if not tally.begins_at and (first := _ANY_TIME.search(block)):
        tally.begins_at = first["time"].decode()
    for last in _ANY_TIME.finditer(block, max(0, len(block) - _TAIL_BYTES)):
        tally.ends_at = last["time"].decode()


@lru_cache(maxsize=4096)
def _seconds(text: bytes) -> float | None:
    return go_duration.parse_duration(text.decode())


def _plain_shape(text: bytes) -> str:
    return shape_of(text.decode(errors="replace"))


def _quoted_shape(text: bytes) -> str:
    """Return the shape of a statement quoted as in Go."""
    return _plain_shape(text) if b"\\" not in text else shape_of(_ESCAPE.sub(_unescape, text.decode(errors="replace")))


def _unescape(match: re.Match[str]) -> str:
    named, *numbers = match.groups()
    if named:
        return _NAMED.get(named, named)
    number = int(next(number for number in numbers if number), 16)
    return chr(number) if number <= sys.maxunicode else "\N{REPLACEMENT CHARACTER}"
