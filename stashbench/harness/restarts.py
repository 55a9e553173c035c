"""Notices that the server was restarted while an audit runs, tells whom it hit, and goes on with the new process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import RequestError, TargetError, TargetUnreachableError
from stashbench.model.target import TargetKind

if TYPE_CHECKING:
    from stashbench.harness.record import TestRecord
    from stashbench.harness.session import AuditSession

RETURN_SECONDS = 30.0
_PAUSE_SECONDS = 0.25
_STATUS = "query Status { systemStatus { status } version { version hash } }"


class RestartWatch:
    """Compares the server's process before and after each test, which costs microseconds.

    Of a server whose process we cannot see, a restart shows only where it hits a request. A server that we started
    ourselves is nobody's to restart.
    """

    def __init__(self, session: AuditSession) -> None:
        from stashbench.collect.processes.identity import identity_of

        self._session = session
        self._identify = identity_of
        self._is_watching = session.target.info.kind is TargetKind.ATTACHED
        pid = session.target.info.pid
        self._identity = identity_of(pid) if pid is not None else None

    def before_test(self) -> None:
        """Look whether the server was restarted since the last test; nothing that was measured is hit then."""
        if self._has_gone():
            self._go_on("between two tests", None)
            self._session.process_number += 1

    def after_test(self, record: TestRecord) -> None:
        """Look whether the server was restarted during a test, whose figures are then not counted."""
        if self._has_gone() or (self._is_watching and self._session.is_out_of_reach):
            self._go_on(f"during “{record.label}”", record)
            self._session.process_number += 1

    def look_between_passes(self, *, is_out_of_reach: bool = False) -> bool:
        """Look whether the server was restarted while pages were timed again; say so if it was and answers again."""
        if not self._has_gone() and not (self._is_watching and is_out_of_reach):
            return False
        self._go_on("while pages were timed again", None)
        if self._session.loss:
            return False
        self._session.process_number += 1
        return True

    def _has_gone(self) -> bool:
        if not self._is_watching or self._identity is None:
            return False
        return self._identify(self._identity.pid) != self._identity

    def _go_on(self, when: str, record: TestRecord | None) -> None:
        session = self._session
        at_seconds = time.monotonic() - session.sampler.clock_origin
        begun = time.monotonic()
        build = self._wait()
        if build is None:
            if not session.loss:
                session.loss = f"its process ended {when} and no other answered within {RETURN_SECONDS:g} s"
            return
        waited = time.monotonic() - begun
        was_known = self._identity is not None
        moved = self._follow()
        what = "was restarted" if was_known else "was out of reach (restarted, or the network failed)"
        session.warn(
            f"The server {what} {when}, {at_seconds:.0f} s into the run, and answered again {waited:.0f} s "
            f"later{moved}. What ran afterwards met a server whose caches were cold."
        )
        if record is not None:
            session.loss = ""
            record.was_given_up = False
            record.failure = f"the server {what} while this ran"
            session.record.partial_reasons.append(f"the server {what} {when}, whose figures are not counted")
        self._note_release(build)

    def _wait(self) -> str | None:
        """Wait until the server answers; return its build, or None where it does not in time."""
        client = self._session.target.client
        deadline = time.monotonic() + RETURN_SECONDS
        while True:
            try:
                answer = client.execute(_STATUS)
                return f"{answer['version']['version']} {answer['version']['hash']}"
            except (RequestError, TargetUnreachableError):
                if time.monotonic() >= deadline:
                    return None
            except (TargetError, KeyError, TypeError):
                return None  # it asks for a migration or another key: no server to go on with
            time.sleep(_PAUSE_SECONDS)

    def _follow(self) -> str:
        """Find the new process and have it sampled; say so."""
        session = self._session
        before, self._identity = self._identity, None
        if before is None or session.target.find_process is None:
            return ""
        found = session.target.find_process()
        if found.pid is None:
            return f", but its new process is not known ({found.reason}), so its use of resources is not measured"
        self._identity = self._identify(found.pid)
        session.sampler.follow(found.pid)
        session.target.pid = found.pid
        session.target.info = msgspec.structs.replace(session.target.info, pid=found.pid)
        return f" as process {found.pid} instead of {before.pid}"

    def _note_release(self, build: str) -> None:
        info = self._session.target.info
        known = f"{info.server_version} {info.server_build}"
        if info.server_version not in {None, "unknown"} and build != known:
            self._session.warn(f"The server came back as another release ({build}, before {known}): do not compare.")
