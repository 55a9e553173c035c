"""What all model types share: immutable, keyword-only, compared by value, stored as JSON."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every model type."""


class Word(StrEnum):
    """Base of the closed vocabularies: the member's value is what documents hold."""
