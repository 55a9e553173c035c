"""Certificates of every kind on a real server: taken, or refused with what is wrong and what to do."""

from __future__ import annotations

import ssl

import pytest

from stashbench.errors import RequestError, TargetUnreachableError, UsageError
from stashbench.stash.client import StashClient
from stashbench.stash.probe import probe

WAY_OUT = "or pass --stash-insecure to do without the check."
WRONG = {
    "expired": ({"end": "20210101000000Z"}, r"has expired: renew it, check this machine's clock"),
    "not yet valid": ({"begin": "20980101000000Z"}, r"is not valid yet: check the clocks"),
    "other name": ({"names": "DNS:nas.example"}, r"is for another host than 127\.0\.0\.1: give the name"),
    "other address": ({"names": "IP:127.0.0.9"}, r"is for another host than 127\.0\.0\.1: give the name"),
}


@pytest.fixture
def encrypted(serve, helpers, authority):
    def start(**certificate):
        return serve(helpers.stash_answers, context=authority.context(**certificate))

    return start


def test_the_users_own_authority_is_trusted_and_nobody_else(encrypted, authority):
    server = encrypted()
    assert probe(server.url, ca_file=authority.file).version == "v0.30.1"
    with pytest.raises(TargetUnreachableError, match=r"is not trusted \(.*\): pass its authority") as caught:
        probe(server.url)
    assert str(caught.value).endswith(WAY_OUT)


def test_a_name_is_checked_against_the_names_in_the_certificate(encrypted, authority):
    server = encrypted(names="DNS:localhost")
    assert probe(f"https://localhost:{server.port}", ca_file=authority.file).version == "v0.30.1"
    with pytest.raises(TargetUnreachableError, match="another host"):
        probe(server.url, ca_file=authority.file)


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_certificate_is_one_sentence_with_the_way_out(encrypted, authority, kind):
    certificate, words = WRONG[kind]
    server = encrypted(**certificate)
    with pytest.raises(TargetUnreachableError, match=words) as caught:
        probe(server.url, ca_file=authority.file)
    assert str(caught.value).startswith(f"The certificate of {server.url} ")
    assert str(caught.value).endswith(WAY_OUT)
    assert caught.value.exit_status == 3
    assert probe(server.url, is_insecure=True).version == "v0.30.1"


def test_a_clone_trusts_the_same_authority(encrypted, authority):
    with StashClient(encrypted().url, ca_file=authority.file) as client, client.clone() as other:
        assert "version" in other.execute("query ProbeServer { a }")


def test_a_server_that_wants_our_certificate_says_so(serve, helpers, authority):
    context = authority.context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    server = serve(helpers.stash_answers, context=context)
    with StashClient(server.url, ca_file=authority.file) as client, pytest.raises(RequestError) as caught:
        client.execute("query ProbeServer { a }")
    # The alert may be lost when the server closes at once: then there is no reason to tell, or no alert at all.
    told = ("(TLSV13_ALERT_CERTIFICATE_REQUIRED): see if it wants", "(no reason given): see if it wants", "closed the")
    assert any(words in str(caught.value) for words in told)


def test_a_file_without_a_certificate_is_a_usage_error(tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(UsageError, match=r"holds no certificate in PEM form .*--stash-ca-file"):
        StashClient("https://localhost", ca_file=file)
    with pytest.raises(UsageError, match=r"cannot be read \(No such file or directory\): correct --stash-ca-file"):
        StashClient("https://localhost", ca_file=tmp_path / "none.pem")
    with pytest.raises(UsageError, match=r"--stash-ca-file"):
        StashClient("https://localhost", ca_file=tmp_path)
