"""Whole runs against a real server process: what is recorded, what is written, which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stashbench.model.finding import Outcome, Severity
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

SUITES = Path(__file__).parent.parent.parent / "suites"
QUICKLY = ("--stash-quick", "--stash-no-profile")
FEW = "bench_latency_floor or bench_scenes_by_date or bench_scenes_of_tag"

CHECK = """
@pytest.mark.audit(id="{id}", category="api", severity="critical", warning=10, critical=100, unit="ms")
def audit_{name}(audit, stash):
    audit.evidence("seen", 1)
    {body}
"""


def check(body, name="one"):
    return CHECK.format(id=name, name=name, body=body)


def test_pytest_and_the_command_line_leave_the_same(server, run, run_inside, latest, tmp_path):
    options = ("--stash-url", server.url, "--stash-quick", "-k", FEW)
    done = run_inside(SUITES, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    first = latest()
    assert {item.id for item in first.measurements} >= {"latency-floor", "scenes-by-date", "scenes-of-tag"}
    for item in first.measurements:
        assert item.outcome is MeasurementOutcome.OK, item
        assert item.statistics.count == len(item.rounds_seconds) >= 5
        assert item.warmup_count >= 2
        assert item.page
        assert item.response_bytes > 0
        assert 0 < item.client_floor_seconds < item.statistics.median_seconds
        assert item.resources.cpu_seconds is not None
    assert next(item for item in first.measurements if item.id == "scenes-by-date").row_count == 40
    assert {item.id for item in first.spans} == {item.nodeid for item in first.measurements} | {"passes", "profile"}
    assert first.timeline.get("process_rss_bytes") is not None
    assert (first.partial, first.warnings) == (False, ())
    assert first.target.library.scene_count == 200
    assert f"reports/{first.run_id}/report.html" in done.stdout
    assert first.verdict in done.stdout

    options = ("--suite", SUITES, "--stash-url", server.url, "--quick", "--no-profile", "-k", FEW)
    done = run("stashbench", "audit", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    second = latest()
    assert second.run_id != first.run_id
    assert [item.id for item in second.measurements] == [item.id for item in first.measurements]
    assert [item.nodeid for item in second.measurements] == [item.nodeid for item in first.measurements]
    assert [item.definition_hash for item in second.measurements] == [i.definition_hash for i in first.measurements]
    assert [item.id for item in second.findings] == [item.id for item in first.findings]
    assert [point.run_id for point in second.trends] == [first.run_id]
    assert second.command.startswith("stashbench audit --suite")
    for name in (first.run_id, second.run_id, "latest"):
        folder = tmp_path / "reports" / name
        assert {path.name for path in folder.iterdir()} == {
            *("result.json", "report.html", "summary.md", "junit.xml", "benchmark.json"),
        }


def test_pytest_benchmark_reads_what_it_wrote(server, run_inside, tmp_path):
    done = run_inside(SUITES, "--stash-url", server.url, *QUICKLY, "-k", "bench_latency_floor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.index("/report.html") > done.stdout.index("Legend:")
    path = tmp_path / "reports" / "latest" / "benchmark.json"
    document = json.loads(path.read_text())
    (bench,) = document["benchmarks"]
    assert (bench["group"], bench["extra_info"]["page"]) == ("server", "every page")
    assert bench["stats"]["data"]
    command = [sys.executable, "-m", "pytest_benchmark", "compare", str(path)]
    table = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "bench_latency_floor" in table.stdout


def test_findings_never_fail_a_test_but_the_policy_may_fail_the_run(server, run_inside, suite, latest):
    folder = suite(check('audit.judge(50, message="fifty is much")'))
    for policy, status in (("never", 0), ("critical", 0), ("regression", 0), ("warning", 1)):
        done = run_inside(folder, "--stash-url", server.url, "--fail-on", policy)
        assert (done.returncode, "1 passed" in done.stdout) == (status, True), done.stdout
    (finding,) = latest().findings
    assert (finding.outcome, finding.severity, finding.value) == (Outcome.FAILED, Severity.WARNING, 50)
    assert finding.nodeid == "audit_things.py::audit_one"


def test_the_configuration_changes_a_limit(server, run_inside, suite, latest, tmp_path):
    (tmp_path / "stashbench.toml").write_text('[thresholds.one]\ncritical = 20\n[audit]\nfail_on = "critical"\n')
    done = run_inside(suite(check('audit.judge(50, message="m")')), "--stash-url", server.url)
    assert done.returncode == 1, done.stdout
    assert latest().findings[0].threshold.source == "file"


def test_a_check_that_crashes_is_seen_and_costs_only_itself(server, run_inside, suite, latest):
    folder = suite(check("raise ValueError('no such column')") + check('audit.judge(1, message="m")', "two"))
    done = run_inside(folder, "--stash-url", server.url)
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    crashed, fine = latest().findings
    assert (crashed.outcome, crashed.message) == (Outcome.ERROR, "ValueError: no such column")
    assert crashed.fact("seen") == 1
    assert fine.outcome is Outcome.PASSED
    assert run_inside(folder, "--stash-url", server.url, "--fail-on", "never").returncode == 0


def test_an_answer_with_errors_fails_the_benchmark_in_one_sentence(server, run_inside, suite, latest):
    folder = suite(
        "def bench_broken(measure):\n"
        "    measure.document('query Broken { findScene(id: \"x\") { id } }', page='p', title='Broken')\n",
        "bench_things.py",
    )
    done = run_inside(folder, "--stash-url", server.url)
    assert done.returncode == 1
    (item,) = latest().measurements
    assert (item.id, item.title, item.outcome) == ("broken", "Broken", MeasurementOutcome.FAILED)
    assert item.reason.startswith("The request Broken failed: ")
    assert "Traceback" not in done.stdout
    assert "_____ bench_broken" in done.stdout
    assert "harness/measure.py" not in done.stdout


def test_what_server_or_library_lack_is_said_not_measured(server, run_inside, suite, latest):
    folder = suite(
        "def bench_gone(measure):\n"
        "    measure.document('query Gone { noSuchQuery { id } }', page='p', title='Gone')\n"
        "def bench_empty(measure, library):\n"
        "    measure('scene', {'id': library.nothing_id}, page='p', title='Empty')\n",
        "bench_things.py",
    )
    (folder / "conftest.py").write_text(
        "import pytest\n"
        "from stashbench.harness.sample import SkippingSample\n"
        "class Nothing:\n    nothing_id = None\n"
        "@pytest.fixture\ndef library():\n    return SkippingSample(Nothing())\n"
    )
    done = run_inside(folder, "--stash-url", server.url)
    assert done.returncode == 0, done.stdout
    gone, empty = latest().measurements
    assert (gone.outcome, gone.reason) == (
        MeasurementOutcome.NOT_OFFERED,
        "this server does not offer the query noSuchQuery",
    )
    assert (empty.outcome, empty.reason) == (MeasurementOutcome.NOT_MEASURED, "the library has no nothing to ask for")


def test_the_key_is_nowhere_in_what_a_run_leaves(run, run_inside, suite, tmp_path):
    key = "s3cr3t-key-value"
    folder = suite(check('audit.judge(1, message="m")'))
    with running_server(ServerOptions(scene_count=50, seed=3, api_key=Secret(key))) as server:
        done = [
            run_inside(folder, "--stash-url", server.url, "--stash-api-key", key),
            run("stashbench", "audit", "--suite", folder, "--stash-url", server.url, STASH_API_KEY=key),
        ]
    assert [item.returncode for item in done] == [0, 0], done
    assert [item for item in done if key in item.stdout + item.stderr] == []
    files = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path for path in files if key.encode() in path.read_bytes()] == []


def test_a_suite_of_somebody_else_with_a_fixture_of_the_same_name_is_no_audit(run_inside, suite, tmp_path):
    folder = suite("@pytest.fixture\ndef target():\n    return 1\ndef audit_x(target):\n    assert target == 1\n")
    done = run_inside(folder)
    assert (done.returncode, (tmp_path / "reports").exists()) == (0, False)


def test_looking_at_the_suite_opens_no_target(run, tmp_path):
    done = run("pytest", SUITES, "--collect-only", "-q", "--stash-url", "http://127.0.0.1:1")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("::bench_") >= 26
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("option", [["--fail-on", "sometimes"], ["--stash-config", "nowhere.toml"]])
def test_a_wrong_option_is_said_before_anything_runs(run, suite, tmp_path, option):
    done = run("stashbench", "audit", "--suite", suite(check("pass")), *option)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert option[1] in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_baseline_that_is_not_there_is_said_before_anything_runs(server, run_inside, suite, tmp_path):
    done = run_inside(suite(check("pass")), "--stash-url", server.url, "--stash-baseline", "before-the-upgrade")
    assert done.returncode == 2
    assert "no baseline 'before-the-upgrade'" in done.stdout
    assert not (tmp_path / "reports").exists()


def test_a_policy_on_regressions_without_a_baseline_says_that_it_could_not_judge(server, run_inside, suite):
    folder = suite(check('audit.judge(50, message="m")'))
    done = run_inside(folder, "--stash-url", server.url, "--fail-on", "regression")
    assert done.returncode == 0
    assert "had nothing to compare with: there are no baselines" in done.stdout


def test_a_check_whose_fixture_fails_or_skips_is_in_the_report(server, run_inside, suite, latest):
    fixtures = (
        "@pytest.fixture(scope='session')\ndef broken(stash):\n    raise ValueError('no window')\n"
        "@pytest.fixture(scope='session')\ndef skipping(stash):\n    pytest.skip('no database file')\n"
    )
    broken = check('audit.judge(1, message="m")', "one").replace("(audit, stash)", "(broken, audit)")
    skipped = check('audit.judge(1, message="m")', "two").replace("(audit, stash)", "(skipping, audit)")
    done = run_inside(suite(fixtures + broken + skipped), "--stash-url", server.url)
    assert done.returncode == 1
    one, two = latest().findings
    assert (one.id, one.outcome, one.message) == (
        "one",
        Outcome.ERROR,
        "while it was set up: ValueError: no window",
    )
    assert (two.id, two.outcome, two.message) == ("two", Outcome.NOT_MEASURED, "no database file")


def test_a_request_given_up_is_waited_for_before_the_next_test(run_inside, suite, latest):
    options = ServerOptions(scene_count=50, seed=3, faults=("latency=findTags:2500",))
    with running_server(options) as slow:
        folder = suite(
            "def bench_tags(measure):\n"
            "    measure('tag_names', page='Tags', title='Tags')\n"
            "def bench_version(measure):\n"
            "    measure('version', page='Server', title='Version')\n",
            "bench_things.py",
        )
        done = run_inside(folder, "--stash-url", slow.url, "--stash-timeout", "1.5", *QUICKLY)
    assert done.returncode == 1, done.stdout
    tags, version = latest().measurements
    assert tags.outcome is MeasurementOutcome.FAILED
    assert "no complete answer within 1.5 s" in tags.reason
    assert version.outcome is MeasurementOutcome.OK
    assert any("Tags was given up after 1.5 s; the server was done with it" in text for text in latest().warnings)


def test_near_duplicates_are_not_asked_of_a_server_they_would_keep_busy(server, run_inside, latest, monkeypatch):
    bench = SUITES / "benchmarks" / "bench_duplicates.py"
    done = run_inside(bench, "--stash-url", server.url, *QUICKLY, "-k", "near")
    assert done.returncode == 0, done.stdout
    (near,) = latest().measurements
    assert near.outcome is MeasurementOutcome.OK

    monkeypatch.setattr("stashbench.analyse.request_cost.SECONDS_PER_PAIR", 0.01)
    done = run_inside(bench, "--stash-url", server.url, *QUICKLY, "-k", "near")
    assert done.returncode == 0, done.stdout
    (near,) = latest().measurements
    assert near.outcome is MeasurementOutcome.NOT_MEASURED
    assert "for 242 s or more" in near.reason
    assert "--stash-timeout 726" in near.reason


def test_a_page_that_fails_at_once_is_told_once(server, run, suite):
    body = 'def bench_thing(measure):\n    measure.get("/no/such/path", page="none", title="t")\n'
    done = run("pytest", suite(body, "bench_things.py"), "--stash-url", server.url, "-W", "error")
    assert "1 failed in" in done.stdout, done.stdout
    assert "PytestBenchmarkWarning" not in done.stdout + done.stderr
