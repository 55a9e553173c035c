from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.exporter.exposition import Sample, parse_page
from stashbench.collect.exporter.families import FAMILIES, MachineReader, untold
from stashbench.collect.sampler.readings import HostReading


def read(text, database_path=None, at=5.0):
    reader = MachineReader(database_path)
    return reader.read(parse_page(text, FAMILIES), at), reader


@pytest.mark.parametrize("release", ["1.5.0", "1.8.2"])
def test_pages_of_real_releases(recorded, release):
    reading, reader = read(recorded[release])
    lines = dict(line.rsplit(" ", 1) for line in recorded[release].splitlines() if not line.startswith("#"))
    number = {name: float(value) for name, value in lines.items()}
    assert untold(reading) == []
    assert reader.version == release
    assert reader.devices == "vda"
    assert reader.cpu_count == 2
    assert reader.memory_bytes == number["node_memory_MemTotal_bytes"]
    assert reader.boot_time_seconds == number["node_boot_time_seconds"]
    assert reading.host_time_seconds == 5.0
    assert reading.memory_available_bytes == number["node_memory_MemAvailable_bytes"]
    assert reading.memory_used_bytes == reader.memory_bytes - reading.memory_available_bytes
    assert reading.swap_used_bytes == 0
    assert reading.disk_read_bytes == number['node_disk_read_bytes_total{device="vda"}']
    assert reading.disk_written_bytes == number['node_disk_written_bytes_total{device="vda"}']
    assert reading.disk_busy_ms == round(1000 * number['node_disk_io_time_seconds_total{device="vda"}'])
    assert reading.network_received_bytes == number['node_network_receive_bytes_total{device="eth0"}']
    assert reading.load_1m == number["node_load1"]
    assert reading.context_switch_count == number["node_context_switches_total"]
    assert reading.pressure_io_full_us == round(1e6 * number["node_pressure_io_stalled_seconds_total"])
    total = sum(value for name, value in number.items() if name.startswith("node_cpu_seconds_total"))
    idle = sum(value for name, value in number.items() if 'mode="idle"' in name or 'mode="iowait"' in name)
    assert reading.cpu_total_ticks == round(100 * total)
    assert reading.cpu_busy_ticks == round(100 * (total - idle))


def test_the_free_space_of_the_root_is_not_taken_for_the_databases(recorded):
    # The server's path may be one inside a container.
    reading, _ = read(recorded["1.8.2"], "/config/.stash/stash-go.sqlite")
    assert reading.disk_free_bytes is None


DISKS = """
node_disk_read_bytes_total{device="sda"} 100
node_disk_read_bytes_total{device="sdb"} 20
node_disk_read_bytes_total{device="dm-0"} 120
node_disk_read_bytes_total{device="md0"} 120
node_disk_read_bytes_total{device="nvme0n1"} 3
node_disk_io_time_seconds_total{device="sda"} 1
node_disk_io_time_seconds_total{device="sdb"} 1
node_disk_io_time_seconds_total{device="nvme0n1"} 1
node_filesystem_avail_bytes{device="/dev/sda1",mountpoint="/"} 1000
node_filesystem_avail_bytes{device="/dev/nvme0n1p2",mountpoint="/mnt/apps"} 2000
node_filesystem_avail_bytes{device="tank/media",mountpoint="/tank"} 3000
node_network_receive_bytes_total{device="eth0"} 7
node_network_receive_bytes_total{device="docker0"} 70
node_network_receive_bytes_total{device="veth12ab"} 70
node_network_receive_bytes_total{device="lo"} 700
"""


def test_stacked_devices_and_inner_networks_are_not_counted_twice():
    reading, reader = read(DISKS)
    assert reading.disk_read_bytes == 123
    assert reading.disk_busy_ms is None  # of several disks a sum would say nothing
    assert reading.network_received_bytes == 7
    assert reader.devices == "nvme0n1, sda, sdb"


def test_the_databases_own_disk_is_taken_where_its_mount_tells_it():
    reading, reader = read(DISKS, "/mnt/apps/stash/stash-go.sqlite")
    assert (reading.disk_read_bytes, reading.disk_busy_ms, reading.disk_free_bytes) == (3, 1000, 2000)
    assert reader.devices == "nvme0n1, which holds /mnt/apps"
    # A pool of disks has no device of its own; its free space is known all the same.
    reading, reader = read(DISKS, "/tank/stash/stash-go.sqlite")
    assert (reading.disk_read_bytes, reading.disk_free_bytes) == (123, 3000)
    assert read(DISKS, "C:\\stash\\stash-go.sqlite")[0].disk_free_bytes is None


def test_a_disk_that_is_plugged_in_later_brings_no_leap_and_one_that_leaves_no_fall():
    reader = MachineReader(None)
    page = parse_page(DISKS, FAMILIES)
    assert reader.read(page, 1.0).disk_read_bytes == 123
    family = "node_disk_read_bytes_total"
    page[family].append(Sample({"device": "sdc"}, 1e12))
    assert reader.read(page, 2.0).disk_read_bytes == 123
    page[family] = [sample for sample in page[family] if sample.labels["device"] != "sdb"]
    assert reader.read(page, 3.0).disk_read_bytes is None


def test_guest_time_is_not_counted_twice():
    page = "".join(
        f'node_cpu_seconds_total{{cpu="0",mode="{mode}"}} {value}\n'
        for mode, value in {"user": 10, "guest": 4, "idle": 80, "iowait": 10, "steal": 2}.items()
    )
    reading, _ = read(page)
    assert (reading.cpu_busy_ticks, reading.cpu_total_ticks, reading.cpu_steal_ticks) == (1200, 10200, 200)


def test_other_systems_tell_less_and_it_is_none():
    reading, _ = read('node_cpu_seconds_total{cpu="0",mode="idle"} 5\nnode_load1 0.5\nnode_memory_total_bytes 8\n')
    assert reading.load_1m == 0.5
    assert untold(reading) == ["memory", "disk traffic", "network traffic", "pressure"]


@pytest.mark.parametrize("value", ["-1", "1e300", "NaN", "-Inf"])
def test_what_no_counter_can_be_is_not_believed(value):
    reading, _ = read(f"node_context_switches_total {value}\nnode_memory_MemTotal_bytes {value}\n")
    assert reading._replace(host_time_seconds=None) == HostReading()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(FAMILIES)),
            st.dictionaries(st.sampled_from(["device", "mountpoint", "cpu", "mode"]), st.text(max_size=5)),
            st.floats(allow_nan=False, allow_infinity=False),
        )
    ),
    st.sampled_from([None, "/a/b", "a", ""]),
)
def test_no_page_makes_it_raise(samples, path):
    page = {}
    for family, labels, value in samples:
        page.setdefault(family, []).append(Sample(labels, value))
    MachineReader(path).read(page, 0.0)
