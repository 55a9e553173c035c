"""The thirty operations that are compared: small pages of a generated library, 1.5 to 3 ms each.

Their names come from a file that each run makes anew (`STASHBENCH_STUDY_NAMES`), so that nothing that measures or
decides can know which of them was slowed.
"""

from __future__ import annotations

import json
import os
import random
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES_VARIABLE = "STASHBENCH_STUDY_NAMES"
COUNT = 30
_LISTS = (
    ("findScenes", "scenes", 26, ("title", "date", "rating100", "code", "organized", "o_counter", "urls", "details")),
    ("findPerformers", "performers", 34, ("name", "gender", "favorite", "country", "rating100", "eye_color")),
    ("findTags", "tags", 34, ("name", "aliases", "description", "favorite", "ignore_auto_tag", "image_path")),
    ("findStudios", "studios", 30, ("name", "aliases", "rating100", "favorite", "details", "image_path")),
    ("findImages", "images", 24, ("title", "rating100", "organized", "o_counter")),
)


@dataclass(frozen=True)
class Operation:
    """One request: its name in this run, the document and the variables."""

    name: str
    document: str
    variables: dict[str, Any]


def random_names(chance: random.Random, count: int = COUNT) -> list[str]:
    """Return names that say nothing."""
    return ["Q" + "".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(count)]


def operations(names: list[str] | None = None) -> list[Operation]:
    """Return all thirty, under the names given or those of this run."""
    if names is None:
        names = json.loads(Path(os.environ[NAMES_VARIABLE]).read_text(encoding="utf-8"))
    assert names is not None
    variables: dict[str, Any] = {"sort": "created_at", "direction": "ASC"}
    found = []
    fields = [(root, rows, count, field) for root, rows, count, several in _LISTS for field in several]
    for name, (root, rows, count, field) in zip(names, fields, strict=True):
        document = (
            f"query {name}($filter: FindFilterType) {{ {root}(filter: $filter) {{ count {rows} {{ id {field} }} }} }}"
        )
        found.append(Operation(name, document, {"filter": variables | {"per_page": count}}))
    return found
