"""Ids and words picked from the library at hand, so that the same suites run on any library.

The choice depends on the library alone: the same library gives the same sample, and its runs can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading
from stashbench.stash.sampling import Picker

PER_PAGE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrarySample:
    """What suites ask for; None where the library (or the server) has no such thing.

    `tag_id`, `performer_id` and `studio_id` are those with the most scenes, `mid_tag_id` one with a middling number,
    `parent_tag_id` the biggest tag that has others below it. `scene_id` is a scene from the middle, `rich_scene_id`
    the one with the most tags. `title_word` occurs in titles and is found by a search, `missing_word` occurs nowhere.
    Between `date_from` and `date_to` lies the middle fifth of the dated scenes. `deep_page` is the number of the page
    nine tenths into the scenes, at `PER_PAGE` a page.
    """

    scene_count: int = 0
    image_count: int = 0
    tag_count: int = 0
    tag_id: str | None = None
    tag_name: str | None = None
    mid_tag_id: str | None = None
    parent_tag_id: str | None = None
    performer_id: str | None = None
    studio_id: str | None = None
    scene_id: str | None = None
    rich_scene_id: str | None = None
    image_id: str | None = None
    gallery_id: str | None = None
    group_id: str | None = None
    title_word: str | None = None
    missing_word: str | None = None
    path_part: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    deep_page: int | None = None


def sample_library(client: StashClient, adapter: Adapter | None = None) -> LibrarySample:
    """Pick a sample in about twenty small requests; without an adapter the server is asked what it offers first.

    What the server does not offer or declines leaves its part None, because a suite that needs it will say so.

    Raises:
        TargetError: the server went away or refuses us.
        RequestError: it answers in a form of its own.
    """
    adapter = adapter or Adapter(read_capabilities(client))
    with reading(client.url, "the questions for a sample of its library"):
        return _pick(Picker(client, adapter))


def _pick(picker: Picker) -> LibrarySample:
    scene_count, middle = picker.middle_scenes()
    scene = middle[0] if middle else {}
    tag_count, tags = picker.biggest("sample_tags", "findTags", "tags")
    tag = tags[0] if tags else {}
    date_from, date_to = picker.middle_dates()
    image_count, images = picker.listed("sample_images", "findImages", "images")
    return LibrarySample(
        scene_count=scene_count,
        image_count=image_count,
        tag_count=tag_count,
        tag_id=tag.get("id"),
        tag_name=tag.get("name"),
        mid_tag_id=picker.middling_tag(tag_count),
        parent_tag_id=picker.parent_tag(),
        performer_id=picker.biggest_id("sample_performers", "findPerformers", "performers"),
        studio_id=picker.biggest_id("sample_studios", "findStudios", "studios"),
        scene_id=scene.get("id"),
        rich_scene_id=picker.rich_scene(),
        image_id=images[0]["id"] if images else None,
        gallery_id=picker.first_id("sample_galleries", "findGalleries", "galleries"),
        group_id=picker.group_id(),
        title_word=picker.title_word(middle),
        missing_word=picker.missing_word(),
        path_part=picker.path_part(scene),
        date_from=date_from,
        date_to=date_to,
        deep_page=max(1, scene_count * 9 // 10 // PER_PAGE) if scene_count > PER_PAGE else None,
    )
