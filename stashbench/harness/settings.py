"""From pytest's options to settings: one table, so that a pytest run and the command line mean the same."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.config import find_file, load_settings
from stashbench.config.durations import parse_duration
from stashbench.errors import ConfigurationError, StoreError
from stashbench.harness.interrupts import HiddenVariables, hidden_secrets
from stashbench.harness.keys import HIDDEN_KEY

if TYPE_CHECKING:
    import pytest

    from stashbench.config import Settings
    from stashbench.config.audit import AuditSettings

_OPTIONS = {
    "stash_url": "target.url",
    "stash_api_key": "target.api_key",
    "stash_binary": "target.binary",
    "stash_database": "target.database",
    "stash_pid": "target.pid",
    "stash_log_file": "target.log_file",
    "stash_node_exporter": "target.node_exporter",
    "stash_log_level": "target.log_level",
    "stash_library": "target.library_scene_count",
    "stash_fault": "target.faults",
    "stash_timeout": "target.timeout_seconds",
    "stash_insecure": "target.insecure",
    "stash_ca_file": "target.ca_file",
    "allow_writes": "target.allow_writes",
    "stash_report_dir": "audit.report_directory",
    "stash_baseline_dir": "audit.baseline_directory",
    "stash_baseline": "audit.baseline",
    "fail_on": "audit.fail_on",
    "stash_profile": "audit.profile",
    "stash_settle": "audit.settle_seconds",
    "stash_replay": "audit.replay",
    "stash_wait_quiet": "audit.wait_quiet_seconds",
}


def settings_of(config: pytest.Config) -> Settings:
    """Load the settings a pytest run was started with.

    Raises:
        ConfigurationError: an option, a variable or the settings file makes no sense, or names a baseline not there.
    """
    chosen = config.getoption("stash_config")
    path = Path(chosen) if chosen else find_file(config.invocation_params.dir)
    overrides = {key: config.getoption(option) for option, key in _OPTIONS.items()}
    if overrides["audit.settle_seconds"] is not None:
        overrides["audit.settle_seconds"] = parse_duration(config.getoption("stash_settle"), "--settle")
    # What the command line took out of the environment before pytest started.
    hidden = config.stash.get(HIDDEN_KEY, HiddenVariables())
    settings = load_settings(path, overrides, {**os.environ, **hidden})
    _hide_secrets(config)
    _check_baseline(settings.audit)
    return settings


def _hide_secrets(config: pytest.Config) -> None:
    """Take secrets out of the environment until pytest ends: pytest-benchmark and its helpers start programs too."""
    until_the_end = contextlib.ExitStack()
    until_the_end.enter_context(hidden_secrets())
    config.add_cleanup(until_the_end.close)


def _check_baseline(settings: AuditSettings) -> None:
    """Look for a baseline that was asked for by name now, not after a minute of measuring."""
    if settings.baseline in {"auto", "none"}:
        return
    from stashbench.store import baselines

    try:
        baselines.load(settings.baseline_directory, settings.baseline)
    except StoreError as error:
        raise ConfigurationError(str(error)) from error
