from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.processes.forwarder import Destination, Role, container_name, destinations_of, role_of

DOCKER = (
    "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 9999"
)


def test_dockers_proxy_says_where_it_leads():
    assert destinations_of(DOCKER.split(), 8080) == [Destination("172.17.0.2", 9999)]
    assert destinations_of(DOCKER.replace("-container-ip 172.17.0.2", "-container-ip=172.17.0.2").split(), 8080) == [
        Destination("172.17.0.2", 9999)
    ]
    assert destinations_of(DOCKER.split(), 8081) == []  # another port's


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("8080:9999", [Destination("", 9999)]),
        ("8080-8080:9999-9999", [Destination("", 9999)]),
        ("8000-8100:9000-9100", [Destination("", 9080)]),
        ("127.0.0.1/8080:9999", [Destination("", 9999)]),
        ("22:22,8080:9999", [Destination("", 9999)]),
        ("8080", [Destination("", 8080)]),
        ("none", []),
        ("8081:9999", []),
    ],
)
def test_pastas_port_rules(rule, expected):
    assert destinations_of(["/usr/bin/pasta", "--config-net", "-t", rule, "--netns", "/run/x"], 8080) == expected


def test_the_programs_that_hold_ports_for_others_are_known_by_name():
    assert role_of("docker-proxy") is Role.CONTAINER
    assert role_of("com.docker.backend") is role_of("com.docker.back") is Role.VIRTUAL_MACHINE
    assert role_of("qemu-system-x86") is Role.VIRTUAL_MACHINE
    assert role_of("ssh") is Role.TUNNEL
    assert role_of("nginx") is Role.PROXY
    assert role_of("stash") is None
    assert role_of("stash-linux") is None


def test_podmans_monitor_tells_the_containers_name():
    assert container_name(["/usr/bin/conmon", "--api-version", "1", "-c", "abc", "-n", "stash"]) == "stash"
    assert container_name(["/usr/bin/other", "-n", "stash"]) == ""
    assert container_name([]) == ""


@given(st.lists(st.text(max_size=20)), st.integers(0, 65535))
def test_no_command_line_makes_it_raise(arguments, port):
    destinations_of(["pasta", "-t", *arguments], port)
    destinations_of([*DOCKER.split()[:-2], "-container-port", *arguments], port)
