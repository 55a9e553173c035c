from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from stashbench.collect import machine


@pytest.fixture
def files(monkeypatch):
    """Stand-in for the system's files, path by path; everything else is absent."""
    contents: dict[str, str] = {}
    monkeypatch.setattr(machine, "text_of", lambda path: contents.get(str(path), ""))
    return contents


def test_this_machine_agrees_with_psutil():
    assert machine.memory_bytes() == psutil.virtual_memory().total
    assert machine.cpu_count() == len(os.sched_getaffinity(0))
    assert machine.available_memory_bytes() == pytest.approx(psutil.virtual_memory().available, rel=0.1)
    assert machine.load_1m() >= 0


def test_the_processors_clock_is_no_part_of_its_name(files):
    files["/proc/cpuinfo"] = "processor\t: 0\nmodel name\t: Intel(R)  Core(TM) i5 CPU @ 2.40GHz\ncpu MHz\t: 2399.998\n"
    assert machine.cpu_model() == "Intel(R) Core(TM) i5 CPU"


def test_a_quota_is_found_in_the_group_and_above_it_and_the_tightest_counts(files):
    files["/proc/self/cgroup"] = "0::/system.slice/docker-1.scope\n"
    files["/sys/fs/cgroup/system.slice/docker-1.scope/cpu.max"] = "max 100000"
    assert machine.cpu_quota_cores() is None
    files["/sys/fs/cgroup/system.slice/cpu.max"] = "150000 100000"
    assert machine.cpu_quota_cores() == 1.5
    files["/sys/fs/cgroup/system.slice/docker-1.scope/cpu.max"] = "50000 100000"
    assert machine.cpu_quota_cores() == 0.5


def test_a_quota_of_the_older_control_groups(files):
    files["/proc/self/cgroup"] = "4:memory:/x\n3:cpu,cpuacct:/docker/abc\n"
    files["/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us"] = "-1"
    files["/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us"] = "100000"
    assert machine.cpu_quota_cores() is None
    files["/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us"] = "200000"
    assert machine.cpu_quota_cores() == 2.0


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ({}, None),
        ({"/sys/class/dmi/id/sys_vendor": "LENOVO"}, "none"),
        ({"/sys/class/dmi/id/sys_vendor": "QEMU"}, "kvm"),
        ({"/sys/class/dmi/id/product_name": "VMware Virtual Platform"}, "vmware"),
        ({"/sys/class/dmi/id/sys_vendor": "Microsoft Corporation"}, "none"),
        (
            {
                "/sys/class/dmi/id/sys_vendor": "Microsoft Corporation",
                "/proc/cpuinfo": "flags\t\t: fpu hypervisor lm",
            },
            "hyper-v",
        ),
        ({"/proc/cpuinfo": "flags\t\t: fpu hypervisor lm"}, "vm"),
        ({"/run/systemd/container": "lxc", "/sys/class/dmi/id/sys_vendor": "QEMU"}, "lxc in kvm"),
        ({"/proc/1/cgroup": "0::/kubepods/x"}, "kubepods"),
        ({"/sys/hypervisor/type": "xen"}, "xen"),
    ],
)
def test_virtualisation_in_words(files, monkeypatch, contents, expected):
    monkeypatch.setattr(machine, "_CONTAINER_SIGNS", ())
    monkeypatch.setattr(machine.platform, "release", lambda: "6.1.0")
    files.update(contents)
    assert machine.virtualisation() == expected


def test_steal_is_measured_over_the_window(monkeypatch):
    readings = iter(["cpu  100 0 0 900 0 0 0 0", "cpu  110 0 0 980 0 0 0 10"])
    monkeypatch.setattr(machine, "text_of", lambda _: next(readings))
    assert machine.steal_percent(0.0) == pytest.approx(10.0)


def test_a_file_that_cannot_be_read_is_empty_text(tmp_path: Path):
    assert machine.text_of(str(tmp_path / "none")) == ""
