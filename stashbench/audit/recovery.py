"""Finishes a run that was killed: its journal becomes a result marked partial, with all the files of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stashbench.audit.assembly import assemble_from_journal
from stashbench.audit.publish import write_run
from stashbench.store.journal import JOURNAL_NAME
from stashbench.store.results import RESULT_NAME

if TYPE_CHECKING:
    from stashbench.config.audit import AuditSettings
    from stashbench.config.effects import EffectSettings
    from stashbench.model.acceptance import AcceptedChange
    from stashbench.model.result import AuditResult


def is_unfinished(directory: Path) -> bool:
    """Say whether a folder holds a run that ended, or still is, before its result."""
    return (directory / JOURNAL_NAME).is_file() and not (directory / RESULT_NAME).exists()


def recover_run(
    directory: Path,
    settings: AuditSettings,
    *,
    effects: EffectSettings | None = None,
    accepted: Sequence[AcceptedChange] = (),
) -> tuple[AuditResult, tuple[str, ...]]:
    """Write what a killed run left; return the result, and what could not be written. Arguments as for `conclude`.

    The journal is kept: the run might still be going on in another process.

    Raises:
        StoreError: the journal cannot be read, or the result not be written.
    """
    result = assemble_from_journal(directory, settings, effects=effects, accepted=accepted)
    # A folder that was renamed or copied keeps the name it has now.
    result = msgspec.structs.replace(result, run_id=directory.resolve().name)
    return result, write_run(result, directory.resolve().parent)
