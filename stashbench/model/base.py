"""What all model types share: immutable, keyword-only, compared by value, stored as JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import dataclass_transform

import msgspec


# frozen is inherited by msgspec itself; that fields are given by name is what type checkers hold us to.
@dataclass_transform(frozen_default=True, kw_only_default=True)
class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every model type."""


class Word(StrEnum):
    """Base of the closed vocabularies: the member's value is what documents hold."""
