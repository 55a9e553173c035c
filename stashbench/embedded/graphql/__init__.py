"""The slice of Stash's GraphQL API (v0.30.1) that suites and collectors need."""

from __future__ import annotations

from stashbench.embedded.graphql.schema import build_schema

__all__ = ["build_schema"]
