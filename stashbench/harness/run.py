"""Runs the suites in this process for the command line: pytest underneath, our progress and summary on the terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stashbench.harness.inside import run_pytest
from stashbench.harness.interrupts import HiddenVariables, hidden_secrets
from stashbench.harness.keys import HIDDEN_KEY, PROGRESS_KEY, SESSION_KEY
from stashbench.harness.live import LiveProgress
from stashbench.harness.terminal import print_summary
from stashbench.model.text import visible

if TYPE_CHECKING:
    from rich.console import Console

    from stashbench.harness.progress import Progress
    from stashbench.harness.session import AuditSession

_PLUGINS = ("pytest_benchmark.plugin", "stashbench.plugin")
_STATUS_WITHOUT_AUDIT = {
    pytest.ExitCode.OK: 0,
    pytest.ExitCode.NO_TESTS_COLLECTED: 2,
    pytest.ExitCode.USAGE_ERROR: 2,
    pytest.ExitCode.INTERRUPTED: 2,
    pytest.ExitCode.TESTS_FAILED: 1,
    pytest.ExitCode.INTERNAL_ERROR: 4,
}


def run_suites(paths: Sequence[Path], options: Sequence[str], console: Console) -> int:
    """Run suites as pytest would with the same options, and return the exit status of the command.

    Only our own plugins are loaded: what else is installed on the machine must not change what is measured.
    """
    output = io.StringIO()
    # From before pytest starts: its plugins start programs of their own as soon as they are loaded.
    with hidden_secrets() as hidden, LiveProgress(console) as progress:
        observer = _Observer(progress, hidden)
        status = _pytest([*map(str, paths), *options], observer, output)
    if observer.session is not None:
        print_summary(console, observer.session)
        _keep_log(observer.session, output.getvalue())
        return status
    if observer.exit_message:
        print(f"stashbench: {visible(observer.exit_message)}", file=sys.stderr)  # noqa: T201 - the command's own output
        return status
    if observer.was_interrupted:
        print("stashbench: interrupted before the first test; nothing was measured", file=sys.stderr)  # noqa: T201 - the command's own output
        return 130
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("stashbench: no test matches; see the names with: pytest --collect-only SUITE", file=sys.stderr)  # noqa: T201 - the command's own output
        return 2
    print(output.getvalue().rstrip(), file=sys.stderr)  # noqa: T201 - what pytest has to say is all there is
    if status == pytest.ExitCode.INTERRUPTED:
        print("stashbench: the suites could not be loaded; correct the file named above", file=sys.stderr)  # noqa: T201 - the command's own output
    return _STATUS_WITHOUT_AUDIT.get(pytest.ExitCode(status), status)


def _pytest(arguments: Sequence[str], observer: _Observer, output: io.StringIO) -> int:
    loaded = [word for plugin in _PLUGINS for word in ("-p", plugin)]
    return run_pytest([*loaded, "--benchmark-quiet", *arguments], observer, output)


def _keep_log(session: AuditSession, text: str) -> None:
    """Keep pytest's own output beside the report if a test failed: it holds the tracebacks."""
    if session.failed_tests and session.run_directory.is_dir():
        try:
            (session.run_directory / "pytest.log").write_text(text, encoding="utf-8")
        except OSError as error:
            print(f"stashbench: pytest.log was not written: {error.strerror}", file=sys.stderr)  # noqa: T201 - the command's own output


class _Observer:
    """A pytest plugin that hands our objects over, and remembers how the session went."""

    def __init__(self, progress: Progress, hidden: HiddenVariables) -> None:
        self.session: AuditSession | None = None
        self.exit_message = ""
        self.was_interrupted = False
        self._progress = progress
        self._hidden = hidden

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[PROGRESS_KEY] = self._progress
        config.stash[HIDDEN_KEY] = self._hidden

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, pytest.exit.Exception):
            self.exit_message = str(excinfo.value.msg)
        elif not isinstance(excinfo.value, pytest.Session.Interrupted):  # which is how a broken suite ends
            self.was_interrupted = True

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        self.session = config.stash.get(SESSION_KEY, None)
