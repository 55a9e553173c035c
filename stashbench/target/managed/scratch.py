"""The scratch home of a server we start: its configuration, its folders, and an environment free of the user's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stashbench.target.private_copy import MARKER
from stashbench.target.setup import CACHE_SIZE_VARIABLE

_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
# Nothing can listen at port 0, so whatever the server would fetch from the network fails at once on this machine.
_NOWHERE = "http://127.0.0.1:0"
_OWNER_ONLY = 0o700
_OWNER_ONLY_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Scratch:
    """The private folder a server lives in, and where its parts are."""

    home: Path

    @property
    def configuration(self) -> Path:
        """Its settings file."""
        return self.home / "config.yml"

    @property
    def database(self) -> Path:
        """Its database."""
        return self.home / "stash-go.sqlite"

    @property
    def media(self) -> Path:
        """The one folder its library consists of; empty at first."""
        return self.home / "media"

    @property
    def generated(self) -> Path:
        """Where it puts covers, previews and sprites."""
        return self.home / "generated"

    @property
    def log_file(self) -> Path:
        """Its log."""
        return self.home / "stash.log"

    @property
    def output(self) -> Path:
        """What it wrote to its standard output and error: the access log, and a crash's trace."""
        return self.home / "output.log"


def prepare(home: Path, *, port: int, log_level: str, chosen: Mapping[str, object] | None = None) -> Scratch:
    """Make the folders and the settings file in the private directory `home`; the server adds its other defaults.

    Of settings `chosen` by the user those win that are ours to make, but for the log's level.
    """
    scratch = Scratch(home)
    # All of these are made by nobody else, and a server that lacks one complains at start.
    for name in ("media", "generated", "cache", "metadata", "plugins", "scrapers", "tmp"):
        (home / name).mkdir(mode=_OWNER_ONLY, exist_ok=True)
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "database": str(scratch.database),
        "generated": str(scratch.generated),
        "cache": str(home / "cache"),
        "metadata": str(home / "metadata"),
        "plugins_path": str(home / "plugins"),
        "scrapers_path": str(home / "scrapers"),
        "blobs_storage": "DATABASE",
        "nobrowser": True,
        "logfile": str(scratch.log_file),
        "logout": True,
        "loglevel": log_level,
        "video_file_naming_algorithm": "OSHASH",
        "stash": [{"path": str(scratch.media), "excludevideo": False, "excludeimage": False}],
    }
    settings = dict(chosen or {}) | settings | {"loglevel": (chosen or {}).get("loglevel", log_level)}
    scratch.configuration.touch(_OWNER_ONLY_FILE)
    # YAML takes JSON as it is.
    scratch.configuration.write_bytes(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
    return scratch


def environment(
    scratch: Scratch,
    inherited: Mapping[str, str] = os.environ,
    *,
    cache_size: int | None = None,
    chosen: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the environment of the server: the user's, without what would change its settings or give secrets away.

    Any STASH_<KEY> overrides a setting of Stash. `cache_size` is SQLite's per connection, as pages, or KiB if negative.
    Variables `chosen` by the user win over those, but not over what keeps the server where it is.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.upper().startswith(("STASH_", "STASHBENCH_")) and name.lower() not in _PROXIES
    }
    kept |= {CACHE_SIZE_VARIABLE: str(cache_size)} if cache_size is not None else {}
    kept |= chosen or {}
    kept |= {name: _NOWHERE for variable in _PROXIES[:2] for name in (variable, variable.upper())}
    kept |= {"HOME": str(scratch.home), "TMPDIR": str(scratch.home / "tmp"), MARKER: str(scratch.home)}
    return kept
