"""Recorded machines: how a server's process is found behind forwarders, in containers, and when it is not."""

from __future__ import annotations

from stashbench.collect.processes.finding import find_in_container, find_listening

DOCKER_ID = "a" * 64
OTHER_ID = "b" * 64
DATABASE = "/config/.stash/stash-go.sqlite"


def docker_proxy(machine, pid=50, *, host_port=8080, address="172.17.0.2", port=9999, inode=500, **more):
    words = f"-proto tcp -host-ip 0.0.0.0 -host-port {host_port} -container-ip {address} -container-port {port}"
    machine.process(pid, "docker-proxy", parent=40, sockets=[inode], arguments=words.split(), **more)


def container(
    machine, pid, name, *, address, port=9999, inode, identifier=DOCKER_ID, program="stash", files=(), **more
):
    machine.network(name, ["127.0.0.1", address], [("::", port, inode)])
    machine.process(
        pid,
        program,
        network=name,
        parent=45,
        cgroup=f"0::/system.slice/docker-{identifier}.scope",
        sockets=[inode],
        files=files,
        **more,
    )


def test_a_published_port_leads_to_the_server_in_its_container(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500), ("::", 8080, 501)])
    machine.process(40, "dockerd")
    docker_proxy(machine)
    docker_proxy(machine, 51, inode=501)  # one process for each version of IP
    container(machine, 70, "stash", address="172.17.0.2", inode=900)
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID)
    found = find_listening(8080, table=machine.table)
    assert found.pid == 70
    assert found.reason == (
        "process 70 (stash in docker container aaaaaaaaaaaa) serves it; port 8080 is forwarded by docker-proxy into a "
        "container"
    )


def test_a_helper_in_the_container_is_not_the_server(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500)])
    docker_proxy(machine)
    container(machine, 70, "stash", address="172.17.0.2", inode=900)
    machine.process(71, "ffmpeg", network="stash", parent=70, sockets=[900])
    machine.process(72, "sh", network="stash", parent=45)
    assert find_listening(8080, table=machine.table).pid == 70


def test_without_a_proxy_nothing_listens_here_and_the_port_is_looked_for_in_other_networks(machine):
    container(machine, 70, "stash", address="172.17.0.2", inode=900)
    found = find_listening(9999, table=machine.table)
    assert found.pid == 70
    assert "nothing listens at port 9999 in our own network" in found.reason
    assert not found.may_be_elsewhere


def test_without_a_proxy_and_at_another_port_an_open_database_of_that_name_is_a_hint(machine):
    container(machine, 70, "stash", address="172.17.0.2", inode=900, files=[DATABASE])
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID)
    machine.process(90, "sqlite3", files=[DATABASE])  # looks into a file of that name, but serves nobody
    by_name = find_listening(8080, database_path=DATABASE, table=machine.table)
    assert (by_name.pid, by_name.candidates) == (None, (70,))  # what the file holds must prove it
    found = find_listening(8080, table=machine.table)
    assert found.pid is None
    assert found.may_be_elsewhere
    assert "docker inspect --format '{{.State.Pid}}' NAME" in found.reason


def test_several_containers_that_fit_are_named_and_none_is_taken(machine):
    container(machine, 70, "stash", address="172.17.0.2", inode=900, files=[DATABASE])
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID, files=[DATABASE])
    found = find_listening(9999, database_path=DATABASE, table=machine.table)
    assert found.pid is None
    assert found.candidates == (70, 80)
    assert "process 70 (stash in docker container aaaaaaaaaaaa)" in found.reason
    assert "process 80 (stash in docker container bbbbbbbbbbbb)" in found.reason
    assert "--stash-pid" in found.reason


def test_of_several_containers_the_one_with_the_servers_database_open_is_taken(machine):
    container(machine, 70, "stash", address="172.17.0.2", inode=900, files=["/config/stash-go.sqlite"])
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID, files=[DATABASE])
    assert find_listening(9999, database_path=DATABASE, table=machine.table).pid == 80


def test_podmans_monitor_leads_to_its_own_container(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500)])
    arguments = ["-c", DOCKER_ID, "-n", "media-stash"]
    machine.process(
        60, "conmon", sockets=[500], arguments=arguments, cgroup=f"0::/machine.slice/libpod-conmon-{DOCKER_ID}.scope"
    )
    machine.process(61, "conmon", arguments=["-n", "other"])
    machine.network("stash", ["127.0.0.1", "10.88.0.2"], [("::", 9999, 900)])
    machine.network("other", ["127.0.0.1", "10.88.0.3"], [("::", 9999, 901)])
    podman = "0::/machine.slice/libpod-{}.scope/container"
    machine.process(70, "stash", network="stash", parent=60, sockets=[900], cgroup=podman.format(DOCKER_ID))
    machine.process(80, "stash", network="other", parent=61, sockets=[901], cgroup=podman.format(OTHER_ID))
    found = find_listening(8080, table=machine.table)
    assert found.pid == 70
    assert "process 70 (stash in podman container aaaaaaaaaaaa)" in found.reason
    assert "(media-stash)" in found.reason


def test_pasta_maps_the_port(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500)])
    machine.process(60, "pasta.avx2", sockets=[500], arguments=["-t", "8080-8080:9999-9999"])
    machine.network("stash", ["127.0.0.1", "192.0.2.7"], [("::", 9999, 900), ("::", 8080, 902)])
    machine.process(70, "stash", network="stash", sockets=[900], cgroup=f"0::/x/libpod-{DOCKER_ID}.scope")
    machine.process(71, "metrics", network="stash", sockets=[902], cgroup=f"0::/x/libpod-{DOCKER_ID}.scope")
    assert find_listening(8080, table=machine.table).pid == 70


def test_a_rootless_engine_forwards_twice(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500)])
    machine.process(60, "rootlesskit", sockets=[500])
    machine.network("rootless", ["127.0.0.1", "10.0.2.100"], [("0.0.0.0", 8080, 600)])
    docker_proxy(machine, 62, inode=600, network="rootless")
    container(machine, 70, "stash", address="172.17.0.2", inode=900)
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID)
    assert find_listening(8080, table=machine.table).pid == 70


def test_a_user_who_may_not_look_is_told_who_it_seems_to_be(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 8080, 500)])
    docker_proxy(machine, is_hidden=True)
    container(machine, 70, "stash", address="172.17.0.2", inode=900, is_hidden=True)
    container(machine, 80, "other", address="172.17.0.3", inode=901, identifier=OTHER_ID, is_hidden=True)
    found = find_listening(8080, table=machine.table)
    assert found.pid is None
    assert found.candidates == (70,)
    assert "process 70 (stash in docker container aaaaaaaaaaaa)" in found.reason
    assert "root" in found.reason
    assert "--stash-pid" in found.reason
    assert "other" not in found.reason


def test_a_user_who_sees_nothing_at_all_is_told_what_to_pass(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 9999, 500)])
    found = find_listening(9999, table=machine.table)
    assert found.pid is None
    assert "another user or a container" in found.reason
    assert "podman" in found.reason


def test_a_proxy_is_not_the_server_but_who_has_its_database_open_may_be(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 443, 500), ("127.0.0.1", 9999, 501)])
    machine.process(50, "nginx", sockets=[500])
    machine.process(60, "stash", sockets=[501], files=[DATABASE])
    by_name = find_listening(443, database_path=DATABASE, table=machine.table)
    assert (by_name.pid, by_name.candidates) == (None, (60,))
    unknown = find_listening(443, table=machine.table)
    assert unknown.pid is None
    assert unknown.may_be_elsewhere
    assert "process 50 (nginx), which is a proxy" in unknown.reason


def test_a_proxy_nobody_knows_by_name_is_doubted_too(machine):
    machine.network("host", ["127.0.0.1"], [("0.0.0.0", 443, 500), ("127.0.0.1", 9999, 501)])
    machine.process(50, "my-own-proxy", sockets=[500])
    machine.process(60, "stash", sockets=[501], files=[DATABASE])
    found = find_listening(443, database_path=DATABASE, table=machine.table)
    assert (found.pid, found.candidates) == (50, (60,))


def test_a_tunnel_and_a_virtual_machine_lead_elsewhere(machine):
    machine.network("host", ["127.0.0.1"], [("127.0.0.1", 9999, 500), ("127.0.0.1", 9998, 501)])
    machine.process(50, "ssh", sockets=[500])
    machine.process(51, "com.docker.back", sockets=[501])
    for port, words in ((9999, "forwards to another machine"), (9998, "forwards into a virtual machine")):
        found = find_listening(port, table=machine.table)
        assert found.pid is None
        assert found.may_be_elsewhere
        assert words in found.reason
        assert "--stash-node-exporter" in found.reason


def test_two_servers_at_one_port_are_told_apart_by_address(machine):
    machine.network("host", ["127.0.0.1"], [("127.0.0.1", 9999, 500), ("192.0.2.1", 9999, 501)])
    machine.process(50, "stash", sockets=[500])
    machine.process(60, "stash", sockets=[501])
    assert find_listening(9999, addresses=frozenset({"192.0.2.1"}), table=machine.table).pid == 60
    both = find_listening(9999, table=machine.table)
    assert both.pid is None
    assert both.candidates == (50, 60)


def test_an_address_of_a_container_is_found_on_this_machine(machine):
    container(machine, 70, "stash", address="172.17.0.2", inode=900)
    assert find_in_container("172.17.0.2", 9999, table=machine.table).pid == 70
    assert find_in_container("172.17.0.9", 9999, table=machine.table).pid is None
    assert find_in_container("172.17.0.2", 80, table=machine.table).pid is None


def test_a_container_in_our_own_network_is_found_by_its_port(machine):
    machine.network("host", ["127.0.0.1"], [("::", 9999, 500)])
    machine.process(70, "stash", sockets=[500], cgroup=f"0::/system.slice/docker-{DOCKER_ID}.scope")
    found = find_listening(9999, table=machine.table)
    assert found.pid == 70
    assert "docker container aaaaaaaaaaaa" in found.reason


def test_hostile_names_are_shown_as_one_visible_line(machine):
    machine.network("host", ["127.0.0.1"], [("::", 9999, 500)])
    machine.process(70, "a\x1b[31mb\nc", sockets=[500])
    reason = find_listening(9999, table=machine.table).reason
    assert "\x1b" not in reason
    assert "\n" not in reason
