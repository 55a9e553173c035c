"""The server under audit, and what of it can be reached."""

from __future__ import annotations

from stashbench.model.base import Model, Word


class TargetKind(Word):
    """How the server is had."""

    EMBEDDED = "embedded"
    ATTACHED = "attached"
    MANAGED = "managed"


class Facility(Word):
    """Something a target may or may not offer to the audit."""

    API = "api"
    PROCESS = "process"
    HOST = "host"
    DATABASE_FILE = "database-file"
    SQL_LOG = "sql-log"
    JOBS = "jobs"
    MEDIA = "media"
    WRITES = "writes"


class Reach(Model):
    """Whether one facility is there, and if not, why and what would help."""

    facility: Facility
    is_available: bool
    reason: str


class LibrarySize(Model):
    """How much the library holds; None means the server did not say."""

    scene_count: int | None = None
    image_count: int | None = None
    gallery_count: int | None = None
    performer_count: int | None = None
    studio_count: int | None = None
    tag_count: int | None = None
    group_count: int | None = None
    scenes_bytes: int | None = None
    images_bytes: int | None = None


LIBRARY_COUNTS = {
    "scene_count": "scenes",
    "image_count": "images",
    "gallery_count": "galleries",
    "performer_count": "performers",
    "studio_count": "studios",
    "tag_count": "tags",
    "group_count": "groups",
}
"""The numbers of objects in `LibrarySize`, with what they count."""


class Target(Model):
    """The server under audit. The address carries no key; the process and the file are None where not reachable.

    `library_seed` is the seed of a generated library, None of a library of the user's. `speed_settings` are settings
    of the server that bear on its speed, as text, without secrets and paths; empty where they could not be read.
    `faults` are those planted into an embedded server, `program_path` and `program_sha256` say which program we
    started.
    """

    kind: TargetKind
    url: str
    server_version: str | None = None
    server_build: str | None = None
    schema_version: int | None = None
    app_schema_version: int | None = None
    pid: int | None = None
    database_path: str | None = None
    database_bytes: int | None = None
    library: LibrarySize = LibrarySize()
    library_seed: int | None = None
    speed_settings: dict[str, str] = {}
    faults: tuple[str, ...] = ()
    program_path: str | None = None
    program_sha256: str | None = None
    reaches: tuple[Reach, ...] = ()

    @property
    def name(self) -> str:
        """Say in words which server it is; the address of a program we started is another each time."""
        release = f"Stash {self.server_version or 'of unknown version'}"
        if self.kind is TargetKind.MANAGED:
            return f"{release}, started by stashbench"
        return f"{self.url} ({release})"

    def can(self, facility: Facility) -> bool:
        """Say whether a facility is available."""
        return any(reach.facility is facility and reach.is_available for reach in self.reaches)

    def reason(self, facility: Facility) -> str:
        """Say why a facility is (not) available; empty where nobody looked."""
        return next((reach.reason for reach in self.reaches if reach.facility is facility), "")
