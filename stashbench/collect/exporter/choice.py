"""Which node_exporter a run reads, as it is handed to the sampler process."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.collect.exporter.address import ExporterAddress
from stashbench.collect.exporter.scrape import Source


class ExporterChoice(NamedTuple):
    """A node_exporter on the server's machine; `database_path` is the server's own, to tell its disk."""

    address: ExporterAddress
    database_path: str | None = None
    ca_file: str | None = None
    is_insecure: bool = False

    @property
    def source(self) -> Source:
        """Where to ask, and how its certificate is judged."""
        return Source(self.address, self.ca_file, self.is_insecure)
