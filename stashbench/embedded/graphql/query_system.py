"""Queries about the server itself: status, version, numbers of the library, plugins."""

from __future__ import annotations

import platform
from enum import Enum
from pathlib import Path

import strawberry
from strawberry.types import Info

from stashbench.embedded.graphql.fields import query
from stashbench.embedded.graphql.rows import Row, request_of
from stashbench.embedded.schema import SCHEMA_VERSION
from stashbench.embedded.sql.stats import STATS

_VERSION = "v0.30.1"
_HASH = "embedded"
_BUILD_TIME = "2025-12-20 00:00:00"


@strawberry.enum
class SystemStatusEnum(Enum):
    """Whether the server can answer."""

    SETUP = "SETUP"
    NEEDS_MIGRATION = "NEEDS_MIGRATION"
    OK = "OK"


@strawberry.type
class SystemStatus:
    """Answered from memory."""

    database_schema: int | None = strawberry.field(name="databaseSchema")
    database_path: str | None = strawberry.field(name="databasePath")
    config_path: str | None = strawberry.field(name="configPath")
    app_schema: int = strawberry.field(name="appSchema")
    status: SystemStatusEnum
    os: str
    working_dir: str = strawberry.field(name="workingDir")
    home_dir: str = strawberry.field(name="homeDir")
    ffmpeg_path: str | None = strawberry.field(name="ffmpegPath")
    ffprobe_path: str | None = strawberry.field(name="ffprobePath")


@strawberry.type
class Version:
    """The release whose API this server stands in for."""

    version: str | None
    hash: str
    build_time: str


@strawberry.type
class StatsResultType:
    """Numbers of the library: sizes in bytes, durations in seconds."""

    scene_count: int
    scenes_size: float
    scenes_duration: float
    image_count: int
    images_size: float
    gallery_count: int
    performer_count: int
    studio_count: int
    group_count: int
    movie_count: int = strawberry.field(deprecation_reason="Use group_count")
    tag_count: int
    total_o_count: int
    total_play_duration: float
    total_play_count: int
    scenes_played: int


@strawberry.type
class PluginHook:
    """What a plugin runs when something changes."""

    name: str
    description: str | None
    hooks: list[str] | None


@strawberry.type
class PluginTask:
    """What a plugin offers to run."""

    name: str
    description: str | None


@strawberry.type
class Plugin:
    """A plugin; this server has none."""

    id: strawberry.ID
    name: str
    description: str | None
    url: str | None
    version: str | None
    enabled: bool
    tasks: list[PluginTask] | None
    hooks: list[PluginHook] | None
    requires: list[strawberry.ID] | None


@strawberry.type
class SystemQueries:
    """Queries about the server itself."""

    @query("systemStatus", SystemStatus)
    def system_status(self, info: Info) -> SystemStatus:
        """Return the status from memory: the floor of all latencies."""
        paths = info.context["state"].paths
        return SystemStatus(
            database_schema=SCHEMA_VERSION,
            database_path=str(paths.database),
            config_path=str(paths.configuration),
            app_schema=SCHEMA_VERSION,
            status=SystemStatusEnum.OK,
            os=platform.system().lower(),
            working_dir=str(Path.cwd()),
            home_dir=str(Path.home()),
            ffmpeg_path=None,
            ffprobe_path=None,
        )

    @strawberry.field
    def version(self) -> Version:
        """Return the release this server stands in for; its hash tells that it is no real one."""
        return Version(version=_VERSION, hash=_HASH, build_time=_BUILD_TIME)

    @query("stats", StatsResultType)
    def stats(self, info: Info) -> Row:
        """Count the library anew, all numbers in one read transaction, whatever is selected."""
        with request_of(info).state.database.read() as session:
            numbers = {name: session.query(sql)[0][0] for name, sql in STATS.items()}
        o_count = numbers.pop("scenes_o_count") + numbers.pop("images_o_count")
        return Row(**numbers, total_o_count=o_count, movie_count=numbers["group_count"])

    @strawberry.field
    def plugins(self) -> list[Plugin] | None:
        """Return null: no plugin is installed."""
        return None
