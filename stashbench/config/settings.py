"""All sections together, with the source of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stashbench.config.audit import AuditSettings
from stashbench.config.effects import EffectSettings
from stashbench.config.target import TargetSettings
from stashbench.config.thresholds import ThresholdSettings
from stashbench.model.acceptance import AcceptedChange


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run goes by. `sources` maps `section.name` to default, file, environment or command line."""

    target: TargetSettings = field(default_factory=TargetSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    thresholds: ThresholdSettings = field(default_factory=ThresholdSettings)
    effects: EffectSettings = field(default_factory=EffectSettings)
    accepted: tuple[AcceptedChange, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def source(self, key: str) -> str:
        """Say where the value of `section.name` comes from."""
        return self.sources.get(key, "default")
