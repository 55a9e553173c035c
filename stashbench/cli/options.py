"""The target options, the same for every command that speaks to a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from stashbench.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--stash-url", metavar="URL", help="Stash server; without it the embedded server is started."),
    click.option("--stash-api-key", metavar="KEY", help="Its API key; better given as STASH_API_KEY."),
    click.option("--stash-database", metavar="FILE", help="Its database file as this machine sees it."),
    click.option("--stash-pid", metavar="PID", type=int, help="Its process, where it cannot be found."),
    click.option("--stash-log-file", metavar="FILE", help="Its log file as this machine sees it."),
    click.option("--stash-node-exporter", metavar="URL", help="Prometheus node_exporter on its machine."),
    click.option("--stash-binary", metavar="FILE", help="Stash program to start, with a library of its own."),
    click.option("--stash-log-level", metavar="LEVEL", help="Its log level (default Info)."),
    click.option("--stash-library", metavar="N", type=int, help="Scenes in the library of a server we start."),
    click.option("--stash-timeout", metavar="SECONDS", type=float, help="How long one request may take."),
    click.option("--stash-insecure", is_flag=True, default=None, help="Accept any TLS certificate."),
    click.option("--stash-ca-file", metavar="FILE", help="Certificate authority of the server."),
    click.option("--stash-config", metavar="FILE", help="Settings file."),
    click.option("--fault", "faults", metavar="SPEC", multiple=True, help="Plant a fault into the embedded server."),
    click.option("--allow-writes", is_flag=True, default=None, help="Let checks that change the server run."),
)

_SETTINGS = {
    "stash_url": "target.url",
    "stash_api_key": "target.api_key",
    "stash_database": "target.database",
    "stash_pid": "target.pid",
    "stash_log_file": "target.log_file",
    "stash_node_exporter": "target.node_exporter",
    "stash_binary": "target.binary",
    "stash_log_level": "target.log_level",
    "stash_library": "target.library_scene_count",
    "stash_timeout": "target.timeout_seconds",
    "stash_insecure": "target.insecure",
    "stash_ca_file": "target.ca_file",
    "faults": "target.faults",
    "allow_writes": "target.allow_writes",
}


def target_options(function: F) -> F:
    """Add the target options to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def load_target_settings(options: Mapping[str, Any] = MappingProxyType({})) -> Settings:
    """Return the settings that a command with these options goes by; the file is looked for where it was started.

    Raises:
        ConfigurationError: an option, a variable or the settings file makes no sense.
    """
    from stashbench.config import find_file, load_settings

    chosen = options.get("stash_config")
    path = Path(chosen) if chosen else find_file(Path.cwd())
    overrides = {key: options.get(option) for option, key in _SETTINGS.items()}
    return load_settings(path, overrides, os.environ)
