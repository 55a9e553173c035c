"""The resource sampler: its own process beside the server, and the `Sampler` that drives it.

The process side (`python -m stashbench.collect.sampler`) imports only the standard library on Linux and must stay
small, so the driving side, which needs the model types, is imported when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashbench.collect.sampler.client import Sampler

__all__ = ["Sampler"]


def __getattr__(name: str) -> object:
    """Import `Sampler` on first use, so that the sampler process never does."""
    if name == "Sampler":
        from stashbench.collect.sampler.client import Sampler

        return Sampler
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
