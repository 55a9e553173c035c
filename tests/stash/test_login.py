"""Logging in: a real server of each kind, and the session that follows."""

from __future__ import annotations

import itertools
from email.message import Message
from http.client import HTTPMessage
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.errors import (
    NotStashError,
    RequestError,
    SessionRenewedError,
    TargetRefusedError,
    TargetUnreachableError,
    UsageError,
)
from stashbench.model.secret import Secret
from stashbench.stash.client import StashClient
from stashbench.stash.login import Login, login_of, read_cookie
from stashbench.stash.probe import probe
from stashbench.stash.session import Session

NAME, PASSWORD = "librarian", "correct horse+staple/9&é"
LOGIN = Login(Secret(NAME), Secret(PASSWORD))
FORM_PAGE = b'<html><FORM action="login"><input type="Password">Username or password is invalid</form></html>'
CHALLENGE = ("WWW-Authenticate: FormBased",)
ATTRIBUTES = "Path=/; Expires=Mon, 23 Nov 2026 18:54:38 GMT; Max-Age=3600; SameSite=Lax"


def set_cookie(value, attributes=ATTRIBUTES):
    return (f"Set-Cookie: session={value}; {attributes}",)


class Guarded:
    """Answers like a Stash with credentials, whose cookies are numbered; `valid` are those it takes."""

    def __init__(self, helpers, base="", login_answer=None):
        self.helpers = helpers
        self.base = base
        self.login_answer = login_answer
        self.numbers = itertools.count(1)
        self.valid = set()
        self.forms = []

    def new_cookie(self):
        cookie = f"c{next(self.numbers)}-canary"
        self.valid.add(cookie)
        return cookie

    def __call__(self, request):
        http = self.helpers.http
        assert "X-Forwarded-For" not in request.headers
        if request.path == f"{self.base}/login":
            assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
            self.forms.append(parse_qs(request.body.decode()))
            return self.login_answer or http(200, b"", extra=set_cookie(self.new_cookie()))
        if request.headers.get("Cookie", "").removeprefix("session=") not in self.valid:
            if request.method == "GET":
                return http(302, b"", extra=("Location: /login?returnURL=x",))
            return http(401, b"", extra=CHALLENGE)
        if request.method == "GET":
            return http(200, b"picture", extra=set_cookie(self.new_cookie()))
        answer = self.helpers.stash_answers(request)
        return answer.replace(b"\r\n\r\n", b"\r\n" + set_cookie(self.new_cookie())[0].encode() + b"\r\n\r\n", 1)


@pytest.fixture
def guarded(helpers):
    return Guarded(helpers)


def test_the_first_request_that_is_refused_logs_in_and_is_repeated(serve, guarded):
    server = serve(guarded)
    facts = probe(server.url, login=LOGIN)
    assert facts.version == "v0.30.1"
    assert guarded.forms == [{"username": [NAME], "password": [PASSWORD]}]
    assert "ApiKey" not in server.requests[-1].headers


def test_clones_and_websockets_share_the_session(serve, guarded):
    with StashClient(serve(guarded).url, login=LOGIN) as client, client.clone() as other:
        assert client.request_headers() == {"Cookie": "session=c1-canary"}
        other.execute("query ProbeServer { a }")
        assert other.request_headers() == client.request_headers() == {"Cookie": "session=c1-canary"}
        assert (client.login_count, other.login_count, len(guarded.forms)) == (1, 1, 1)
        assert client.authentication == "by a session, logged in with user name and password"


def test_everything_is_below_the_base_path(serve, helpers):
    guarded = Guarded(helpers, base="/stash")
    server = serve(guarded)
    with StashClient(f"{server.url}/stash/", login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        assert client.get("/scene/1/screenshot") == (200, b"picture")
    assert {request.path for request in server.requests} == {
        "/stash/graphql",
        "/stash/login",
        "/stash/scene/1/screenshot",
    }


def test_a_server_that_asks_for_nothing_gets_neither_name_nor_password(serve, helpers):
    server = serve(helpers.stash_answers)
    with StashClient(server.url, login=LOGIN) as client:
        client.sign_in()
        client.sign_in()
        assert client.request_headers() == {}
        assert client.authentication.endswith("because it asks for none; user name and password were not used")
    assert len(server.requests) == 1
    assert not any(PASSWORD.encode() in request.body for request in server.requests)


def test_a_key_wins_and_says_so(serve, helpers):
    server = serve(helpers.stash_answers)
    with StashClient(server.url, "the.key", login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        assert client.authentication == "by API key; user name and password were not used"
        assert client.request_headers() == {"ApiKey": "the.key"}


@pytest.mark.parametrize(("name", "password"), [("x", None), (None, "x"), ("x", ""), ("", "x")])
def test_half_a_log_in_is_a_usage_error(name, password):
    with pytest.raises(UsageError, match="is set, but STASH_") as caught:
        login_of(*(None if part is None else Secret(part) for part in (name, password)))
    assert str(caught.value).startswith("STASH_USERNAME" if name else "STASH_PASSWORD")


def test_no_log_in_is_none():
    assert login_of(None, Secret("")) is None


REFUSALS = {
    "wrong password": ((401, b"Username or password is invalid\n", "text/plain"), TargetRefusedError, "refuses the"),
    "before 0.26": ((200, FORM_PAGE, "text/html"), TargetRefusedError, "refuses the user name or the password"),
    "cookie removed": ((200, b""), TargetRefusedError, "gives no session.*removes cookies"),
    "cookie removed, older": ((302, b"", "text/html", ("Location: /",)), TargetRefusedError, "gives no session"),
    "cookie that ends at once": ((200, b"", "x", set_cookie("a", "Max-Age=0")), TargetRefusedError, "gives no session"),
    "cookie no header may carry": ((200, b"", "x", set_cookie("a b")), TargetRefusedError, "gives no session"),
    "path unknown": ((404, b"404 page not found", "text/plain"), NotStashError, "no log-in of Stash at .*/login"),
    "prefix not stripped": ((302, b"", "x", ("Location: /login?returnURL=%2Fl",)), NotStashError, "check the path"),
    "to https": ((301, b"", "x", ("Location: https://127.0.0.1/login",)), NotStashError, "redirects to https"),
    "another web": ((200, b"<html>Router</html>", "text/html"), NotStashError, "no log-in of Stash"),
    "failure": ((500, b"An unexpected error occurred. See logs", "x"), NotStashError, "HTTP 500.*server's log"),
    "proxy": ((401, b"", "x", ("WWW-Authenticate: Basic realm=x",)), TargetRefusedError, "A proxy before"),
    "gateway": ((502, b"", "x"), NotStashError, "proxy"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_log_in_that_fails_is_one_sentence(serve, helpers, case):
    answer, kind, words = REFUSALS[case]
    server = serve(Guarded(helpers, login_answer=helpers.http(*answer)))
    with pytest.raises(kind, match=words) as caught:
        probe(server.url, login=LOGIN)
    message = str(caught.value)
    assert caught.value.exit_status == 3
    assert message.endswith(".")
    assert "\n" not in message
    for secret in (NAME, PASSWORD, "canary"):
        assert secret not in message
    assert [request.path for request in server.requests].count("/login") == 1


def test_a_proxy_of_its_own_log_in_gets_no_password(serve, helpers):
    server = serve(helpers.http(302, b"", extra=("Location: https://auth.example/?rd=x",)))
    with pytest.raises(TargetRefusedError, match=r"A proxy before .* \(at https://auth\.example/\)"):
        probe(server.url, login=LOGIN)
    assert len(server.requests) == 1


def test_a_session_that_is_not_taken_is_not_asked_for_twice(serve, guarded):
    guarded.new_cookie = lambda: "never-valid"
    with pytest.raises(TargetRefusedError, match="takes the log-in but not the session"):
        probe(serve(guarded).url, login=LOGIN)
    assert len(guarded.forms) == 1


def test_a_log_in_without_an_answer_is_a_server_out_of_reach(serve, helpers):
    server = serve(Guarded(helpers, login_answer=(None,)))
    with pytest.raises(TargetUnreachableError, match="closed the connection"):
        probe(server.url, login=LOGIN)


def test_an_expired_session_is_renewed_and_the_request_repeated(serve, guarded):
    with StashClient(serve(guarded).url, login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        guarded.valid.clear()
        assert "version" in client.execute("query ProbeServer { a }")
        assert client.login_count == 2


def test_a_timed_request_is_never_repeated_silently(serve, guarded):
    with StashClient(serve(guarded).url, login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        prepared = client.prepare("query ProbeServer { a }")
        guarded.valid.clear()
        before = len(guarded.forms)
        body = client.send(prepared)
        assert (client.last_status, len(guarded.forms)) == (401, before), "the timed call logged in"
        with pytest.raises(SessionRenewedError, match="session had expired; we have logged in again"):
            client.check(prepared, client.last_status, body)
        assert len(guarded.forms) == before + 1
        status, _ = client.get("/scene/1/screenshot")
        assert status == 200
        guarded.valid.clear()
        status, _ = client.get("/scene/1/screenshot")
        with pytest.raises(RequestError, match="did not answer GET /scene/1/screenshot"):
            client.mind_session("GET /scene/1/screenshot", status)


def test_a_password_that_was_changed_meanwhile_ends_it(serve, guarded, helpers):
    with StashClient(serve(guarded).url, login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        guarded.valid.clear()
        guarded.login_answer = helpers.http(401, b"Username or password is invalid\n")
        with pytest.raises(TargetRefusedError, match="refuses the user name"):
            client.execute("query ProbeServer { a }")


def test_a_fresh_cookie_is_taken_only_when_ours_has_aged(serve, guarded):
    now = [0.0]
    server = serve(guarded)
    with StashClient(server.url, login=LOGIN) as client:
        client.session._clock = lambda: now[0]
        sent = []
        for seconds in (0.0, 59.0, 61.0, 1870.0):
            now[0] = seconds
            client.execute("query ProbeServer { a }")
            sent.append(server.requests[-1].headers["Cookie"])
        # Unused for more than half of the hour it lasts, it is renewed before anything is timed.
        assert client.login_count == 1
        now[0] += 1801.0
        client.sign_in()
        assert client.login_count == 2
    assert sent[0] == sent[1] == sent[2]
    assert sent[3] != sent[2]


def test_nothing_of_it_shows(serve, guarded):
    with StashClient(serve(guarded).url, login=LOGIN) as client:
        client.execute("query ProbeServer { a }")
        seen = repr([vars(client), vars(client.session), vars(client.connection), client.session.credentials.line])
        seen += repr([LOGIN, read_cookie(headers("session=c1-canary")), vars(client.session.credentials.__class__)])
        text = client.redaction.in_text(f"{PASSWORD} c1-canary {NAME} /home/{NAME}/x my{NAME}")
    for secret in (NAME, PASSWORD, "canary"):
        assert secret not in seen
    assert text == f"*** *** *** /home/{NAME}/x my{NAME}"


def headers(*cookies):
    message = HTTPMessage()
    for cookie in cookies:
        message["Set-Cookie"] = cookie
    return message


@pytest.mark.parametrize(
    ("lines", "value", "life_seconds"),
    [
        (("session=abc; Path=/; Max-Age=60",), "abc", 60),
        (("theme=dark; Max-Age=1", "session=a=b-_; MAX-AGE=7200 ; SameSite=Lax"), "a=b-_", 7200),
        (("session=abc",), "abc", 3600),
        (("session=; Max-Age=0",), "", 0),
        (("session=abc; Max-Age=-1",), "abc", -1),
    ],
)
def test_cookies_are_read(lines, value, life_seconds):
    cookie = read_cookie(headers(*lines))
    assert (cookie.value.reveal(), cookie.life_seconds) == (value, life_seconds)


@pytest.mark.parametrize("line", ["", "mysession=a", "session", "session=a b", 'session="a"', "session=" + "x" * 5000])
def test_what_is_no_cookie_of_ours_is_none(line):
    assert read_cookie(headers(line)) is None


@given(st.text(st.characters(codec="latin-1"), max_size=60))
def test_no_cookie_breaks_out_of_its_header(text):
    message = Message()
    message.add_header("X", "y")
    message._headers.append(("Set-Cookie", f"session={text}"))
    cookie = read_cookie(message)
    if cookie is not None:
        value = cookie.value.reveal()
        assert value.isascii()
        assert not any(character in value for character in ' \r\n\t;,"\\')


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_name_and_password_arrive_or_at_least_do_not_break(name, password):
    from stashbench.stash.login import _form

    fields = parse_qs(_form(Login(Secret(name), Secret(password))).decode(), keep_blank_values=True)
    assert fields == {"username": [name], "password": [password]}


def test_a_password_that_is_no_utf8_is_sent_as_it_is():
    from stashbench.stash.login import _form

    assert bytes(_form(Login(Secret("n"), Secret("p\udcff")))) == b"username=n&password=p%FF"


def test_a_session_begins_only_when_asked():
    session = Session(LOGIN, lambda: pytest.fail("connected"))
    assert (session.is_old, session.login_count, bytes(session.credentials.line)) == (False, 0, b"")
