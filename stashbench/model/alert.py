"""A breach worth telling somebody about, as the source design's result carries it."""

from __future__ import annotations

from stashbench.model.base import Model
from stashbench.model.finding import Severity


class Alert(Model):
    """One alert; `timestamp` is RFC 3339 in UTC."""

    type: str
    severity: Severity
    message: str
    timestamp: str
    resolved: bool
    finding_id: str = ""
