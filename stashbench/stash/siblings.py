"""Things that have another name in older releases, chosen by what a server offers."""

from __future__ import annotations

from stashbench.stash.capabilities import Capabilities

# Fields by today's name, with the names older servers have for the same thing at the same cost.
OLDER_NAMES: dict[str, tuple[str, ...]] = {
    "rating100": ("rating",),  # before 0.18 ratings went from 1 to 5
    "group_count": ("movie_count",),  # before 0.27 groups were movies
}
_STARS = 5


def name_on_server(capabilities: Capabilities, type_name: str, field: str) -> str | None:
    """Return what a server calls a field of a type, or None where it has no such thing."""
    names = (field, *OLDER_NAMES.get(field, ()))
    return next((name for name in names if capabilities.field(type_name, name) is not None), None)


def groups_document(capabilities: Capabilities) -> str:
    """Return the name of the document for the groups page: before 0.27 groups were movies."""
    is_old = not capabilities.has_query("findGroups") and capabilities.has_query("findMovies")
    return "movies" if is_old else "groups"


def above_rating(capabilities: Capabilities, percent: int) -> dict[str, object]:
    """Return the part of a scene filter for ratings above `percent` (0 to 100), in stars where those are all there is.

    Twenty percent are a star.
    """
    has_only_stars = capabilities.input("SceneFilterType", "rating100") is None and (
        capabilities.input("SceneFilterType", "rating") is not None
    )
    if has_only_stars:
        return {"rating": {"value": percent * _STARS // 100, "modifier": "GREATER_THAN"}}
    return {"rating100": {"value": percent, "modifier": "GREATER_THAN"}}
