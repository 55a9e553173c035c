"""The JSON Schema of `result.json`, made from the types themselves."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from stashbench.model.result import SCHEMA_VERSION, AuditResult

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def result_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of the document that an audit leaves; fields not named there may follow."""
    schema = msgspec.json.schema(AuditResult)
    definitions = schema.pop("$defs")
    for definition in definitions.values():
        if "description" in definition:
            # Python 3.13 takes the indentation off docstrings, earlier ones leave it: the schema is the same for all.
            definition["description"] = inspect.cleandoc(definition["description"])
    return {
        "$schema": DIALECT,
        "$id": f"urn:stashbench:result:{SCHEMA_VERSION}",
        "title": "Result of a stashbench audit",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }
