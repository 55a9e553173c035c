"""Load settings: default < stashbench.toml or [tool.stashbench] < environment < command line."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from stashbench.config.accepted import read_accepted
from stashbench.config.audit import AuditSettings
from stashbench.config.convert import convert
from stashbench.config.effects import read_effects
from stashbench.config.ranges import check_range
from stashbench.config.settings import Settings
from stashbench.config.target import TargetSettings
from stashbench.config.thresholds import Limits, ThresholdSettings
from stashbench.errors import ConfigurationError
from stashbench.model.secret import KEY_VARIABLE, PASSWORD_VARIABLE, USERNAME_VARIABLE

SECTIONS: dict[str, type[Any]] = {"target": TargetSettings, "audit": AuditSettings}

ENVIRONMENT = {
    "STASH_URL": "target.url",
    KEY_VARIABLE: "target.api_key",
    USERNAME_VARIABLE: "target.username",
    PASSWORD_VARIABLE: "target.password",
    "STASH_BINARY": "target.binary",
    "STASH_DATABASE": "target.database",
    "STASH_PID": "target.pid",
    "STASH_LOG_FILE": "target.log_file",
    "STASH_NODE_EXPORTER": "target.node_exporter",
    "STASHBENCH_LIBRARY": "target.library_scene_count",
    "STASHBENCH_REPORT_DIR": "audit.report_directory",
    "STASHBENCH_BASELINE": "audit.baseline",
    "STASHBENCH_FAIL_ON": "audit.fail_on",
}
"""Environment variables and the setting each one gives."""


def find_file(directory: Path) -> Path | None:
    """Find the settings file that applies in a directory: stashbench.toml, else a pyproject.toml with our table."""
    own = directory / "stashbench.toml"
    if own.is_file():
        return own
    project = directory / "pyproject.toml"
    if project.is_file() and b"[tool.stashbench" in project.read_bytes():
        return project
    return None


def load_settings(
    path: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Load all sections. `overrides` maps `section.name` to command-line values; None there means "not given".

    Raises:
        ConfigurationError: the file cannot be read, or names a setting or a value that does not exist.
    """
    values: dict[str, tuple[object, str]] = {}
    document = _read(path) if path is not None else {}
    limits = _take_thresholds(document, path)
    effects = read_effects(document.pop("effects", {}), path)
    accepted = read_accepted(document.pop("accepted", []), path)
    for section, content in document.items():
        if section not in SECTIONS:
            message = (
                f"{path}: there is no section [{section}]; sections are target, audit, thresholds, effects and accepted"
            )
            raise ConfigurationError(message)
        if not isinstance(content, dict):
            raise ConfigurationError(_no_section(path, section))
        for name, value in content.items():
            values[f"{section}.{name}"] = (value, "file")
    for variable, key in ENVIRONMENT.items():
        if environ is not None and environ.get(variable):
            values[key] = (environ[variable], "environment")
    for key, value in (overrides or {}).items():
        if value is not None and value != ():
            values[key] = (value, "command line")
    sections = {name: _build(name, kind, values) for name, kind in SECTIONS.items()}
    unknown = [key for key in values if key.split(".", 1)[0] not in SECTIONS]
    if unknown:
        message = f"there is no setting {unknown[0]!r}"
        raise ConfigurationError(message)
    sources = {key: source for key, (_, source) in values.items()}
    return Settings(
        **sections, thresholds=ThresholdSettings(limits), effects=effects, accepted=accepted, sources=sources
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = (
            f"the settings file {path} cannot be read ({error.strerror}); check the path given with --stash-config"
        )
        raise ConfigurationError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"the settings file {path} is not valid TOML: {error}"
        raise ConfigurationError(message) from error
    if path.name == "pyproject.toml":
        document = document.get("tool", {}).get("stashbench", {})
    return document


def _take_thresholds(document: dict[str, Any], path: Path | None) -> dict[str, Limits]:
    content = document.pop("thresholds", {})
    if not isinstance(content, dict):
        raise ConfigurationError(_no_section(path, "thresholds"))
    limits = {}
    for check_id, value in content.items():
        if not isinstance(value, dict) or set(value) - {"warning", "critical"}:
            message = f"{path}: [thresholds.{check_id}] takes `warning` and `critical`, both numbers"
            raise ConfigurationError(message)
        numbers = {name: convert(f"thresholds.{check_id}.{name}", limit, float) for name, limit in value.items()}
        limits[check_id] = Limits(**numbers, source="file")
    return limits


def _build(section: str, kind: type[Any], values: Mapping[str, tuple[object, str]]) -> Any:
    types = get_type_hints(kind)
    known = {field.name for field in dataclasses.fields(kind)}
    arguments = {}
    for key, (value, _) in values.items():
        owner, _, name = key.partition(".")
        if owner != section:
            continue
        if name not in known:
            message = f"there is no setting {key!r}; [{section}] knows {', '.join(sorted(known))}"
            raise ConfigurationError(message)
        arguments[name] = convert(key, value, types[name])
        check_range(key, arguments[name])
    return kind(**arguments)


def _no_section(path: Path | None, section: str) -> str:
    return f"{path}: `{section}` must be a section: write [{section}] on a line of its own and its settings below"
