"""Generates a Stash library: a database file of N scenes with everything that belongs to them.

It has the shape of a real one, not uniform noise: a few tags, performers and studios are everywhere and most are rare,
tags stand in a tree four levels deep, scenes have one to three files, some perceptual hashes are equal or nearly so,
dates have gaps, a third of the scenes were ever played. How many of each there are for N scenes is said in `shape`.
Some names are hostile on purpose (see `titles`); a report that shows them must show them as text.

`generate` makes a database of our own; `fill` adds the same library to an empty one that a Stash of any release made.
The bytes of the file depend on seed and size alone (and on SQLite's version, which SQLite writes into its files).
"""

from __future__ import annotations

from stashbench.embedded.library.fill import FilledLibrary, fill
from stashbench.embedded.library.generate import GENERATOR_VERSION, generate
from stashbench.embedded.library.numbers import LibraryNumbers
from stashbench.embedded.library.shape import Shape, estimate_bytes

__all__ = ["GENERATOR_VERSION", "FilledLibrary", "LibraryNumbers", "Shape", "estimate_bytes", "fill", "generate"]
