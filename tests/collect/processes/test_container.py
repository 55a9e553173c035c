from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.processes.container import container_of

ID = "3f4e1c2b9a8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f"


@pytest.mark.parametrize(
    ("cgroup", "said"),
    [
        (f"0::/system.slice/docker-{ID}.scope", "docker container 3f4e1c2b9a8d"),
        (f"12:memory:/docker/{ID}\n11:cpu:/docker/{ID}", "docker container 3f4e1c2b9a8d"),
        (f"0::/docker/{ID}/init", "docker container 3f4e1c2b9a8d"),
        # seen from inside another control group namespace
        (f"0::/../docker-{ID}.scope", "docker container 3f4e1c2b9a8d"),
        (f"0::/machine.slice/libpod-{ID}.scope/container", "podman container 3f4e1c2b9a8d"),
        (
            f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope",
            "podman container 3f4e1c2b9a8d",
        ),
        (f"9:memory:/libpod_parent/libpod-{ID}", "podman container 3f4e1c2b9a8d"),
        (f"0::/kubepods/besteffort/pod0f1e2d3c-aaaa-bbbb-cccc-0123456789ab/{ID}", "Kubernetes container 3f4e1c2b9a8d"),
        (
            f"0::/kubepods.slice/kubepods-pod12.slice/cri-containerd-{ID}.scope",
            "Kubernetes container 3f4e1c2b9a8d",
        ),
        (f"0::/kubepods.slice/kubepods-pod12.slice/docker-{ID}.scope", "Kubernetes container 3f4e1c2b9a8d"),
        (f"0::/system.slice/nerdctl-{ID}.scope", "containerd container 3f4e1c2b9a8d"),
        (f"5:pids:/default/{ID}", "containerd container 3f4e1c2b9a8d"),
        ("0::/lxc.payload.media/system.slice/stash.service", "LXC container media"),
        ("0::/lxc/101/ns/system.slice", "LXC container 101"),
        ("0::/machine.slice/machine-media.scope/payload", "systemd-nspawn container media"),
        ("0::/machine.slice/systemd-nspawn@media.service/payload", "systemd-nspawn container media"),
        (f"8:cpu:/ecs/task/1234/{ID}", "ECS container 3f4e1c2b9a8d"),
    ],
)
def test_engines_are_told_by_the_control_group(cgroup, said):
    assert str(container_of(cgroup)) == said


@pytest.mark.parametrize(
    "cgroup",
    [
        "",
        "0::/",
        "0::/user.slice/user-1000.slice/session-2.scope",
        "0::/system.slice/docker.service",
        "0::/lxc.monitor.media",
        f"0::/machine.slice/libpod-conmon-{ID}.scope",
        "nonsense",
    ],
)
def test_what_is_no_container_is_none(cgroup):
    assert container_of(cgroup) is None


@given(st.text())
def test_no_text_makes_it_raise(text):
    container_of(text)
