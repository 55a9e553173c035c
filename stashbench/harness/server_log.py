"""Reads the slow statements out of the server's own log once the benchmarks are done: reading would disturb them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import RequestError, TargetError
from stashbench.model.server_log import LogSource
from stashbench.model.text import one_line
from stashbench.stash.log_files import mark_of

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession

TELLING_LEVELS = ("trace", "debug")


class ServerLog:
    """Remembers where the log ended when the audit began, and reads it once."""

    def __init__(self, session: AuditSession) -> None:
        self._session = session
        self._path = session.settings.target.log_file or session.target.log_file
        self._began_ns = time.time_ns()
        self._mark = mark_of(self._path) if self._path else None
        self._is_read = False

    def read(self) -> None:
        """Keep the slow statements found; a log that cannot be read says why in its source."""
        from stashbench.stash.server_log import read_server_log

        if self._is_read:
            return
        self._is_read = True
        session = self._session
        found, sources = read_server_log(session.target.client, self._path, began_ns=self._began_ns, mark=self._mark)
        level = self._level()
        if level and level.lower() not in TELLING_LEVELS:
            sources = tuple(_with_level(source, level) for source in sources)
        session.keep_log(found.summary(), sources)
        for source in sources:
            if not source.is_read and self._path is not None and source.name == self._path.name:
                session.warn(source.reason)
        rest = found.left_out_count
        if rest or found.overflow_count:
            session.warn(
                f"the server's log holds {rest} more kinds of slow statements than the report shows, and "
                f"{found.overflow_count} executions beyond what is kept apart"
            )

    def _level(self) -> str:
        try:
            return one_line(str(self._session.target.configuration().get("logLevel") or ""), 20)
        except (RequestError, TargetError):
            return ""


def _with_level(source: LogSource, level: str) -> LogSource:
    """Say why a log is silent: Stash notes slow statements only at levels that few servers run at."""
    if not source.is_read or source.slow_count:
        return source
    why = f"the server logs at level {level}; it notes slow statements only at Debug or Trace (Settings, Logs)"
    return msgspec.structs.replace(source, reason=f"{source.reason}; {why}" if source.reason else why)
