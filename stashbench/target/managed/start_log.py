"""What a server we started has to say about its start: its last words if it failed, its complaints if it did not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stashbench.model.text import one_line
from stashbench.target.managed.scratch import Scratch

MESSAGE_LIMIT = 300
_ENTRY = re.compile(r'time="[^"]*" level=(?P<level>\w+) msg=(?P<message>.*)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINTS = frozenset({"warning", "error", "fatal", "panic"})
# It asks GitHub for a newer release, which we keep it from.
_OUR_DOING = ("Couldn't retrieve latest version",)
_PORT_TAKEN = "address already in use"
_GO_TRACE = ("goroutine ", "\t", "created by ", "main.")
_TAIL_BYTES = 65_536


def complaints(log_file: Path) -> tuple[str, ...]:
    """Return the warnings and errors in a log, each once, without those that our own precautions cause."""
    found: dict[str, None] = {}
    for level, message in _entries(log_file):
        if level in _COMPLAINTS and not message.startswith(_OUR_DOING):
            found.setdefault(one_line(message, MESSAGE_LIMIT))
    return tuple(found)


def port_was_taken(scratch: Scratch) -> bool:
    """Say whether a server ended because another program has its port."""
    return any(_PORT_TAKEN in _tail(path) for path in (scratch.log_file, scratch.output))


def last_words(scratch: Scratch) -> str:
    """Return what tells best why a server did not come up: its last error, else the last line it wrote anywhere."""
    logged = list(_entries(scratch.log_file))
    errors = [message for level, message in logged if level in _COMPLAINTS and not message.startswith(_OUR_DOING)]
    if errors:
        return errors[-1]
    printed = [line for line in _COLOUR.sub("", _tail(scratch.output)).splitlines() if line.strip()]
    crash = next((line for line in printed if line.startswith(("panic: ", "fatal error: "))), None)
    if crash is not None:
        return crash.strip()
    spoken = [line.strip() for line in printed if not line.startswith(_GO_TRACE)]
    if spoken:
        return spoken[-1]
    return logged[-1][1] if logged else ""


def _entries(log_file: Path) -> Iterator[tuple[str, str]]:
    """Yield level and message of each line of the log; lines of another form are passed over."""
    for line in _tail(log_file).splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry is not None:
            yield entry["level"], _unquoted(entry["message"])


def _unquoted(text: str) -> str:
    """Undo Go's quoting as far as showing the text needs it: line breaks and tabs become spaces."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is None:
        return text
    return re.sub(r"\\(.)", lambda match: " " if match[1] in "nrt" else match[1], quoted[1]).strip()


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - _TAIL_BYTES, 0))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
