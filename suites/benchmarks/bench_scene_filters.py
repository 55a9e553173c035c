"""The scenes page behind the filters people use. Every filter takes its value from the library at hand."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.library_sample import LibrarySample
from stashbench.stash.siblings import above_rating

PAGE = "Scenes, filtered"
BY_DATE = {"sort": "date", "direction": "DESC", "per_page": 40}


def _where(**criteria: object) -> dict[str, object]:
    return {"filter": BY_DATE, "scene_filter": criteria}


def bench_scenes_of_tag(measure: Measure, library: LibrarySample) -> None:
    """One tag alone."""
    criteria = {"value": [library.tag_id], "modifier": "INCLUDES", "depth": 0}
    measure("scenes", _where(tags=criteria), page=PAGE, title="Scenes of a tag")


def bench_scenes_of_tag_with_subtags(measure: Measure, library: LibrarySample) -> None:
    """A tag with all tags below it, as its page shows them."""
    criteria = {"value": [library.parent_tag_id], "modifier": "INCLUDES_ALL", "depth": -1}
    measure("scenes", _where(tags=criteria), page="one tag", title="Scenes of a tag with all sub-tags")


def bench_scenes_of_performer(measure: Measure, library: LibrarySample) -> None:
    """What a performer's page shows."""
    criteria = {"value": [library.performer_id], "modifier": "INCLUDES_ALL"}
    measure("scenes", _where(performers=criteria), page="one performer", title="Scenes of a performer")


def bench_scenes_of_studio(measure: Measure, library: LibrarySample) -> None:
    """What a studio's page shows, with the studios below it."""
    criteria = {"value": [library.studio_id], "modifier": "INCLUDES", "depth": -1}
    measure("scenes", _where(studios=criteria), page="one studio", title="Scenes of a studio")


def bench_scenes_in_date_range(measure: Measure, library: LibrarySample) -> None:
    """A span of dates; the column has no index."""
    criteria = {"value": library.date_from, "value2": library.date_to, "modifier": "BETWEEN"}
    measure("scenes", _where(date=criteria), page=PAGE, title="Scenes of a date range")


def bench_scenes_of_rating(measure: Measure) -> None:
    """The better half; the column has no index."""
    criteria = above_rating(measure.capabilities, 60)
    measure("scenes", _where(**criteria), page=PAGE, title="Scenes above a rating")


def bench_scenes_of_path(measure: Measure, library: LibrarySample) -> None:
    """A part of the path: an expression over two tables, compared row by row."""
    criteria = {"value": library.path_part, "modifier": "INCLUDES"}
    measure("scenes", _where(path=criteria), page=PAGE, title="Scenes by part of the path")


def bench_scenes_of_resolution(measure: Measure) -> None:
    """Full HD only."""
    criteria = {"value": "FULL_HD", "modifier": "EQUALS"}
    measure("scenes", _where(resolution=criteria), page=PAGE, title="Scenes of a resolution")


def bench_scenes_of_combined_filters(measure: Measure, library: LibrarySample) -> None:
    """A tag, a rating and no organised flag together: the filter people save."""
    criteria = {
        "tags": {"value": [library.tag_id], "modifier": "INCLUDES", "depth": -1},
        **above_rating(measure.capabilities, 20),
        "organized": False,
    }
    measure("scenes", _where(**criteria), page=PAGE, title="Scenes of combined filters")
