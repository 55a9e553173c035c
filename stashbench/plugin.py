"""The pytest plugin: options, marks, fixtures and the hooks that turn a session with our tests into an audit.

Installed means loaded into every pytest run on the machine, so this module imports nothing but pytest, and does nothing
unless a collected test asks for one of its fixtures. The bodies live in `stashbench.harness`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from stashbench.harness.keys import SESSION_KEY

if TYPE_CHECKING:
    from stashbench.collect.sampler import Sampler
    from stashbench.harness.changes import Changes
    from stashbench.harness.evidence import EvidenceRecorder
    from stashbench.harness.job_stopwatch import JobStopwatch
    from stashbench.harness.measure import Measure
    from stashbench.harness.session import AuditSession
    from stashbench.model.database import DatabaseFacts
    from stashbench.model.measurement import Measurement
    from stashbench.stash.client import StashClient
    from stashbench.stash.library_sample import LibrarySample
    from stashbench.target import OpenTarget
    from stashbench.target.server import RunningServer

_FREE = frozenset({"embedded_server"})
"""Fixtures that serve other tests than those of an audit."""
_MARK = (
    "audit(id, category, severity, title=..., warning=..., critical=..., unit=..., upper=True): a check of stashbench; "
    "its limits can be overridden in the [thresholds] section of the configuration"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the target and report options; every one may also come from stashbench.toml or the environment."""
    group = parser.getgroup("stashbench", "stashbench: performance audit of a Stash server")
    add = group.addoption
    add("--stash-url", metavar="URL", help="Stash server to audit; without it the embedded server is started")
    add("--stash-api-key", metavar="KEY", help="its API key; better given as STASH_API_KEY, which others cannot read")
    add("--stash-database", metavar="FILE", help="its database file as this machine sees it (opened read-only)")
    add("--stash-pid", metavar="PID", type=int, help="its process, where it cannot be found from the listening port")
    add("--stash-log-file", metavar="FILE", help="its log file as this machine sees it")
    add(
        "--stash-node-exporter",
        metavar="URL",
        help="Prometheus node_exporter on the server's machine, if it is another",
    )
    add("--stash-binary", metavar="FILE", help="Stash program to start with a scratch configuration and a new library")
    add("--stash-log-level", metavar="LEVEL", help="log level of that program: Trace, Debug, Info, Warning or Error")
    add("--stash-library", metavar="N", type=int, help="scenes in the library of a server we start (default 20000)")
    add("--stash-fault", metavar="SPEC", action="append", help="plant a fault into the embedded server; repeatable")
    add("--stash-timeout", metavar="SECONDS", type=float, help="how long one request may take (default 30)")
    add("--stash-insecure", action="store_true", default=None, help="accept any TLS certificate")
    add("--stash-ca-file", metavar="FILE", help="certificate authority of the server")
    add("--allow-writes", action="store_true", default=None, help="let checks that change the server run")
    add("--stash-report-dir", metavar="DIR", help="where each run leaves its folder (default reports)")
    add("--stash-baseline-dir", metavar="DIR", help="where named baselines are kept (default baselines)")
    add("--stash-baseline", metavar="NAME", help="baseline to compare with: a name, auto (default) or none")
    add("--stash-config", metavar="FILE", help="settings file (default stashbench.toml or pyproject.toml here)")
    add(
        "--fail-on",
        choices=("never", "regression", "warning", "critical"),
        help="exit with 1 on a regression, a warning or worse, or a critical finding (default never)",
    )
    add(
        "--stash-no-profile",
        dest="stash_profile",
        action="store_false",
        default=None,
        help="do not run each request once more to read its SQL statements from the server's log",
    )
    add(
        "--stash-wait-quiet",
        metavar="SECONDS",
        nargs="?",
        type=float,
        const=60.0,
        help="wait until the machine is quiet before the first page is timed, at most so long (60 without a number)",
    )
    add("--stash-settle", metavar="TIME", help="wait so long (90s, 5m) before suspects are measured again")
    add(
        "--stash-replay",
        choices=("auto", "off"),
        help="start the baseline's server once more, where it can be, and decide suspects side by side with it",
    )
    add("--stash-quick", action="store_true", default=False, help="shorter benchmarks: wider intervals, sooner done")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known, so that --strict-markers accepts them."""
    config.addinivalue_line("markers", _MARK)


def _is_ours(item: pytest.Item) -> bool:
    """Say whether a test uses a fixture of this module; another suite's own fixture of that name does not count."""
    info = getattr(item, "_fixtureinfo", None)
    definitions = getattr(info, "name2fixturedefs", {})
    return any(
        found and getattr(found[-1].func, "__module__", "") == __name__
        for name, found in definitions.items()
        if name not in _FREE
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Open the target before the first test runs, if any collected test is ours."""
    ours = [item for item in session.items if _is_ours(item)]
    options = session.config.option
    is_stopped = session.testsfailed and not options.continue_on_collection_errors
    is_worker = hasattr(session.config, "workerinput")
    if ours and not (is_stopped or is_worker or options.collectonly):
        from stashbench.harness.lifecycle import begin

        session.config.stash[SESSION_KEY] = begin(session.config, ours)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:  # noqa: ARG001 - the hook's signature
    """Keep one record per test, from its set-up to its tear-down."""
    audit = item.config.stash.get(SESSION_KEY, None)
    if audit is None or not _is_ours(item):
        return (yield)
    from stashbench.harness.lifecycle import recording

    with recording(audit, item):
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse to share an audit between the workers of pytest-xdist; skip what needs a plugin that was switched off.

    A server with sessions is asked for a new one where ours has become old.
    """
    if SESSION_KEY not in item.config.stash and _is_ours(item):
        pytest.fail("an audit times one request at a time and cannot share its work: run it without -n", pytrace=False)
    needs_stopwatch = _is_ours(item) and "benchmark" in getattr(item, "fixturenames", ())
    if needs_stopwatch and not hasattr(item.config, "_benchmarksession"):
        pytest.skip("timing needs pytest-benchmark, which is switched off: leave out -p no:benchmark")
    audit = item.config.stash.get(SESSION_KEY, None)
    if audit is not None and _is_ours(item):
        # A session that is about to expire is renewed here, so that no log-in falls into what the test times.
        audit.target.client.sign_in()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Make the test's body a span of the resource timeline."""
    audit = item.config.stash.get(SESSION_KEY, None)
    if audit is None or audit.current is None:
        return (yield)
    with audit.current.span():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how each phase of one of our tests ended."""
    report = yield
    audit = item.config.stash.get(SESSION_KEY, None)
    if audit is not None and audit.current is not None:
        from stashbench.harness.lifecycle import note_report

        note_report(audit.current, report, call)
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the report of an audit and let --fail-on decide the exit status."""
    audit = session.config.stash.get(SESSION_KEY, None)
    if audit is not None:
        from stashbench.harness.lifecycle import end

        session.exitstatus = end(audit, session, exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say the verdict, the score, the first three things to do, and where the report lies."""
    audit = config.stash.get(SESSION_KEY, None)
    if audit is not None:
        from stashbench.harness.terminal import write_summary

        write_summary(terminalreporter, audit)


def _session(request: pytest.FixtureRequest) -> AuditSession:
    return request.config.stash[SESSION_KEY]


@pytest.fixture
def embedded_server() -> Generator[Callable[..., RunningServer]]:
    """Start embedded servers: `embedded_server("latency=FindScenes:300", scene_count=500)` plants faults into one.

    For tests of clients, plugins and checks; they end with the test. Asking for it makes no audit of a test.
    """
    from contextlib import ExitStack

    from stashbench.target.server import ServerOptions, running_server

    with ExitStack() as running:

        def start(*faults: str, scene_count: int = 200, seed: int = 1, **options: Any) -> RunningServer:
            chosen = ServerOptions(scene_count=scene_count, seed=seed, faults=faults, **options)
            return running.enter_context(running_server(chosen))

        yield start


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> OpenTarget:
    """Give the server under audit, and what of it can be reached."""
    return _session(request).target


@pytest.fixture(scope="session")
def stash(request: pytest.FixtureRequest) -> StashClient:
    """Give a client of the server under audit."""
    return _session(request).target.client


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest) -> LibrarySample:
    """Give ids and names found in the server's library; what the library lacks skips the test with that reason."""
    from stashbench.harness.sample import sample

    return sample(_session(request))


@pytest.fixture(scope="session")
def configuration(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give the server's general configuration, without its secrets."""
    return _session(request).target.configuration()


@pytest.fixture(scope="session")
def database_facts(request: pytest.FixtureRequest) -> DatabaseFacts | None:
    """Give what can be read from the database file, or None where it is not within reach."""
    return _session(request).database_facts


@pytest.fixture
def measurements(request: pytest.FixtureRequest) -> tuple[Measurement, ...]:
    """Give what the benchmarks of this run have measured so far; benchmarks run before checks."""
    return tuple(_session(request).record.measurements)


@pytest.fixture(scope="session")
def resources(request: pytest.FixtureRequest) -> Sampler:
    """Give the running sampler of the server's process tree and the host."""
    return _session(request).sampler


@pytest.fixture
def measure(request: pytest.FixtureRequest, benchmark: Any) -> Measure:
    """Give the stopwatch: `measure(document, variables, page=..., title=...)` times one request of Stash's API."""
    from stashbench.harness.measure import Measure

    return Measure(_session(request), request.node, benchmark)


@pytest.fixture
def measure_job(request: pytest.FixtureRequest, measure: Measure, benchmark: Any) -> JobStopwatch:
    """Give the stopwatch for jobs: `measure_job(document, variables, ...)` starts one and follows it to its end."""
    from stashbench.harness.job_stopwatch import JobStopwatch

    return JobStopwatch(_session(request), measure, benchmark)


@pytest.fixture
def changes(request: pytest.FixtureRequest) -> Changes:
    """Give the guard of what changes data: `with changes.only(cell):` asks for leave, and proves what was put back."""
    from stashbench.harness.changes import Changes

    return Changes(_session(request))


@pytest.fixture
def audit(request: pytest.FixtureRequest) -> EvidenceRecorder:
    """Give the recorder of a check: evidence, and one judgement against the limits of the test's `audit` mark."""
    from stashbench.harness.evidence import recorder_for

    session = _session(request)
    recorder = recorder_for(session, request.node)
    assert session.current is not None
    session.current.recorder = recorder
    return recorder
