"""Everything one running server consists of, handed to resolvers as `info.context["state"]`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stashbench.embedded.access import Access
from stashbench.embedded.broadcast import Broadcast

if TYPE_CHECKING:
    from stashbench.embedded.database import Database
    from stashbench.embedded.faults import FaultSet
    from stashbench.embedded.jobs.manager import JobManager
    from stashbench.embedded.loghub import LogHub


@dataclass(frozen=True)
class ServerPaths:
    """Where the server keeps its things: absolute; `work` is its own temporary directory, removed with it."""

    database: Path
    media: Path
    work: Path

    @property
    def configuration(self) -> Path:
        """Where a configuration file would lie; none is written."""
        return self.database.parent / "config.yml"


@dataclass
class ServerState:
    """The parts of one server. `configuration` has the keys of `configuration { general }` (see `configuration.py`)."""

    database: Database
    hub: LogHub
    jobs: JobManager
    faults: FaultSet
    paths: ServerPaths
    configuration: dict[str, Any]
    scan_completed: Broadcast[None] = field(default_factory=Broadcast)
    access: Access = field(default_factory=Access)
    started_at: float = field(default_factory=time.time)
