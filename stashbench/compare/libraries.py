"""Whether two servers show the same library: other rows would make other work, and no fair comparison."""

from __future__ import annotations

from stashbench.model.target import LibrarySize

_COUNTS = {
    "scene_count": "scenes",
    "image_count": "images",
    "gallery_count": "galleries",
    "performer_count": "performers",
    "studio_count": "studios",
    "tag_count": "tags",
    "group_count": "groups",
}


def library_differences(a: LibrarySize, b: LibrarySize) -> tuple[str, ...]:
    """Return in words where the two libraries differ in size; what one server does not tell is no difference."""
    found = []
    for name, noun in _COUNTS.items():
        own, other = getattr(a, name), getattr(b, name)
        if own is not None and other is not None and own != other:
            found.append(f"{own:,} {noun} against {other:,}")
    return tuple(found)
