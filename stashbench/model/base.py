"""What all model types share: immutable, keyword-only, compared by value, stored as JSON."""

from __future__ import annotations

from enum import Enum

import msgspec




class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every model type."""


class Word(str, Enum):
    """Base of the closed vocabularies: the member's value is what documents hold."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the word as documents hold it."""
        return str(self.value)
