"""Performance audit for Stash media servers, run as pytest.

Importing this package costs nothing: public names are looked up on first use (PEP 562), so that a pytest run that
merely has the plugin installed pays for none of the parts behind it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashbench.errors import StashbenchError
    from stashbench.model.result import AuditResult

__version__ = "0.1.0"

__all__ = ["AuditResult", "StashbenchError", "__version__"]

_HOMES = {
    "AuditResult": "stashbench.model.result",
    "StashbenchError": "stashbench.errors",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """List the lazy names beside the loaded ones."""
    return sorted({*globals(), *_HOMES})
