"""One audit with all default suites, seen from outside: what it says, asks, opens and leaves behind."""

from __future__ import annotations

import ast
import base64
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from rich.console import Console

from stashbench.cli import main
from stashbench.harness.terminal import print_summary
from stashbench.model.finding import CheckCategory, Outcome, Severity
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.sample import SpanKind
from stashbench.store.results import read_result, write_result

pytestmark = pytest.mark.slow

SECRET_FIELDS = {"apiKey", "username", "password", "stashBoxes", "api_key", "stun_server", "dlna"}
CHANGING = {"scene_update", "tag_create", "tag_destroy", "metadata_scan", "optimise_database"}
MUTATION = re.compile(r"\bmutation\b\s*(\w+\s*)?[({]")


def spellings(word: str) -> set[bytes]:
    """Return a word as files and terminals may hold it; of base64 the middle, which does not depend on neighbours."""
    found = {word, quote(word, safe=""), quote_plus(word), word.replace("&", "&amp;").replace("<", "&lt;")}
    for lead in range(3):
        for coded in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(coded(b"x" * lead + word.encode())[4:-4].decode())
    found |= {"canary+Zq8", "Zq8/xW7", r"Zq8\/xW7", "U2lnbmF0dXJl"}
    return {form.encode() for form in found}


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "hook" not in path.parts]


def opened(watched) -> list[tuple[str, int, str]]:
    found = []
    for path in (watched.run.folder / "hook").glob("opened-*.txt"):
        for line in path.read_text(errors="replace").splitlines():
            kind, flags, name = line.split(" ", 2)
            found.append((kind, int(flags), str(ast.literal_eval(name))))
    return found


def test_the_audit_ran_and_measured(watched):
    assert watched.run.status == 0, watched.run.said
    assert {path.name for path in watched.run.run_folder.iterdir()} >= {
        "result.json",
        "report.html",
        "summary.md",
        "junit.xml",
        "benchmark.json",
    }
    assert len(watched.proxy.seen) > 500


def test_a_healthy_server_is_measured_whole_and_judged_healthy(watched):
    result = read_result(watched.run.run_folder)
    assert len(result.measurements) >= 26
    left_out = [item for item in result.measurements if item.outcome is not MeasurementOutcome.OK]
    assert [item.reason for item in left_out if item.group not in {"saving", "tasks"}] == []
    assert all("--allow-writes" in item.reason or "stashbench starts" in item.reason for item in left_out)
    measured = [item for item in result.measurements if item.outcome is MeasurementOutcome.OK]
    assert [item.id for item in measured if not item.page or item.resources is None] == []
    assert len({item.id for item in result.measurements}) == len(result.measurements)

    assert len(result.findings) >= 12
    assert len({item.id for item in result.findings}) == len(result.findings)
    assert [(item.id, item.message) for item in result.findings if item.outcome is Outcome.ERROR] == []
    bad = [item for item in result.findings if item.outcome is Outcome.FAILED and item.severity is Severity.CRITICAL]
    assert [(item.id, item.message) for item in bad] == []
    assert {item.category for item in result.findings} >= set(CheckCategory) - {CheckCategory.SYSTEM}
    assert result.score.overall is not None

    kinds = [span.kind for span in sorted(result.spans, key=lambda span: span.begin_seconds)]
    # Pages are timed again and statements read after the last benchmark and before the first check.
    assert kinds == sorted(kinds, key=[SpanKind.BENCHMARK, SpanKind.OPERATION, SpanKind.AUDIT].index)
    assert kinds.count(SpanKind.OPERATION) == 2
    assert [(item.id, item.trace.reason) for item in measured if not item.trace.is_clean] == []
    assert result.sampler_cost.cpu_seconds < 0.05 * result.sampler_cost.duration_seconds
    assert not result.partial, result.partial_reasons


def test_the_key_is_in_no_file_and_in_no_output(watched, key):
    assert any(name == "ApiKey" and value == key for name, value in watched.proxy.seen[0].headers), "it was not used"
    files = files_below(watched.run.folder)
    assert {path.name for path in files} >= {"history.sqlite", "index.html", "result.json"}
    for form in spellings(key):
        assert [path for path in files if form in path.read_bytes()] == []
        assert form not in watched.run.said.encode("utf-8", "surrogateescape")


def test_children_get_the_key_neither_as_argument_nor_in_their_environment(watched):
    arguments, environments = watched.run.command_lines, watched.run.environments
    assert any(b"sampler" in line for line in arguments.values())
    assert [line for line in arguments.values() if b"canary" in line] == []
    # A child that has not yet become its own program still shows our command line, and our first environment.
    children = [pid for pid, line in arguments.items() if b"stashbench\0audit" not in line]
    assert children
    assert [arguments[pid] for pid in children if b"canary" in environments.get(pid, b"")] == []


def test_no_name_of_the_library_is_kept(watched):
    for path in files_below(watched.run.folder):
        assert b"Titlecanary" not in path.read_bytes(), path
    assert "Titlecanary" not in watched.run.said


def test_statements_are_kept_as_shapes(watched):
    result = (watched.run.run_folder / "result.json").read_text()
    assert "SELECT" in result, "no statement was captured, so this test shows nothing"
    for statement in re.findall(r'"[^"]*SELECT[^"]*"', result):
        assert "'" not in statement
        assert not re.search(r"= \d", statement), statement


def test_nothing_but_queries_and_the_log_is_asked_for(watched):
    kinds = {re.sub(r"#[^\n]*", "", document).split()[0].split("{")[0] for document in watched.proxy.documents}
    assert kinds == {"query", "subscription"}
    assert {
        request.operation for request in watched.proxy.seen if request.document.lstrip().startswith("subscription")
    } == {"LogStream"}
    posts = {request.target for request in watched.proxy.seen if request.method == "POST"}
    assert posts == {"/graphql"}
    assert {request.method for request in watched.proxy.seen} <= {"GET", "POST", "WS"}


def test_no_request_carries_a_forwarded_address_or_asks_for_secrets(watched):
    headers = {name.lower() for request in watched.proxy.seen for name, _ in request.headers}
    assert not any("forwarded" in name or name in {"cookie", "authorization", "via"} for name in headers), headers
    words = {word for document in watched.proxy.documents for word in re.findall(r"\w+", document)}
    assert "parallelTasks" in words, "the configuration was not asked for, so this test shows nothing"
    assert not words & SECRET_FIELDS
    assert all("apikey" not in request.target.lower() for request in watched.proxy.seen)


def test_the_database_is_as_it_was(watched):
    assert watched.hash_after == watched.hash_before
    assert watched.state_after == watched.state_before


def test_the_database_is_opened_for_reading_only(watched):
    database = watched.server.database
    connections = [name for kind, _, name in opened(watched) if kind == "sqlite3" and database.name in name]
    assert connections, "the file was not looked at, so this test shows nothing"
    assert [name for name in connections if "mode=ro" not in name] == []
    writing = [
        name
        for kind, flags, name in opened(watched)
        if kind == "open" and name.startswith(str(database.parent)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    ]
    assert writing == []
    assert not list(database.parent.glob("*.tmp"))


def test_sqlite_is_opened_for_reading_only_outside_the_server_and_the_store():
    package = Path(__file__).parent.parent.parent / "stashbench"
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] in {"embedded", "store"} or path.name == "given_database.py":
            continue  # the last one writes the private copy that it makes; its own test looks at the original
        text = path.read_text()
        if re.search(r"sqlite3\.connect|apsw\.Connection\(|sqlite_utils", text):
            assert "mode=ro" in text or "SQLITE_OPEN_READONLY" in text, path
            assert "PRAGMA query_only = 1" in text, path


def test_no_stored_document_names_a_secret_or_changes_anything():
    root = Path(__file__).parent.parent.parent
    package = root / "stashbench"
    for path in [*package.rglob("*.graphql"), *(root / "suites").rglob("*.py")]:
        text = path.read_text()
        assert not set(re.findall(r"\w+", text)) & (SECRET_FIELDS - {"username", "password"}), path
        assert path.stem in CHANGING or not MUTATION.search(text), path
    ours = [path for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "embedded"]
    # A server of ours is told to migrate the private copy of a database it was given.
    assert [path.name for path in ours if MUTATION.search(path.read_text())] == ["migration.py"]
    # What changes data is asked for where --allow-writes was looked at before, and nowhere else.
    users = [*ours, *(root / "suites").rglob("*.py")]
    using = {path.name for path in users if any(f'"{name}"' in path.read_text() for name in CHANGING)}
    assert using == {"updates.py", "scratch_tags.py", "bench_saving.py", "bench_tasks.py"}


def test_a_hostile_result_is_told_without_escapes(watched, capfd, tmp_path):
    """Results and baselines may come from strangers: a CI artefact is one."""
    hostile = "x \x1b]0;owned\x07 \x9b31m [bold red]b[/] [link=http://e.test]l[/link]"
    result = read_result(watched.run.run_folder)
    target = msgspec.structs.replace(result.target, server_version=hostile)
    result = msgspec.structs.replace(
        result,
        target=target,
        verdict=hostile,
        partial_reasons=(hostile,),
        warnings=(hostile,),
        recommendations=tuple(msgspec.structs.replace(item, title=hostile) for item in result.recommendations),
    )
    session = SimpleNamespace(
        result=result,
        error="",
        failed_tests={hostile: hostile},
        problems=(hostile,),
        settings=SimpleNamespace(audit=SimpleNamespace(fail_on="never")),
        run_directory=tmp_path,
    )
    print_summary(Console(file=sys.stdout, width=400), session)
    write_result(tmp_path / "run", result)
    for arguments in (
        ["save", hostile_name := "from-a-stranger", "--run", str(tmp_path / "run"), "--note", hostile],
        ["list"],
        ["show", hostile_name],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["baseline", *arguments, "--baseline-dir", str(tmp_path / "kept")])
        assert ended.value.code == 0
    out, err = capfd.readouterr()
    assert out.count("[link=http://e.test]l[/link]") >= 6
    assert not [sign for sign in "\x1b\x07\x9b" if sign in out + err]
