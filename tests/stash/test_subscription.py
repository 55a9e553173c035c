"""Subscriptions over both protocols, against servers that lose, refuse, quote and go away."""

from __future__ import annotations

import importlib.util
import math
import sys
import threading
import time
from pathlib import Path

import pytest

from stashbench.errors import RequestError
from stashbench.stash.backoff import RetryLimits
from stashbench.stash.client import StashClient
from stashbench.stash.subscription import LEGACY, MODERN, Subscription

PATH = Path(__file__).parent / "replay_server.py"
SPEC = importlib.util.spec_from_file_location("replay_server", PATH)
replay = sys.modules.setdefault("replay_server", importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(replay)

DOCUMENT = "subscription { jobsSubscribe { type } }"
QUICK = RetryLimits(first_seconds=0.02, longest_seconds=0.1, total_seconds=2.0, stable_seconds=0.0)
COUNT = 40


@pytest.fixture
def wait_until():
    def wait(condition, timeout_seconds=10.0):
        deadline = time.monotonic() + timeout_seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"not within {timeout_seconds} s"
            threading.Event().wait(0.005)
        return found

    return wait


@pytest.fixture(autouse=True)
def _no_thread_stays():
    yield
    assert not [thread for thread in threading.enumerate() if thread.name == "subscription"]


def numbered(count=COUNT, every=1.0):
    return [(number * every, {"jobsSubscribe": {"type": str(number)}}) for number in range(count)]


def serving(count=COUNT, *, context=None, **behaviour):
    return replay.ReplayServer(numbered(count), replay.Behaviour(**behaviour), context=context)


class Heard(list):
    def __call__(self, payload):
        self.append(int(payload["jobsSubscribe"]["type"]))


@pytest.mark.parametrize(
    ("server", "offered", "chosen", "spoken"),
    [
        ({}, (MODERN, LEGACY), LEGACY, "start"),
        ({"prefers_legacy": False}, (MODERN, LEGACY), MODERN, "subscribe"),
        ({"protocols": (LEGACY,)}, (MODERN, LEGACY), LEGACY, "start"),
        ({"protocols": (MODERN,)}, (MODERN, LEGACY), MODERN, "subscribe"),
        ({"protocols": ()}, (MODERN, LEGACY), LEGACY, "start"),
        ({}, (MODERN,), MODERN, "subscribe"),
        ({}, (LEGACY,), LEGACY, "start"),
    ],
)
def test_the_server_chooses_the_protocol(wait_until, server, offered, chosen, spoken):
    heard = Heard()
    with (
        serving(speed=400, **server) as started,
        StashClient(started.url) as client,
        Subscription(client, DOCUMENT, heard, protocols=offered) as subscription,
    ):
        wait_until(lambda: len(heard) == COUNT)
        assert subscription.protocol == chosen
        assert started.handshakes[0]["sec-websocket-protocol"] == ", ".join(offered)
    assert heard == list(range(COUNT))
    assert (subscription.failure, subscription.gaps, subscription.reconnect_count) == ("", (), 0)


def test_keep_alive_of_the_old_protocol_is_no_message_and_pings_of_the_new_are_answered(wait_until):
    for protocol in (LEGACY, MODERN):
        heard = Heard()
        with (
            serving(speed=80, ping_seconds=0.005) as server,
            StashClient(server.url) as client,
            Subscription(client, DOCUMENT, heard, protocols=(protocol,)),
        ):
            wait_until(lambda heard=heard: len(heard) == COUNT)
            assert server.pong_count > 5 if protocol == MODERN else server.pong_count == 0
        assert heard == list(range(COUNT))


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
@pytest.mark.parametrize("how", ["cut_at", "complete_at"])
def test_a_loss_in_the_middle_is_repaired_and_told(wait_until, protocol, how):
    heard = Heard()
    with (
        serving(speed=80, protocols=(protocol,), **{how: (10.5, 24.5)}) as server,
        StashClient(server.url) as client,
        Subscription(client, DOCUMENT, heard, retry=QUICK) as subscription,
    ):
        wait_until(lambda: heard and heard[-1] == COUNT - 1)
        assert subscription.is_connected
    assert heard == sorted(set(heard))
    assert set(heard) >= {0, 5, 10, 39}
    assert subscription.failure == ""
    assert subscription.reconnect_count == subscription.gap_count == 2
    first, second = subscription.gaps
    assert first.begin < first.end < second.begin < second.end < time.monotonic()


def test_a_gap_holds_every_message_that_was_lost(wait_until):
    heard = {}
    with serving(speed=40, cut_at=(20.5,)) as server, StashClient(server.url) as client:

        def note(payload):
            heard[int(payload["jobsSubscribe"]["type"])] = time.monotonic()

        slow = RetryLimits(first_seconds=0.2, total_seconds=5)
        with Subscription(client, DOCUMENT, note, retry=slow) as subscription:
            wait_until(lambda: COUNT - 1 in heard)
        lost = set(range(COUNT)) - set(heard)
        sent_at = {number: server._began + number / 40 for number in lost}
    (gap,) = subscription.gaps
    assert lost
    assert all(gap.begin <= at <= gap.end for at in sent_at.values())
    assert not [number for number, at in heard.items() if gap.begin + 0.005 < at < gap.end]


def test_a_server_that_stays_away_is_given_up_in_time(wait_until):
    limits = RetryLimits(first_seconds=0.01, longest_seconds=0.05, total_seconds=0.4)
    with StashClient("http://127.0.0.1:9") as nowhere:
        begin = time.monotonic()
        with pytest.raises(RequestError, match="opens no subscription"), Subscription(nowhere, DOCUMENT, Heard()):
            pass
        assert time.monotonic() - begin < 5
    with serving() as server, StashClient(server.url) as client:
        subscription = Subscription(client, DOCUMENT, Heard(), retry=limits).__enter__()
        server.behaviour.refuse = 503
        server.cut()
        begin = time.monotonic()
        wait_until(lambda: subscription.failure)
        assert time.monotonic() - begin < 2
        subscription.close()
    assert "status 503; " in subscription.failure
    assert "attempts to connect again were in vain" in subscription.failure
    assert subscription.gap_count == 1
    assert subscription.gaps[0].end == math.inf
    assert not subscription.is_connected


def test_a_server_that_cuts_at_once_is_given_up(wait_until):
    limits = RetryLimits(first_seconds=0.01, longest_seconds=0.02, attempt_limit=5)
    with (
        serving(speed=0.001) as server,
        StashClient(server.url) as client,
        Subscription(client, DOCUMENT, Heard(), retry=limits) as subscription,
    ):
        wait_until(lambda: server.cut() or subscription.failure)
    assert "; 5 attempts" in subscription.failure
    assert 1 < len(server.handshakes) <= 6


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
def test_what_the_server_declines_is_not_asked_again(wait_until, protocol):
    with (
        serving(protocols=(protocol,), decline='Cannot query field "x"\x1b[31m\n' + "y" * 500) as server,
        StashClient(server.url) as client,
        Subscription(client, DOCUMENT, Heard()) as subscription,
    ):
        wait_until(lambda: subscription.failure)
        assert len(server.handshakes) == 1
    assert subscription.failure.startswith('the server declines it: Cannot query field "x"[U+001B]')
    assert len(subscription.failure) <= 200


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, b"", "refuses our key or session, with status 401"),
        (403, b"", "refuses our key or session, with status 403"),
        (500, b"unauthorized", "refuses our key or session, with status 500"),
        (500, b"boom", "answered with status 500"),
        (404, b"", "answered with status 404"),
    ],
)
def test_a_refused_handshake_is_told_in_words(status, body, words):
    with serving(refuse=status, refuse_body=body) as server, StashClient(server.url, "secret-key-1234") as client:
        with pytest.raises(RequestError, match=words), Subscription(client, DOCUMENT, Heard()):
            pass
        assert server.handshakes[0]["apikey"] == "secret-key-1234"


def test_a_refusal_after_a_loss_is_final(wait_until):
    with (
        serving() as server,
        StashClient(server.url) as client,
        Subscription(client, DOCUMENT, Heard(), retry=QUICK) as subscription,
    ):
        server.behaviour.refuse = 401
        server.cut()
        wait_until(lambda: subscription.failure)
        assert len(server.handshakes) == 2
    assert "refuses our key" in subscription.failure


def test_a_redirect_carries_no_key_elsewhere():
    with serving() as thief:
        with (
            serving(refuse=302, refuse_headers={"Location": f"{thief.url.replace('http', 'ws')}/graphql"}) as server,
            StashClient(server.url, "secret-key-1234") as client,
            pytest.raises(RequestError, match="redirects are not followed"),
            Subscription(client, DOCUMENT, Heard()),
        ):
            pass
        assert thief.handshakes == []


def test_a_key_quoted_by_the_server_is_masked(wait_until):
    with (
        serving(decline="bad key secret-key-1234 given") as server,
        StashClient(server.url, "secret-key-1234") as client,
        Subscription(client, DOCUMENT, Heard()) as subscription,
    ):
        wait_until(lambda: subscription.failure)
    assert "secret-key" not in subscription.failure
    assert "bad key" in subscription.failure


def test_an_error_of_the_receiver_ends_it(wait_until):
    def fail(payload):
        message = "odd \x00 payload"
        raise ValueError(message)

    with (
        serving(speed=400) as server,
        StashClient(server.url) as client,
        Subscription(client, DOCUMENT, fail) as subscription,
    ):
        wait_until(lambda: subscription.failure)
        assert len(server.handshakes) == 1
    assert subscription.failure == "ValueError: odd [U+0000] payload"


def test_tls_with_an_authority_of_ones_own(wait_until, authority):
    heard = Heard()
    with serving(speed=400, context=authority.context()) as server:
        with StashClient(server.url, ca_file=authority.file) as client, Subscription(client, DOCUMENT, heard):
            wait_until(lambda: len(heard) == COUNT)
        with (
            StashClient(server.url) as stranger,
            pytest.raises(RequestError, match=r"(?i)certificate.verify.failed"),
            Subscription(stranger, DOCUMENT, heard),
        ):
            pass
        with StashClient(server.url, is_insecure=True) as trusting, Subscription(trusting, DOCUMENT, heard):
            pass


def test_closing_does_not_wait_for_a_server_that_is_away(wait_until):
    limits = RetryLimits(first_seconds=30, longest_seconds=30)
    with serving() as server, StashClient(server.url) as client:
        with Subscription(client, DOCUMENT, Heard(), retry=limits) as subscription:
            server.cut()
            wait_until(lambda: subscription.gap_count)
            begin = time.monotonic()
        assert time.monotonic() - begin < 1
    assert subscription.failure == ""


@pytest.mark.parametrize("fault", ["graphql-transport-ws", "none"])
def test_the_embedded_server_in_each_protocol(embedded_server, wait_until, fault):
    heard = []
    server = embedded_server(f"websocket-protocol={fault}", "cut-websockets=0.6")
    with StashClient(server.url) as client:
        document = "subscription { jobsSubscribe { type job { id } } }"
        with Subscription(client, document, heard.append, retry=QUICK) as subscription:
            wait_until(lambda: subscription.reconnect_count >= 1 and subscription.is_connected)
            job = client.execute("mutation { optimiseDatabase }")["optimiseDatabase"]
            wait_until(lambda: any(event["jobsSubscribe"]["job"]["id"] == job for event in heard), 5)
    assert subscription.protocol == (MODERN if fault == MODERN else LEGACY)
    assert subscription.failure == ""
