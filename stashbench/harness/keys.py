"""Where an audit keeps its objects in pytest's config; imports nothing heavy, for the plugin is always loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stashbench.harness.interrupts import HiddenVariables
    from stashbench.harness.progress import Progress
    from stashbench.harness.session import AuditSession

SESSION_KEY: pytest.StashKey[AuditSession] = pytest.StashKey()
PROGRESS_KEY: pytest.StashKey[Progress] = pytest.StashKey()
HIDDEN_KEY: pytest.StashKey[HiddenVariables] = pytest.StashKey()
