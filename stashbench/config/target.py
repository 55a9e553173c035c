"""Which server is audited, and what we may do to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stashbench.model.secret import Secret


@dataclass(frozen=True, kw_only=True)
class TargetSettings:
    """The `target` section. Without `url` the embedded server is started with a generated library."""

    url: str | None = None
    """Address of a running Stash, e.g. `http://127.0.0.1:9999`."""
    api_key: Secret | None = None
    """Its API key; better given as STASH_API_KEY than on a command line others can read."""
    database: Path | None = None
    """The server's database file as this machine sees it (opened read-only)."""
    pid: int | None = None
    """The server's process, where it cannot be found from the listening port."""
    library_scene_count: int = 20_000
    """Scenes in the embedded server's library."""
    library_seed: int = 1
    """Seed of the embedded server's library."""
    faults: tuple[str, ...] = ()
    """Faults planted into the embedded server, e.g. `drop-index=index_scenes_tags_on_tag_id`."""
    timeout_seconds: float = 30.0
    """How long one request may take before it counts as failed."""
    ca_file: Path | None = None
    """Own certificate authority of the server."""
    insecure: bool = False
    """Accept any certificate; the report says so."""
    allow_writes: bool = False
    """Let checks run that change data: one saves a scene as it is, which changes its time of update."""
