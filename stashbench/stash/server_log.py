"""Reads the slow statements a server has noted itself: in its log file, and in the lines it keeps for its users."""

from __future__ import annotations

import math
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from stashbench.errors import RequestError, TargetError
from stashbench.model.server_log import LogSource
from stashbench.model.text import one_line
from stashbench.stash.client import StashClient
from stashbench.stash.log_files import LogMark, log_parts, mark_of, open_part
from stashbench.stash.log_line import parse_statement
from stashbench.stash.operations import load
from stashbench.stash.reading import reading
from stashbench.stash.server_time import parse_time
from stashbench.stash.slow_lines import SlowLine, Tally, slow_lines
from stashbench.stash.slow_statements import SlowStatements

RECENT = "lines kept by the server"
FILE_LIMIT_BYTES = 2 << 30
LIMIT_SECONDS = 60.0
PARTS_AT_MOST = 50
NAME_CHARACTERS = 100


class RecentLine(NamedTuple):
    """One slow statement among the lines a server keeps: its shape, seconds, local time, and whether it is of now."""

    shape: str
    seconds: float
    time: str
    is_during_audit: bool


def read_server_log(
    client: StashClient,
    path: Path | None,
    *,
    began_ns: int,
    mark: LogMark | None,
    limit_seconds: float = LIMIT_SECONDS,
) -> tuple[SlowStatements, tuple[LogSource, ...]]:
    """Read what the server keeps, and the log file with its older parts where there is one.

    `began_ns` (since 1970) is when the audit began and `mark` how long the file was then. What both places hold counts
    once. Never raises for what it finds: a place that cannot be read says why.
    """
    found = SlowStatements()
    recent, kept = _read_recent(client, began_ns)
    unseen = Counter((line.shape, line.seconds) for line in recent)
    sources = [kept]
    deadline = time.monotonic() + limit_seconds
    parts = _parts(path) if path is not None else []
    for part in parts[:PARTS_AT_MOST]:
        name, new_from_bytes = one_line(part.name, NAME_CHARACTERS), _new_from(part, path, mark)

        def take(line: SlowLine, name: str = name, new_from_bytes: float = new_from_bytes) -> None:
            if unseen.get((line.shape, line.seconds)):
                unseen[line.shape, line.seconds] -= 1
            is_new = line.offset_bytes >= new_from_bytes
            found.add(line.shape, line.seconds, line.time, name, is_during_audit=is_new)

        sources.append(_read_part(part, name, take, deadline))
    if parts[PARTS_AT_MOST:]:
        older = f"{len(parts) - PARTS_AT_MOST} older parts of the log"
        why = f"not read: only the newest {PARTS_AT_MOST} parts are"
        sources.append(LogSource(name=older, is_read=False, reason=why))
    for line in recent:
        # The file may have them already.
        if unseen[line.shape, line.seconds] > 0:
            unseen[line.shape, line.seconds] -= 1
            found.add(line.shape, line.seconds, line.time, RECENT, is_during_audit=line.is_during_audit)
    return found, tuple(sources)


def _read_recent(client: StashClient, began_ns: int) -> tuple[list[RecentLine], LogSource]:
    """Read the last lines (thirty in Stash) that the server shows its users."""
    lines: list[RecentLine] = []
    try:
        answer = client.execute(load("logs"))
        with reading(client.url, "the question for its log"):
            entries = answer["logs"]
            times = [str(entry["time"]) for entry in entries]
            for entry in entries:
                statement = parse_statement(str(entry["message"]))
                if statement is None or not statement.is_slow or statement.logged_seconds is None:
                    continue
                when = str(entry["time"])
                local = when[:19].replace("T", " ")
                is_new = parse_time(when) >= began_ns
                lines.append(RecentLine(statement.shape, statement.logged_seconds, local, is_new))
    except (RequestError, TargetError) as error:
        return [], LogSource(name=RECENT, is_read=False, reason=str(error))
    ends = sorted(one_line(when[:19].replace("T", " "), 19) for when in times)
    return lines, LogSource(
        name=RECENT,
        is_read=True,
        line_count=len(times),
        slow_count=len(lines),
        begins_at=ends[0] if ends else "",
        ends_at=ends[-1] if ends else "",
    )


def _parts(path: Path) -> list[Path]:
    try:
        return log_parts(path)
    except OSError:
        # Reading the file itself will say what is wrong.
        return [path]


def _new_from(part: Path, path: Path | None, mark: LogMark | None) -> float:
    """Return the offset from which on a part was written after the mark was taken."""
    now = mark_of(part)
    if mark is not None and now is not None and now.inode == mark.inode:
        return mark.size_bytes
    # Another file in its place was begun since.
    return 0.0 if part == path else math.inf


def _read_part(path: Path, name: str, take: Callable[[SlowLine], None], deadline: float) -> LogSource:
    tally = Tally()
    slow_count = 0
    if time.monotonic() >= deadline:
        return LogSource(name=name, is_read=False, reason="not read: reading newer parts took all the time there was")
    reasons = []
    size_bytes: int | None = None
    try:
        with open_part(path, FILE_LIMIT_BYTES) as (stream, size_bytes, left_out_bytes):
            if left_out_bytes:
                reasons.append(f"its first {left_out_bytes:,} bytes were left out, as it is very long")
            over = _Deadline(deadline)
            for line in slow_lines(stream, tally, first_offset=left_out_bytes, is_over=over.is_over):
                slow_count += 1
                take(line)
            if over.was_over:
                reasons.append("only its beginning was read, as reading took too long")
    except (OSError, EOFError, zlib.error) as error:
        reasons.append(_in_words(path, error, has_begun=bool(tally.line_count)))
        if not tally.line_count:
            return LogSource(name=name, is_read=False, reason=reasons[-1], byte_count=size_bytes)
    if tally.line_count and not tally.begins_at:
        reasons.append("no line in it has the form of Stash's log")
    if tally.damaged_count:
        are = "statement in it is" if tally.damaged_count == 1 else "statements in it are"
        reasons.append(f"{tally.damaged_count} slow {are} cut off and not counted")
    return LogSource(
        name=name,
        is_read=True,
        reason="; ".join(reasons),
        byte_count=size_bytes,
        line_count=tally.line_count,
        slow_count=slow_count,
        damaged_count=tally.damaged_count,
        begins_at=tally.begins_at,
        ends_at=tally.ends_at,
    )


class _Deadline:
    """Says whether the time is over, and remembers having said so."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self.was_over = False

    def is_over(self) -> bool:
        self.was_over = time.monotonic() >= self._deadline
        return self.was_over


def _in_words(path: Path, error: Exception, *, has_begun: bool) -> str:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    if has_begun:
        return f"it was read only in part: {one_line(why, 100)}"
    return f"The log file {path} cannot be read ({one_line(why, 100)}); correct --stash-log-file, or leave it out."
