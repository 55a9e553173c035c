"""The scenes page by each sort people use, its deep pages, and its text search. Pages hold 40 cards, as Stash's do."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.library_sample import LibrarySample

PAGE = "Scenes"
PER_PAGE = 40
SEED = 42424242


def _sorted_by(sort: str, direction: str = "DESC", page: int | None = 1) -> dict[str, object]:
    return {"filter": {"sort": sort, "direction": direction, "page": page, "per_page": PER_PAGE}}


def bench_scenes_by_date(measure: Measure) -> None:
    """The default view of the scenes page."""
    measure("scenes", _sorted_by("date"), page=PAGE, title="Scenes by date")


def bench_scenes_with_totals(measure: Measure) -> None:
    """What the web interface asks for: the cards, and duration and size of all matches."""
    measure("scenes_with_totals", _sorted_by("date"), page=PAGE, title="Scenes by date, with totals")


def bench_scenes_by_title(measure: Measure) -> None:
    """Sorted by a collation of Stash's own, which no index can serve."""
    measure("scenes", _sorted_by("title", "ASC"), page=PAGE, title="Scenes by title")


def bench_scenes_by_path(measure: Measure) -> None:
    """Sorted by an expression over two tables."""
    measure("scenes", _sorted_by("path", "ASC"), page=PAGE, title="Scenes by path")


def bench_scenes_by_rating(measure: Measure) -> None:
    """Sorted by a column that has no index."""
    measure("scenes", _sorted_by("rating"), page=PAGE, title="Scenes by rating")


def bench_scenes_random(measure: Measure) -> None:
    """Shuffled by a fixed seed, as the web interface does to page through a shuffle."""
    measure("scenes", _sorted_by(f"random_{SEED}", "ASC"), page=PAGE, title="Scenes in random order")


def bench_scenes_by_file_size(measure: Measure) -> None:
    """Sorted by a column of the files."""
    measure("scenes", _sorted_by("filesize"), page=PAGE, title="Scenes by file size")


def bench_scenes_by_duration(measure: Measure) -> None:
    """Sorted by a column of the video files."""
    measure("scenes", _sorted_by("duration"), page=PAGE, title="Scenes by duration")


def bench_scenes_by_created_at(measure: Measure) -> None:
    """What is new in the library."""
    measure("scenes", _sorted_by("created_at"), page=PAGE, title="Scenes by date added")


def bench_scenes_by_play_count(measure: Measure) -> None:
    """Sorted by a count over the play history."""
    measure("scenes", _sorted_by("play_count"), page=PAGE, title="Scenes by play count")


def bench_scenes_by_tag_count(measure: Measure) -> None:
    """Sorted by a count over the tags of each scene."""
    measure("scenes", _sorted_by("tag_count"), page=PAGE, title="Scenes by number of tags")


def bench_scenes_deep_page(measure: Measure, library: LibrarySample) -> None:
    """A page near the end: the rows before it are sorted and thrown away."""
    measure("scenes", _sorted_by("date", page=library.deep_page), page=PAGE, title="Scenes by date, deep page")


def bench_scenes_search_hit(measure: Measure, library: LibrarySample) -> None:
    """A word that is in a title; compared with five columns over four tables."""
    variables = {"filter": {"q": library.title_word, "sort": "date", "direction": "DESC", "per_page": PER_PAGE}}
    measure("scenes", variables, page=PAGE, title="Text search with matches")


def bench_scenes_search_miss(measure: Measure, library: LibrarySample) -> None:
    """A word that is nowhere: every row is read, none is shown."""
    variables = {"filter": {"q": library.missing_word, "sort": "date", "direction": "DESC", "per_page": PER_PAGE}}
    measure("scenes", variables, page=PAGE, title="Text search without matches")


def bench_scene_wall(measure: Measure) -> None:
    """Eighty scenes in random order."""
    measure("scene_wall", {"q": ""}, page="Scenes, wall", title="Scene wall")


def bench_scene_detail(measure: Measure, library: LibrarySample) -> None:
    """One scene with everything that belongs to it."""
    measure("scene", {"id": library.rich_scene_id}, page="one scene", title="Scene with all relations")
