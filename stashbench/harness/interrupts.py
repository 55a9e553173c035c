"""Ctrl-C and SIGTERM while an audit runs: obeyed once, and from then on the report is written undisturbed."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from stashbench.model.secret import SECRET_VARIABLES

if TYPE_CHECKING:
    import pytest

    from stashbench.harness.session import AuditSession

TERMINATED = 128 + signal.SIGTERM
# People press Ctrl-C until something happens. Later presses count again: a test may have swallowed the first.
_DEAF_SECONDS = 3.0


def listen_for_interrupts(config: pytest.Config, session: AuditSession, *, is_whole_program: bool) -> None:
    """Treat SIGTERM like Ctrl-C, so that a stopped CI job leaves its report too, and a burst of either as one.

    Lasts until pytest ends. `is_whole_program` says that nothing worth interrupting comes after the report: we
    then stay deaf, or one press too many would take the summary from the terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    obeyed_at = float("-inf")

    def interrupt(number: int, _frame: FrameType | None) -> None:
        nonlocal obeyed_at
        now = time.monotonic()
        if session.is_over or now - obeyed_at < _DEAF_SECONDS:
            return
        obeyed_at = now
        session.was_interrupted = True
        if number == signal.SIGTERM:
            session.interrupt_status = TERMINATED
        raise KeyboardInterrupt

    def restore(number: int, before: Callable[[int, FrameType | None], object] | int) -> None:
        signal.signal(number, signal.SIG_IGN if is_whole_program and session.is_over else before)

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        # Whoever started us ignoring Ctrl-C (a shell does for `command &`) means it.
        if before is not signal.SIG_IGN and before is not None:
            signal.signal(number, interrupt)
            config.add_cleanup(functools.partial(restore, number, before))


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Ignore both signals during the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True)
class Ending:
    """The exit status that an interruption calls for."""

    status: int = 128 + signal.SIGINT


@contextlib.contextmanager
def terminated_as_interrupt() -> Iterator[Ending]:
    """Treat SIGTERM like Ctrl-C during the block, for commands that keep what they have measured."""
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        ending.status = TERMINATED
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)


class HiddenVariables(dict[str, str]):
    """Variables of the environment with secrets in them; a traceback that shows local variables must not show these."""

    def __repr__(self) -> str:
        return f"<{len(self)} hidden variables>"


@contextlib.contextmanager
def hidden_secrets() -> Iterator[HiddenVariables]:
    """Take secrets out of the environment during the block: what is started or loaded meanwhile must not see them."""
    hidden = HiddenVariables({name: os.environ.pop(name) for name in SECRET_VARIABLES if name in os.environ})
    try:
        yield hidden
    finally:
        os.environ.update(hidden)
