"""Faults to plant in the embedded server, so that the audit can be shown to find them. Each is real, none is acted."""

from __future__ import annotations

from stashbench.embedded.faults.catalogue import FAULTS, Fault, FaultMeta, parse_fault
from stashbench.embedded.faults.fault_set import FaultSet

__all__ = ["FAULTS", "Fault", "FaultMeta", "FaultSet", "parse_fault"]
