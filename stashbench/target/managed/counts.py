"""Holds what a server counts in its library against what the generator wrote: one that miscounts is not measured."""

from __future__ import annotations

import math
from collections.abc import Mapping

from stashbench.errors import TargetError
from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading

# By the server's name: our numbers of which one must agree. Before 0.30 images' O counts are not in the total.
_EXPECTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "scene_count": (("scene_count",),),
    "scenes_size": (("scenes_bytes",),),
    "scenes_duration": (("scenes_seconds",),),
    "image_count": (("image_count",),),
    "images_size": (("images_bytes",),),
    "gallery_count": (("gallery_count",),),
    "performer_count": (("performer_count",),),
    "studio_count": (("studio_count",),),
    "group_count": (("group_count",),),
    "movie_count": (("group_count",),),
    "tag_count": (("tag_count",),),
    "total_o_count": (("scene_o_count",), ("scene_o_count", "image_o_count")),
    "total_play_count": (("play_count",),),
    "total_play_duration": (("play_seconds",),),
    "scenes_played": (("played_scene_count",),),
}
_OFFERED = 'query OfferedStats { __type(name: "StatsResultType") { fields(includeDeprecated: true) { name } } }'
_FLOAT_TOLERANCE = 1e-9  # sums of floats depend on their order


def check_counts(client: StashClient, numbers: Mapping[str, float]) -> int:
    """Compare every number of the server's statistics with the generator's; return how many were compared.

    Raises:
        TargetError: they differ, or the server does not tell them.
    """
    answer = client.execute(_OFFERED)
    with reading(client.url, "the question for its statistics"):
        offered = {field["name"] for field in answer["__type"]["fields"]}
    compared = [name for name in _EXPECTED if name in offered]
    answer = client.execute(f"query CheckCounts {{ stats {{ {' '.join(compared)} }} }}")
    with reading(client.url, "the question for its statistics"):
        told = {name: float(answer["stats"][name]) for name in compared}
    wrong = [
        f"{name} {told[name]:,.10g} instead of {_sums(name, numbers)[0]:,.10g}"
        for name in compared
        if not any(math.isclose(told[name], number, rel_tol=_FLOAT_TOLERANCE) for number in _sums(name, numbers))
    ]
    if wrong:
        message = (
            f"The server's own counts are not those of the library it was given ({'; '.join(wrong)}): "
            "its figures would not be comparable; please report it with the server's version."
        )
        raise TargetError(message)
    return len(compared)


def _sums(name: str, numbers: Mapping[str, float]) -> list[float]:
    return [sum(numbers[part] for part in parts) for parts in _EXPECTED[name]]
