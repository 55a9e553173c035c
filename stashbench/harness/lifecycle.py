"""From the first test to the last: opening an audit in a pytest session, recording its tests, and ending it.

Exit status of a session that is an audit, under pytest as under `stashbench audit`:

    0    fine, or --fail-on never
    1    a finding or regression at or above --fail-on; a test that failed (unless --fail-on never is asked for by name)
    2    usage or configuration
    3    the target cannot be reached or used, or was lost on the way
    4    anything else: a report that cannot be written, a library that cannot be made, an error of ours
    130  interrupted from the keyboard, 143 terminated: what was measured is in a report marked partial
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from stashbench.audit import conclude, exit_status, failure_in_words, feed_rolling, rescue_result, write_run
from stashbench.config import find_file
from stashbench.errors import NotOfferedError, RequestTimeoutError, StashbenchError, TargetError, TargetUnreachableError
from stashbench.harness.benchmark_file import guard_saving
from stashbench.harness.evidence import recorder_for
from stashbench.harness.interrupts import deaf_to_interrupts, listen_for_interrupts
from stashbench.harness.keys import PROGRESS_KEY
from stashbench.harness.limits import remarks_on_limits
from stashbench.harness.progress import Progress, Silent, TellsOfWaiting
from stashbench.harness.record import TestRecord, benchmark_id
from stashbench.harness.replay import Origin
from stashbench.harness.rounds import WARMUP_CAP_SECONDS
from stashbench.harness.second_look import look_again
from stashbench.harness.session import AuditSession
from stashbench.harness.setting_names import remarks_on_names
from stashbench.harness.settings import settings_of
from stashbench.model.sample import SpanKind
from stashbench.model.text import visible

INTERNAL = 4


def begin(config: pytest.Config, items: Sequence[pytest.Item]) -> AuditSession:
    """Open the target for our tests; where that fails, exit with one clear sentence and the status of the error."""
    progress: Progress = config.stash.get(PROGRESS_KEY, None) or _told_by_pytest(config)
    session = _open(config, progress)
    if isinstance(session, StashbenchError):
        # Not where it was caught: --full-trace would show the arguments on the way, the key among them.
        pytest.exit(visible(str(session)), returncode=session.exit_status)
    guard_saving(config, session)
    session.planned = [item.nodeid for item in items]
    pages = [item.nodeid for item in items if _kind(item) is SpanKind.BENCHMARK and not _changes_data(item)]
    session.profiler.last_nodeid = (pages or session.planned)[-1]
    listen_for_interrupts(config, session, is_whole_program=PROGRESS_KEY in config.stash)
    is_selection = bool(config.option.keyword or config.option.markexpr)
    for remark in (
        *session.target.warnings,
        *remarks_on_limits(session.settings, items, is_selection=is_selection),
        *(() if is_selection else _remarks_on_names(session, items)),
    ):
        session.warn(remark)
    progress.planned({item.nodeid: _guess_seconds(item, session) for item in items})
    return session


def _told_by_pytest(config: pytest.Config) -> Progress:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return Silent() if reporter is None else TellsOfWaiting(reporter.write_line)


def _open(config: pytest.Config, progress: Progress) -> AuditSession | StashbenchError:
    try:
        settings = settings_of(config)
        is_quick = config.getoption("stash_quick")
        return AuditSession(settings, progress, _command(config), is_quick=is_quick)
    except StashbenchError as error:
        return error


@contextlib.contextmanager
def recording(session: AuditSession, item: pytest.Item) -> Iterator[None]:
    """Keep the record of one test, from before its set-up until after its tear-down."""
    kind = _kind(item)
    record = TestRecord(session, item.nodeid, label_of(item), kind, lambda: recorder_for(session, item))
    session.is_out_of_reach = False
    session.restarts.before_test()
    session.current = record
    session.progress.test_started(item.nodeid, record.label)
    try:
        yield
    except BaseException:
        record.was_interrupted = True
        raise
    finally:
        session.current = None
        if not record.was_interrupted:
            session.restarts.after_test(record)
        record.close()
        session.note_log_ins(record.label)
        outcome = "failed" if record.failure else "skipped" if record.skip_reason else "passed"
        if not record.was_interrupted:
            session.finished.append(item.nodeid)
            session.progress.test_finished(item.nodeid, outcome)
        if record.was_given_up and not record.was_interrupted:
            session.settle(record.label)
        if session.loss:
            item.session.shouldstop = "the server under audit was lost"
    item.session.testsfailed += session.passes.run_if_due(item.nodeid)
    if session.loss:
        item.session.shouldstop = "the server under audit was lost"
    session.profiler.run_if_due(item.nodeid)


def note_report(record: TestRecord, report: pytest.TestReport, call: pytest.CallInfo[None]) -> None:
    """Take over how a phase (set-up, body, tear-down) ended."""
    if report.failed and call.excinfo is not None and isinstance(call.excinfo.value, NotOfferedError):
        # What a server does not offer is no fault of it, nor of the test that asks for it.
        record.is_not_offered = True
        report.outcome = "skipped"
        report.longrepr = (report.location[0], report.location[1] or 0, f"Skipped: {call.excinfo.value}")
    if report.skipped:
        record.skip_reason = _skip_reason(report)
    elif report.failed and not record.failure:
        error = call.excinfo.value if call.excinfo is not None else None
        record.failure = _in_words(error, report.when or "call")
        if isinstance(error, StashbenchError):
            # Our sentence says all there is to know; the way it took through our code helps nobody.
            report.longrepr = record.failure
        record.session.failed_tests[record.nodeid] = record.failure
        record.was_given_up = isinstance(error, RequestTimeoutError)
        if isinstance(error, TargetError):
            # Every further test would fail alike, and on a server that restarts it would measure a cold one.
            record.session.loss = record.failure
            record.session.is_out_of_reach = isinstance(error, TargetUnreachableError)


def end(session: AuditSession, pytest_session: pytest.Session, exitstatus: int) -> int:
    """Stop measuring, conclude, write the report, and return the exit status of the run."""
    if exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        look_again(session, _origin(pytest_session.config))
    was_interrupted = exitstatus == pytest.ExitCode.INTERRUPTED or session.was_interrupted
    session.record.partial_reasons += _why_partial(session, was_interrupted=was_interrupted)
    try:
        # Ctrl-C has been obeyed already, or comes when all is measured; it must not cost the report.
        with deaf_to_interrupts():
            session.progress.concluding()
            session.stop_measuring()
            session.result = conclude(
                session.record,
                session.settings.audit,
                effects=session.settings.effects,
                accepted=session.settings.accepted,
            )
            _feed(session)
            session.problems += write_run(session.result, session.settings.audit.report_directory)
            session.forget_journal()
    except StashbenchError as error:
        session.error = f"{error} {_kept(session)}".strip()
        return error.exit_status
    finally:
        session.is_over = True
        session.close()
    if session.loss:
        return TargetError.exit_status
    if was_interrupted:
        return session.interrupt_status
    if exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        return INTERNAL
    status = exit_status(
        session.result,
        session.settings.audit.fail_on,
        has_failed_tests=pytest_session.testsfailed > 0,
        is_fail_on_chosen=session.settings.source("audit.fail_on") != "default",
    )
    return status or (INTERNAL if session.problems else 0)


def _origin(config: pytest.Config) -> Origin:
    """Gather what a comparison needs to ask the same pages as this audit."""
    directory = config.invocation_params.dir
    chosen = config.getoption("stash_config")
    named = [directory / word.partition("::")[0] for word in config.args]
    return Origin(
        suites=tuple(dict.fromkeys(path for path in named if path.exists())),
        settings_path=Path(chosen) if chosen else find_file(directory),
        is_quick=config.getoption("stash_quick"),
    )


def _feed(session: AuditSession) -> None:
    """Take the run into the rolling baseline; where that cannot be written, the report is worth more."""
    assert session.result is not None
    try:
        session.result = feed_rolling(session.result, session.settings.audit)
    except StashbenchError as error:
        session.problems += (str(error),)


def _kept(session: AuditSession) -> str:
    """Say where the measurements of a run are whose result could not be written where it belongs."""
    if session.result is None:
        return session.journal_kept()
    try:
        directory = rescue_result(session.result)
    except StashbenchError:
        return session.journal_kept()
    return f"The result was put into {directory} instead: `stashbench report {directory}` makes the report."


def label_of(item: pytest.Item) -> str:
    """Return a test's name in words, until it says a better title itself."""
    return item.name.removeprefix("bench_").removeprefix("audit_").replace("_", " ")


def _command(config: pytest.Config) -> list[str]:
    """Return what the user typed: our command line calls pytest with words of its own."""
    if PROGRESS_KEY in config.stash:
        return ["stashbench", *sys.argv[1:]]
    return ["pytest", *map(str, config.invocation_params.args)]


def _kind(item: pytest.Item) -> SpanKind:
    return SpanKind.BENCHMARK if "measure" in getattr(item, "fixturenames", ()) else SpanKind.AUDIT


def _changes_data(item: pytest.Item) -> bool:
    """Say whether a benchmark changes data: those come after everything else, and are not run once more."""
    return "changes" in getattr(item, "fixturenames", ())


def _remarks_on_names(session: AuditSession, items: Sequence[pytest.Item]) -> tuple[str, ...]:
    benchmarks = [item for item in items if _kind(item) is SpanKind.BENCHMARK]
    ids, files = [benchmark_id(item.name) for item in benchmarks], [item.path for item in benchmarks]
    return remarks_on_names(session.settings.effects, session.settings.accepted, ids, files)


def _guess_seconds(item: pytest.Item, session: AuditSession) -> float:
    """Guess how long a test takes before any has run: a benchmark its budget and a warm-up, a check half a second."""
    return session.budget_seconds + WARMUP_CAP_SECONDS / 10 if _kind(item) is SpanKind.BENCHMARK else 0.5


def _skip_reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return "skipped"


def _in_words(error: BaseException | None, when: str) -> str:
    where = {"setup": "while it was set up: ", "teardown": "while it was cleaned up: "}.get(when, "")
    if error is None:
        return f"{where}failed without an exception"
    return where + failure_in_words(error)


def _why_partial(session: AuditSession, *, was_interrupted: bool) -> list[str]:
    done = set(session.finished)
    missing = [nodeid for nodeid in session.planned if nodeid not in done]
    how = "the run was interrupted" if was_interrupted else "the run stopped early"
    if session.loss:
        how = f"the server was lost ({session.loss})"
    unread = " and ".join(filter(None, (session.passes.partial_reason, session.profiler.partial_reason)))
    reasons = [f"{how}: {len(missing)} of {len(session.planned)} tests did not run"] if missing else []
    return [*reasons, f"{how}: {unread}"] if unread else reasons
