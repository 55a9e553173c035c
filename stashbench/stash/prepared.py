"""A request prepared beforehand, so that sending it costs nothing but the network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A request ready to be sent: the body's bytes, and what it asks for in words that may be shown."""

    body: bytes
    operation_name: str
    root_field: str
    kind: str = "query"

    @property
    def name(self) -> str:
        """The operation's name, or its root field where it has none."""
        return self.operation_name or self.root_field

    @property
    def definition_hash(self) -> str:
        """A short hash of document and variables: measurements of different requests must not be compared."""
        return hashlib.sha256(self.body).hexdigest()[:16]
