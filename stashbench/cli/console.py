"""The way to the terminal for a command that runs for minutes."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO


class LastingStream:
    """A text stream that goes on when its reader is gone: a closed pipe or terminal, a full disk under a log.

    What was measured is worth more than its progress; from the first failure on, all that is written is dropped.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_lost = False
        self.encoding = stream.encoding

    def write(self, text: str) -> int:
        """Write, or drop."""
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Flush what was not dropped."""
        self._try(self._stream.flush)

    def isatty(self) -> bool:
        """Say whether somebody watches."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._stream.fileno()

    def _try(self, action: Callable[[], object]) -> None:
        if self._is_lost:
            return
        try:
            action()
        except OSError:
            self._is_lost = True


@contextlib.contextmanager
def open_terminal() -> Iterator[LastingStream]:
    """Open standard output a second time, past whoever captures the first; nowhere where there is none."""
    try:
        descriptor = os.dup(sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):  # closed by whoever started us, or not a file
        descriptor = os.open(os.devnull, os.O_WRONLY)
    terminal = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")
    try:
        yield LastingStream(terminal)
    finally:
        with contextlib.suppress(OSError):  # the words that could not be written
            terminal.close()
