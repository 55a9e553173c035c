"""How much of everything is in a library, in the terms of Stash's own `stats`, read off its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stashbench.embedded.library.layout import Layout

if TYPE_CHECKING:
    import apsw


@dataclass(frozen=True, slots=True)
class LibraryNumbers:
    """Counts, bytes and seconds; sizes and durations are of all files, as Stash adds them up."""

    scene_count: int
    image_count: int
    gallery_count: int
    performer_count: int
    studio_count: int
    group_count: int
    tag_count: int
    marker_count: int
    file_count: int
    scenes_bytes: int
    scenes_seconds: float
    images_bytes: int
    play_count: int
    played_scene_count: int
    play_seconds: float
    scene_o_count: int
    image_o_count: int


def count_numbers(connection: apsw.Connection, layout: Layout) -> LibraryNumbers:
    """Count what is in the tables of a database with that layout."""

    def number(sql: str) -> float:
        ((value,),) = connection.execute(f"SELECT {sql}").fetchall()
        assert isinstance(value, int | float)
        return value

    def rows(table: str) -> int:
        return int(number(f'count(*) FROM "{table}"'))

    has_history = "scenes_view_dates" in layout.tables
    plays = "count(*) FROM scenes_view_dates" if has_history else "coalesce(sum(play_count), 0) FROM scenes"
    played = (
        "count(DISTINCT scene_id) FROM scenes_view_dates"
        if has_history
        else "count(*) FROM scenes WHERE play_count > 0"
    )
    o_count = (
        "count(*) FROM scenes_o_dates"
        if "scenes_o_dates" in layout.tables
        else "coalesce(sum(o_counter), 0) FROM scenes"
    )
    return LibraryNumbers(
        scene_count=rows("scenes"),
        image_count=rows("images"),
        gallery_count=rows("galleries"),
        performer_count=rows("performers"),
        studio_count=rows("studios"),
        group_count=rows("groups" if "groups" in layout.tables else "movies"),
        tag_count=rows("tags"),
        marker_count=rows("scene_markers"),
        file_count=rows("files"),
        scenes_bytes=int(number("coalesce(sum(size), 0) FROM scenes_files JOIN files ON id = file_id")),
        scenes_seconds=number(
            "coalesce(sum(duration), 0.0) FROM scenes_files JOIN video_files USING (file_id)",
        ),
        images_bytes=int(number("coalesce(sum(size), 0) FROM images_files JOIN files ON id = file_id")),
        play_count=int(number(plays)),
        played_scene_count=int(number(played)),
        play_seconds=number("coalesce(sum(play_duration), 0.0) FROM scenes"),
        scene_o_count=int(number(o_count)),
        image_o_count=int(number("coalesce(sum(o_counter), 0) FROM images")),
    )
