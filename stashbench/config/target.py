"""Which server is audited, and what we may do to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stashbench.model.secret import Secret


@dataclass(frozen=True, kw_only=True)
class TargetSettings:
    """The `target` section. Without `url` the embedded server is started with a generated library."""

    url: str | None = None
    """Address of a running Stash, e.g. `http://127.0.0.1:9999`."""
    api_key: Secret | None = None
    """Its API key; better given as STASH_API_KEY than on a command line others can read."""
    username: Secret | None = None
    """Name to log in with where there is no key; together with `password`, both best given in the environment."""
    password: Secret | None = None
    """Password to log in with."""
    binary: Path | None = None
    """A Stash program that we start ourselves, with a scratch configuration and a generated library."""
    database: Path | None = None
    """The server's database file as this machine sees it (opened read-only)."""
    pid: int | None = None
    """The server's process, where it cannot be found from the listening port."""
    log_file: Path | None = None
    """The server's log file as this machine sees it; its older, rotated parts beside it are read too."""
    node_exporter: str | None = None
    """Address of a Prometheus node_exporter on the server's machine, for what we cannot sample ourselves."""
    library_scene_count: int = 20_000
    """Scenes in the library of a server we start."""
    library_seed: int = 1
    """Seed of the library of a server we start."""
    log_level: Literal["Trace", "Debug", "Info", "Warning", "Error"] = "Info"
    """Log level of the Stash program given by `binary`."""
    faults: tuple[str, ...] = ()
    """Faults planted into the embedded server, e.g. `drop-index=index_scenes_tags_on_tag_id`."""
    timeout_seconds: float = 30.0
    """How long one request may take before it counts as failed."""
    ca_file: Path | None = None
    """Own certificate authority of the server."""
    insecure: bool = False
    """Accept any certificate; the report says so."""
    allow_writes: bool = False
    """Let benchmarks and checks run that change data, and put back what they change but for a time of update."""

    def options_of_a_running_server(self) -> tuple[str, ...]:
        """Return the options given that say where a server of the user's is; one that we start has no use for them."""
        given = {
            "--stash-database": self.database,
            "--stash-pid": self.pid,
            "--stash-log-file": self.log_file,
            "--stash-node-exporter": self.node_exporter,
        }
        return tuple(option for option, value in given.items() if value is not None)
