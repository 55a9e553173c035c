from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.errors import UsageError
from stashbench.stash.address import ServerAddress


@pytest.mark.parametrize(
    ("text", "url", "path", "websocket"),
    [
        ("localhost:9999", "http://localhost:9999", "/graphql", "ws://localhost:9999/graphql"),
        ("http://h:9999/", "http://h:9999", "/graphql", "ws://h:9999/graphql"),
        ("https://nas/stash/", "https://nas/stash", "/stash/graphql", "wss://nas/stash/graphql"),
        ("http://[::1]:9999/graphql", "http://[::1]:9999", "/graphql", "ws://[::1]:9999/graphql"),
        ("HTTP://NAS:80/stash/graphql/", "http://nas/stash", "/stash/graphql", "ws://nas/stash/graphql"),
        (" 192.168.1.4:9999 ", "http://192.168.1.4:9999", "/graphql", "ws://192.168.1.4:9999/graphql"),
    ],
)
def test_addresses_as_people_write_them(text, url, path, websocket):
    address = ServerAddress.parse(text)
    assert (address.url, address.graphql_path, address.websocket_url) == (url, path, websocket)
    assert ServerAddress.parse(address.url) == address


@pytest.mark.parametrize("port", ["0", "65536", "-5", "abc"])
def test_a_port_that_cannot_be_is_refused_and_not_replaced(port):
    with pytest.raises(UsageError, match="no valid port"):
        ServerAddress.parse(f"http://127.0.0.1:{port}")


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_a_usage_error(text):
    try:
        address = ServerAddress.parse(text)
    except UsageError:
        return
    assert 1 <= address.port <= 65535
    assert address.host
    assert "\r" not in address.url
    assert "\n" not in address.url
