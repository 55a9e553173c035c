from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.processes.sockets import Listener, parse_listeners, parse_local_addresses
from stashbench.collect.processes.table import ProcessTable


def test_our_own_listeners_are_read():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        (found,) = [item for item in ProcessTable().listeners() if item.port == port]
        assert found.address == "127.0.0.1"
        assert found.inode in ProcessTable().socket_inodes(__import__("os").getpid())
    assert "127.0.0.1" in ProcessTable().local_addresses(__import__("os").getpid())


def test_an_ipv4_socket_listed_as_ipv6_is_one_of_ipv4():
    line = "  0: 0000000000000000FFFF00000100007F:270F 0:0 0A 0:0 00:00000000 0 0 0 77 1 0\n"
    assert parse_listeners(line) == [Listener("127.0.0.1", 9999, "77")]


def test_which_connections_a_listener_takes():
    assert Listener("0.0.0.0", 1, "1").takes(frozenset({"127.0.0.1"}))
    assert Listener("::", 1, "1").takes(frozenset({"127.0.0.1"}))
    assert Listener("127.0.0.1", 1, "1").takes(frozenset({"127.0.0.1", "::1"}))
    assert not Listener("192.0.2.1", 1, "1").takes(frozenset({"127.0.0.1"}))
    assert Listener("192.0.2.1", 1, "1").takes(frozenset())


@given(st.text())
def test_no_table_makes_it_raise(text):
    parse_listeners(text)
    parse_local_addresses(text)


@given(st.text("0123456789ABCDEF", max_size=40), st.text("0123456789ABCDEF", max_size=6))
def test_addresses_of_any_length_are_read_or_left_out(address, port):
    parse_listeners(f" 0: {address}:{port} 0:0 0A 0 0 0 0 0 77 1\n")
