"""Suites in planning mode: their `measure` times nothing, but prepares each benchmark's request for both servers.

Each benchmark's body runs twice, once a side, because a body may ask what the server offers and choose its document.
Ids and words for filters are picked from side A's library and used for both.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from stashbench.compare.asking import Asking
from stashbench.compare.plan import PairedRequest
from stashbench.errors import NotOfferedError, RequestError, StashbenchError, TargetError, UsageError
from stashbench.harness.inside import run_pytest
from stashbench.harness.record import benchmark_id, group_of
from stashbench.harness.sample import SkippingSample

if TYPE_CHECKING:
    from stashbench.stash.client import StashClient
    from stashbench.stash.library_sample import LibrarySample
    from stashbench.target import OpenTarget

_MARK = "audit(id, category, severity, ...): a check of stashbench; it is not run here"


def collect_requests(
    paths: Sequence[Path],
    a: OpenTarget,
    b: OpenTarget,
    *,
    expression: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[PairedRequest]:
    """Collect the suites' benchmarks as requests for both servers, each answered by both and checked.

    Raises:
        UsageError: the suites cannot be loaded, or hold no benchmark that matches.
        TargetError: a server was lost.
    """
    planner = _Planner(a, b, progress)
    output = io.StringIO()
    words = ["-q", "--benchmark-quiet", "--benchmark-disable", *(["-k", expression] if expression else [])]
    status = run_pytest(["-p", "pytest_benchmark.plugin", *map(str, paths), *words], planner, output)
    if planner.loss is not None:
        raise planner.loss
    if status == pytest.ExitCode.INTERRUPTED and planner.was_interrupted:
        raise KeyboardInterrupt
    if status in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.INTERRUPTED}:
        message = f"The suites could not be loaded: {_last_words(output.getvalue())}"
        raise UsageError(message)
    if not planner.found:
        message = "No benchmark matches; see the names with: pytest --collect-only SUITE"
        raise UsageError(message)
    return planner.found


class _Planner:
    """A pytest plugin: gives the fixtures of an audit, and runs each benchmark's body once for each side."""

    def __init__(self, a: OpenTarget, b: OpenTarget, progress: Callable[[str], None]) -> None:
        self.found: list[PairedRequest] = []
        self.loss: TargetError | None = None
        self.was_interrupted = False
        self._targets = {"a": a, "b": b}
        self._asking = Asking(self._targets)
        self._progress = progress
        self._current: PairedRequest | None = None

    @cached_property
    def sample(self) -> LibrarySample:
        """What the library holds, by side A."""
        from stashbench.stash.library_sample import sample_library

        a = self._targets["a"]
        return cast("LibrarySample", SkippingSample(sample_library(a.client, a.adapter)))

    @pytest.fixture(scope="session")
    def target(self) -> OpenTarget:
        """Give side A."""
        return self._targets["a"]

    @pytest.fixture(scope="session")
    def stash(self) -> StashClient:
        """Give a client of side A."""
        return self._targets["a"].client

    @pytest.fixture(scope="session")
    def library(self) -> LibrarySample:
        """Give ids and names of side A's library; what it lacks skips the benchmark."""
        return self.sample

    @pytest.fixture(scope="session")
    def configuration(self) -> dict[str, Any]:
        """Give side A's configuration."""
        return self._targets["a"].configuration()

    @pytest.fixture
    def measure(self) -> Asking:
        """Give the stand-in for the stopwatch."""
        return self._asking

    def pytest_configure(self, config: pytest.Config) -> None:
        """Know the mark of checks, which stand beside benchmarks."""
        config.addinivalue_line("markers", _MARK)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep benchmarks only: checks judge one server."""
        others = [item for item in items if "measure" not in getattr(item, "fixturenames", ())]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if "measure" in getattr(item, "fixturenames", ())]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run the body for side A, then for side B; what one side declines is noted, never a failure."""
        names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 - what pytest itself does
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        pair = PairedRequest(
            id=benchmark_id(pyfuncitem.name),
            title=benchmark_id(pyfuncitem.name).replace("_", " "),
            group=group_of(pyfuncitem.path.name),
            suite=pyfuncitem.path.parent.name,
            file=pyfuncitem.path,
        )
        self._current = pair
        self.found.append(pair)
        self._progress(pair.id)
        for letter in self._targets:
            self._asking.begin(pair, letter)
            side = pair.sides[letter]
            try:
                pyfuncitem.obj(**arguments)
            except pytest.skip.Exception as skipped:
                side.problem = side.problem or str(skipped)
            except NotOfferedError as error:
                side.is_not_offered = True
                side.problem = str(error)
            except RequestError as error:
                side.answer = None
                side.problem = str(error)
            if side.answer is None and not side.problem:
                side.problem = "the benchmark asked for nothing"
        return True

    def pytest_exception_interact(self, call: pytest.CallInfo[None]) -> None:
        """Note why a benchmark's body failed; a lost server ends the planning."""
        error = call.excinfo.value if call.excinfo is not None else None
        if isinstance(error, TargetError):
            self.loss = error
        elif self._current is not None and error is not None:
            why = str(error) if isinstance(error, StashbenchError) else f"{type(error).__name__}: {error}"
            for side in self._current.sides.values():
                side.answer = None
                side.problem = f"the benchmark failed while it was prepared ({why})"

    def pytest_runtest_logfinish(self, nodeid: str) -> None:  # noqa: ARG002 - the hook's signature
        """End early where a server was lost."""
        if self.loss is not None:
            pytest.exit("the server was lost")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell Ctrl-C from a suite that cannot be loaded."""
        self.was_interrupted = excinfo.type is KeyboardInterrupt


def _last_words(text: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith(("E ", "ERROR", "INTERNALERROR"))]
    lines = lines or text.strip().splitlines()
    return " ".join(lines[-1].split()) if lines else "pytest said nothing"
