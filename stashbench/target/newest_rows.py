"""The entries a server changed last, by which its own database is told from a copy with equal counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from stashbench.errors import RequestError, TargetError
from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading

ROW_COUNT = 5
TABLES = ("scenes", "performers", "tags")
_DOCUMENT = """
query NewestRows($filter: FindFilterType) {
  scenes: findScenes(filter: $filter) { rows: scenes { id updated_at } }
  performers: findPerformers(filter: $filter) { rows: performers { id updated_at } }
  tags: findTags(filter: $filter) { rows: tags { id updated_at } }
}
"""

NewestRows = Mapping[str, Mapping[int, float]]
"""By table: ids with the time of their last change, in seconds since 1970."""


def ask_newest_rows(client: StashClient) -> NewestRows:
    """Ask for the scenes, performers and tags changed last; empty where the server does not answer that."""
    chosen = {"per_page": ROW_COUNT, "sort": "updated_at", "direction": "DESC"}
    try:
        answer = client.execute(_DOCUMENT, {"filter": chosen})
        with reading(client.url, "the question for its newest entries"):
            return {
                table: {int(row["id"]): seconds_of(row["updated_at"]) for row in answer[table]["rows"]}
                for table in TABLES
            }
    except (RequestError, TargetError):
        return {}  # there are other signs; this one is then missing


def seconds_of(text: str) -> float:
    """Read a time as the API tells it or as a database keeps it. Raises ValueError."""
    return datetime.fromisoformat(text.strip()).astimezone().timestamp()
