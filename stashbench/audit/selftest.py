"""What this machine's self-test said, for a run that is to be read by it."""

from __future__ import annotations

from pathlib import Path

import msgspec

import stashbench
from stashbench.errors import StoreError
from stashbench.model.environment import Environment
from stashbench.model.selftest import SelfTest
from stashbench.model.side_by_side import SideBySide


def known_selftest(directory: Path, environment: Environment) -> SelfTest | None:
    """Return the self-test of the machine described, marked where it no longer holds; None where there is none.

    Raises:
        StoreError: the file with self-tests is damaged or newer than this program.
    """
    from stashbench.analyse.selftest import stale_reason
    from stashbench.store.selftests import find_selftest

    found = find_selftest(directory, environment.fingerprint)
    if found is None:
        return None
    return msgspec.structs.replace(found, stale=stale_reason(found, environment, stashbench.__version__))


def selftest_or_why(directory: Path, environment: Environment) -> tuple[SelfTest | None, tuple[str, ...]]:
    """Return the self-test, and what to warn of: one that cannot be read must not cost a run."""
    try:
        return known_selftest(directory, environment), ()
    except StoreError as error:
        return None, (str(error),)


def with_selftest(document: SideBySide, directory: Path) -> SideBySide:
    """Add the machine's self-test to a comparison."""
    found, warnings = selftest_or_why(directory, document.environment)
    return msgspec.structs.replace(document, selftest=found, warnings=(*document.warnings, *warnings))
