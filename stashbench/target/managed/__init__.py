"""A server started by us from a Stash program: scratch settings, a generated library, and nothing left afterwards."""

from __future__ import annotations

from stashbench.target.managed.binary import BinaryOptions, RunningBinary, running_binary

__all__ = ["BinaryOptions", "RunningBinary", "running_binary"]
