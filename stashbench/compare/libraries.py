"""Whether two servers show the same library: other rows would make other work, and no fair comparison."""

from __future__ import annotations

from stashbench.model.target import LIBRARY_COUNTS, LibrarySize


def library_differences(a: LibrarySize, b: LibrarySize) -> tuple[str, ...]:
    """Return in words where the two libraries differ in size; what one server does not tell is no difference."""
    found = []
    for name, noun in LIBRARY_COUNTS.items():
        own, other = getattr(a, name), getattr(b, name)
        if own is not None and other is not None and own != other:
            found.append(f"{own:,} {noun} against {other:,}")
    return tuple(found)
