"""The baseline's server started once more: suspects are decided side by side with it, where that can be done.

The comparison is a process of its own (`stashbench compare`): pytest, which runs around us, cannot run inside itself.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import StoreError
from stashbench.model.side_by_side import SideBySide
from stashbench.model.target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stashbench.harness.session import AuditSession

BUDGET_SECONDS = 60.0
QUICK_BUDGET_SECONDS = 30.0
_OVERRUN_SECONDS = 240.0
_END_SECONDS = 20.0
_WORD = re.compile(r"[\w\[\]./:+-]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """What an audit was started with, as far as a comparison of the same pages needs it."""

    suites: tuple[Path, ...]
    settings_path: Path | None
    is_quick: bool


def why_not_replay(then: Target, now: Target) -> str:
    """Say why the baseline's server cannot be started beside this one, or need not be; empty if it can."""
    if TargetKind.ATTACHED in {then.kind, now.kind}:
        return "only servers that stashbench starts itself can be started once more"
    if then.library_seed != now.library_seed or then.library.scene_count != now.library.scene_count:
        return "the baseline's library is another one"
    if (then.kind, then.faults, then.program_sha256) == (now.kind, now.faults, now.program_sha256):
        return "the baseline's server is the same as this one, so that both would be alike"
    if any("," in fault for fault in (*then.faults, *now.faults)):
        return "a planted fault cannot be written on a command line"
    if then.kind is TargetKind.MANAGED and not _is_still_there(then):
        return "the baseline's program is no longer where it was, or another one by now"
    return ""


def _is_still_there(then: Target) -> bool:
    from stashbench.target.managed.program import sha256_of

    path = Path(then.program_path) if then.program_path is not None else None
    has_hash = then.program_sha256 is not None
    return has_hash and path is not None and path.is_file() and sha256_of(path) == then.program_sha256


def replay(session: AuditSession, then: Target, nodeids: Sequence[str], origin: Origin) -> SideBySide:
    """Compare the baseline's server with this one on some pages, and return the document.

    Raises:
        StoreError: the comparison failed; the message says how it ended.
        KeyboardInterrupt: it was interrupted, and has ended.
    """
    with tempfile.TemporaryDirectory(prefix="stashbench-replay-") as folder:
        path = Path(folder) / "compare.json"
        budget = QUICK_BUDGET_SECONDS if origin.is_quick else BUDGET_SECONDS
        command = [*_command(session, then, nodeids, origin, path), "--budget", f"{budget:g}"]
        status, said = _run(session, command, budget)
        try:
            document = msgspec.json.decode(path.read_bytes(), type=SideBySide)
        except (OSError, msgspec.DecodeError) as error:
            message = f"the comparison with the baseline's server ended with status {status} ({said or error})"
            raise StoreError(message) from error
    if document.a.target.library_seed != then.library_seed:
        message = "the comparison with the baseline's server was made on a library of another seed"
        raise StoreError(message)
    return document


def _command(session: AuditSession, then: Target, nodeids: Sequence[str], origin: Origin, path: Path) -> list[str]:
    settings = session.settings
    names = sorted({nodeid.rpartition("::")[2] for nodeid in nodeids})
    percent = 100 * (settings.effects.default_ratio(settings.audit.regression_ratio) - 1)
    command = [sys.executable, "-m", "stashbench", "compare", _spec(then), _spec(session.target.info)]
    command += [word for suite in origin.suites for word in ("--suite", str(suite))]
    command += ["-k", " or ".join(name for name in names if _WORD.fullmatch(name))]
    command += ["--minimum-effect", f"{percent:g}", "--no-profile"]
    command += ["--seed", str((session.record.seed or 1) % 2**31), "--stash-library"]
    command += [str(settings.target.library_scene_count), "--stash-timeout", f"{settings.target.timeout_seconds:g}"]
    command += ["--json", str(path), "--out", str(path.parent / "reports")]
    if origin.settings_path is not None:
        command += ["--stash-config", str(origin.settings_path)]
    return command


def _spec(target: Target) -> str:
    """Write a server as `stashbench compare` takes it."""
    if target.kind is TargetKind.MANAGED:
        return str(target.program_path)
    return "embedded:" + ",".join(target.faults) if target.faults else "embedded"


def _run(session: AuditSession, command: Sequence[str], budget: float) -> tuple[int, str]:
    """Run the comparison to its end, showing that it goes on; return its status and the last line it complained."""
    deadline = time.monotonic() + budget + _OVERRUN_SECONDS
    with tempfile.TemporaryFile() as complaints:
        # A session of its own: Ctrl-C reaches us, and we end it.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints, start_new_session=True
        )
        try:
            while process.poll() is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                shown = max(0.0, left - _OVERRUN_SECONDS)
                session.progress.waiting(shown, "comparing suspects side by side with the baseline's server")
                try:
                    process.wait(timeout=min(1.0, left))
                except subprocess.TimeoutExpired:
                    continue
        finally:
            _end(process)
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").strip().splitlines()
    return process.returncode, lines[-1][:300] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def shift_of(document: SideBySide) -> tuple[float, float, float] | None:
    """Return how much all compared pages moved together, as logarithms with a 95 % interval; None if not known."""
    if document.suite_ratio is None or document.suite_ci_low is None or document.suite_ci_high is None:
        return None
    return math.log(document.suite_ratio), math.log(document.suite_ci_low), math.log(document.suite_ci_high)
