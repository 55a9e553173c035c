from __future__ import annotations

import pytest

from stashbench.model.database import DatabaseFacts


def _facts(**changes):
    values = {
        "path": "/stash/stash-go.sqlite",
        "file_bytes": 4096 * 1000,
        "wal_bytes": 0,
        "page_size": 4096,
        "page_count": 1000,
        "freelist_count": 0,
        "journal_mode": "wal",
        "encoding": "UTF-8",
        "auto_vacuum": 0,
        "user_version": 0,
        "sqlite_version": "3.40.1",
        "schema_version": 75,
        "is_dirty": False,
    }
    return DatabaseFacts(**{**values, **changes})


@pytest.fixture(scope="session")
def make_facts():
    return _facts
