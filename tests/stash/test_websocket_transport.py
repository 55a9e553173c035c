"""What the websocket's library would note of a handshake."""

from __future__ import annotations

import logging

import pytest

from stashbench.model.secret import Secret
from stashbench.stash.client import StashClient
from stashbench.stash.log_stream import LogStream
from stashbench.stash.login import Login

KEY = "a-key-of-many-characters"
PASSWORD = "a-password-of-many-characters"


@pytest.mark.parametrize("is_by_key", [True, False])
def test_debug_messages_hold_neither_key_nor_session(embedded_server, caplog, is_by_key):
    caplog.set_level(logging.DEBUG)
    if is_by_key:
        server = embedded_server(api_key=Secret(KEY))
        client, hidden = StashClient(server.url, KEY), "ApiKey: "
    else:
        server = embedded_server(username=Secret("somebody"), password=Secret(PASSWORD))
        client = StashClient(server.url, login=Login(Secret("somebody"), Secret(PASSWORD)))
        hidden = "session="
    with client, LogStream(client) as stream:
        assert stream.failure == ""
    assert caplog.records, "nothing was noted at all, so nothing is proven"
    for word in (KEY, PASSWORD, hidden):
        assert word not in caplog.text
