"""A server that cannot be audited: one clear sentence, exit status 3, nothing left behind, and soon."""

from __future__ import annotations

import http.server
import socket
import threading

import pytest

from stashbench.harness import restarts

CHECK = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    audit.judge(1, message="fine")
"""


class Html(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = b"<!doctype html><title>Hello</title>"
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the base class's names

    def log_message(self, *_arguments):
        """Keep quiet."""


@pytest.fixture
def html_server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Html) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.fixture
def silent_server():
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("program", "kind", "options"),
    [
        (("pytest",), "closed_port", ()),
        (("stashbench", "audit", "--suite"), "html_server", ()),
        # Without the option it takes the ten seconds of the probe.
        (("stashbench", "audit", "--suite"), "silent_server", ("--stash-timeout", "1")),
    ],
)
def test_one_clear_sentence_and_exit_3(request, run, suite, tmp_path, program, kind, options):
    url = request.getfixturevalue(kind)
    done = run(*program, suite(CHECK), "--stash-url", url, *options)
    assert done.returncode == 3, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "Error:" not in said
    (sentence,) = [line for line in said.splitlines() if url in line and not line.startswith("  ")]
    assert sentence.strip("! ").removeprefix("stashbench: ").removeprefix("_pytest.outcomes.Exit: ").strip()
    assert not (tmp_path / "reports").exists()


def test_a_wrong_key_is_refused_by_the_server_and_said(server, run_inside, suite, tmp_path):
    done = run_inside(suite(CHECK), "--stash-url", server.url, STASH_API_KEY="a-wrong-key")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "key" in done.stdout + done.stderr
    assert "a-wrong-key" not in done.stdout + done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_server_lost_on_the_way_stops_the_run_and_keeps_what_was_measured(run_inside, suite, latest, monkeypatch):
    monkeypatch.setattr(restarts, "RETURN_SECONDS", 0.5)
    from stashbench.target.server import ServerOptions, running_server

    with running_server(ServerOptions(scene_count=50, seed=3)) as doomed:
        folder = suite(
            "from stashbench.errors import RequestError\n"
            + CHECK
            + f"""
@pytest.mark.audit(id="two", category="api", severity="warning", warning=10)
def audit_two(audit, stash):
    import os, signal, time
    os.kill({doomed.pid}, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            stash.execute("query S {{ systemStatus {{ status }} }}")
        except RequestError:
            pass  # the connection that was open breaks first

@pytest.mark.audit(id="three", category="api", severity="warning", warning=10)
def audit_x_three(audit, stash):
    audit.judge(1, message="fine")
"""
        )
        done = run_inside(folder, "--stash-url", doomed.url)
    assert done.returncode == 3, done.stdout + done.stderr
    result = latest()
    assert [item.id for item in result.findings] == ["one", "two"]
    assert result.partial_reasons[0].startswith("the server was lost (")
    assert result.partial_reasons[0].endswith("1 of 3 tests did not run")
