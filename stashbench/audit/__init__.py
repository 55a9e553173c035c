"""One audit run from what was recorded to the `AuditResult` and its files; used by plugin and command line alike.

record (in memory, or read back from the journal of a killed run)
  -> compare -> recommend -> score -> verdict -> result.json -> report.html, summary.md, junit.xml, index, history
"""

from __future__ import annotations

from stashbench.audit.assembly import HISTORY_NAME, assemble_from_journal, conclude
from stashbench.audit.failure import failure_in_words
from stashbench.audit.policy import exit_status
from stashbench.audit.publish import publish_index, rescue_result, write_run
from stashbench.audit.record import RunRecord, forget_run, open_journal, rfc3339
from stashbench.audit.recovery import is_unfinished, recover_run
from stashbench.audit.stored import feed_rolling

__all__ = [
    "HISTORY_NAME",
    "RunRecord",
    "assemble_from_journal",
    "conclude",
    "exit_status",
    "failure_in_words",
    "feed_rolling",
    "forget_run",
    "is_unfinished",
    "open_journal",
    "publish_index",
    "recover_run",
    "rescue_result",
    "rfc3339",
    "write_run",
]
