"""The `library` fixture: what the server's library lacks skips the test that asks for it, with that reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession
    from stashbench.stash.library_sample import LibrarySample


class SkippingSample:
    """A library sample whose missing parts skip the test instead of being None."""

    def __init__(self, found: LibrarySample) -> None:
        self._found = found

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._found, name)
        if value is None or value == ():
            pytest.skip(f"the library has no {name.removesuffix('_id').replace('_', ' ')} to ask for")
        return value


def sample(session: AuditSession) -> LibrarySample:
    """Pick ids and names from the server at hand; the answer looks like a sample, but skips where that has None."""
    from stashbench.stash.library_sample import sample_library

    return cast("LibrarySample", SkippingSample(sample_library(session.target.client, session.target.adapter)))
