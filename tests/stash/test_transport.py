from __future__ import annotations

import ssl
import subprocess
import threading
import time

import pytest

from stashbench.errors import RequestError, TargetUnreachableError, UsageError
from stashbench.model.secret import Secret
from stashbench.stash.client import StashClient
from stashbench.stash.transport import Connection

BODY = b'{"query":"{version{version}}"}'


@pytest.fixture
def connect():
    opened = []

    def open_connection(url, **options):
        opened.append(Connection(url, timeout_seconds=options.pop("timeout_seconds", 3), **options))
        return opened[-1]

    yield open_connection
    for connection in opened:
        connection.close()


def test_one_connection_serves_many_requests(serve, helpers, connect):
    server = serve(helpers.http(body={"data": {}}))
    connection = connect(server.url, api_key=Secret("k"))
    for _ in range(5):
        assert connection.post(BODY) == (200, b'{"data": {}}')
    assert server.connection_count == 1
    assert connection.reconnect_count == 0


def test_request_says_what_it_must_and_nothing_more(serve, helpers, connect):
    server = serve(helpers.http(body={"data": {}}))
    connect(f"{server.url}/stash", api_key=Secret("k")).post(BODY)
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/stash/graphql", BODY)
    assert request.headers == {
        "Host": f"127.0.0.1:{server.port}",
        "User-Agent": "stashbench",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "ApiKey": "k",
        "Content-Type": "application/json",
        "Content-Length": str(len(BODY)),
    }


def test_proxy_variables_are_not_followed(serve, helpers, connect, monkeypatch, free_port):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port}")
    assert connect(serve(helpers.http(body={"data": {}})).url).post(BODY)[0] == 200


def test_redirects_are_not_followed(serve, helpers, connect):
    server = serve(helpers.http(302, b"", extra=("Location: /elsewhere",)))
    assert connect(server.url).post(BODY)[0] == 302
    assert len(server.requests) == 1


def test_large_and_chunked_answers_are_read_in_full(serve, helpers, connect):
    content = b"x" * 3_000_000
    server = serve(
        lambda request: (
            helpers.http(body=content)
            if request.method == "POST"
            else b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
        )
    )
    connection = connect(server.url)
    assert connection.post(BODY) == (200, content)
    assert connection.get("/scene/1/screenshot") == (200, b"abcdefg")
    assert server.connection_count == 1


def test_a_connection_the_server_closed_is_replaced_before_sending_and_counted(serve, helpers, connect):
    server = serve(helpers.http(body={"data": {}}))
    connection = connect(server.url)
    connection.post(BODY)
    server.drop_connections()
    deadline = time.monotonic() + 2
    while server._open and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert connection.post(BODY)[0] == 200
    assert connection.reconnect_count == 1


def test_a_server_that_ends_each_connection_is_counted(serve, helpers, connect):
    server = serve([helpers.http(body={"data": {}}, extra=("Connection: close",)), None])
    connection = connect(server.url)
    for _ in range(3):
        connection.post(BODY)
    assert connection.reconnect_count == 2


def test_connecting_beforehand_leaves_nothing_for_the_timed_request(serve, helpers, connect):
    server = serve(helpers.http(body={"data": {}}))
    connection = connect(server.url)
    connection.ensure_connected()
    connection.post(BODY)
    assert server.connection_count == 1
    assert connection.reconnect_count == 0


def test_after_a_timeout_the_late_answer_is_not_taken_for_the_next(serve, helpers, connect):
    answers = iter([[0.5, helpers.http(body=b"late")], helpers.http(body=b"second")])
    server = serve(lambda _request: next(answers))
    connection = connect(server.url, timeout_seconds=0.2)
    with pytest.raises(RequestError, match=r"within 0\.2 s"):
        connection.post(BODY)
    assert connection.post(BODY) == (200, b"second")


def test_a_key_that_would_break_out_of_its_header_is_refused():
    with pytest.raises(UsageError) as caught:
        Connection("http://localhost", api_key="abc\r\nX-Forwarded-For: 1.2.3.4")
    assert "abc" not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout {folder}/key.pem -out {folder}/cert.pem"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder


@pytest.fixture
def tls_server(serve, helpers, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return serve(helpers.http(body={"data": {"version": {"version": "v0.30.1"}}}), context=context)


def test_tls_with_the_users_own_authority(tls_server, certificate):
    with StashClient(tls_server.url, ca_file=certificate / "cert.pem") as client:
        for _ in range(2):
            assert client.execute("{version{version}}") == {"version": {"version": "v0.30.1"}}
        assert client.reconnect_count == 0


def test_tls_without_a_check(tls_server):
    with StashClient(tls_server.url, is_insecure=True) as client:
        assert client.execute("{version{version}}") == {"version": {"version": "v0.30.1"}}


def test_an_unknown_certificate_is_refused_with_the_way_out(tls_server):
    with (
        StashClient(tls_server.url) as client,
        pytest.raises(TargetUnreachableError, match=r"not trusted.*--stash-ca-file.*--stash-insecure"),
    ):
        client.execute("{version{version}}")


def test_https_to_a_plain_server_says_so(serve, helpers):
    server = serve(None, greeting=helpers.http(400, b"Client sent an HTTPS request"))
    with (
        StashClient(server.url.replace("http:", "https:"), timeout_seconds=2) as client,
        pytest.raises(TargetUnreachableError, match="does not speak TLS"),
    ):
        client.execute("{version{version}}")


def test_a_missing_authority_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="--stash-ca-file"):
        StashClient("https://localhost", ca_file=tmp_path / "none.pem")
