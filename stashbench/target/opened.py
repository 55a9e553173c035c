"""A server that was opened for an audit."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stashbench.collect.exporter.choice import ExporterChoice
from stashbench.collect.processes.finding import FoundProcess
from stashbench.model.target import Target
from stashbench.stash.adapt import AdaptedDocument, Adapter
from stashbench.stash.capabilities import Capabilities, read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.configuration import read_configuration


@dataclass(kw_only=True)
class OpenTarget:
    """The server under audit: `info` for documents, `client` to speak to it, its process and file where in reach.

    `warnings` are for the report: what the user chose against what we see. `log_file` is the server's log where it can
    be read, `media_directory` a folder in its library that is ours to put files into. `is_here`: it runs on this
    machine; where not, an `exporter` may tell of its own. `find_process` looks for its process anew, after a restart.
    `restarting` starts a server of ours anew, step by step (see `stashbench.target.restart`); `start_seconds` is how
    long the newest start took, its end before that included.
    """

    info: Target
    client: StashClient
    pid: int | None = None
    database_path: Path | None = None
    warnings: tuple[str, ...] = ()
    log_file: Path | None = None
    media_directory: Path | None = None
    is_here: bool = True
    exporter: ExporterChoice | None = None
    find_process: Callable[[], FoundProcess] | None = None
    restarting: Callable[[], Generator[None]] | None = None
    start_seconds: float | None = None

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the server's API offers; asked once."""
        return read_capabilities(self.client)

    @cached_property
    def adapter(self) -> Adapter:
        """Fits documents and requests to what the server's API offers."""
        return Adapter(self.capabilities)

    def adapt(self, document: str) -> AdaptedDocument:
        """Return a GraphQL document as this server takes it; fitted once."""
        return self.adapter.document(document)

    def configuration(self) -> dict[str, Any]:
        """The server's settings that bear on its speed, without secrets; asked once."""
        return self._configuration

    @cached_property
    def _configuration(self) -> dict[str, Any]:
        return read_configuration(self.client, self.adapter)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()
