"""How large the server's machine is, and what memory it has left: asked here, or of its node_exporter."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.collect import machine
from stashbench.collect.exporter.choice import ExporterChoice
from stashbench.collect.exporter.host import Exporter
from stashbench.collect.exporter.scrape import ScrapeError


class MachineSize(NamedTuple):
    """The server's machine; None where it is not told. `is_here`: it is the one we run on."""

    cpu_count: int | None
    memory_bytes: int | None
    available_memory_bytes: int | None
    is_here: bool


def machine_size(exporter: ExporterChoice | None) -> MachineSize:
    """Look at this machine, or ask the node_exporter of another one once; all is None if that does not answer."""
    if exporter is None:
        return MachineSize(machine.cpu_count(), machine.memory_bytes(), machine.available_memory_bytes(), is_here=True)
    asked = Exporter(exporter.source, exporter.database_path)
    try:
        reading = asked.read()
    except ScrapeError:
        return MachineSize(None, None, None, is_here=False)
    return MachineSize(asked.cpu_count, asked.memory_bytes, reading.memory_available_bytes, is_here=False)
