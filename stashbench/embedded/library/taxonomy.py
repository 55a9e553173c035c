"""Tags in a tree four levels deep, and studios with parents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, repeat

from stashbench.embedded.library.calendar import DAYS, SOME_DAY, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.library.stash_box import stash_box_rows
from stashbench.embedded.library.titles import HOSTILE_TAG, slug, studio_name, tag_name
from stashbench.embedded.words import SENTENCES

_SECOND_LEVEL_END, _THIRD_LEVEL_END, _FOURTH_LEVEL_END = 0.20, 0.55, 0.90  # the rest stands alone
_TAGS_PER_ROOT = 24
_RATINGS = (*repeat(None, 12), 60, 80, 80, 100)
_STUDIOS_PER_NETWORK = 8
_TAGS_PER_STUDIO = expand(((0, 160), (1, 48), (2, 32), (3, 16)))


def _tag_levels(count: int) -> tuple[int, int, int, int]:
    """Give the last id of each of the four levels; ids behind the last level have no parent."""
    roots = max(2, count // _TAGS_PER_ROOT)
    ends = (int(count * share) for share in (_SECOND_LEVEL_END, _THIRD_LEVEL_END, _FOURTH_LEVEL_END))
    return roots, *ends  # type: ignore[return-value]


def tags(plan: Plan) -> Rows:
    """Give all tags; the last one has a hostile name."""
    stream, pictures, count = plan.stream("tags"), plan.pictures["tags"], plan.shape.tags
    for tag_id, chance, pick in zip(range(1, count + 1), stream.bytes(), stream.longs("picture"), strict=False):
        name = HOSTILE_TAG if tag_id == count else tag_name(tag_id - 1)
        description = SENTENCES[pick % len(SENTENCES)] if chance < 40 else None  # noqa: PLR2004, a share of 256
        picture = pictures[pick % len(pictures)] if chance & 7 == 0 else None
        sort_name = name.rpartition(" ")[2] if chance & 31 == 1 else None
        favourite, ignored = chance & 31 == 2, chance & 63 == 3  # noqa: PLR2004, any one place of the pattern
        yield tag_id, name, SOME_DAY, SOME_DAY, ignored, description, picture, favourite, sort_name


def tags_relations(plan: Plan) -> Rows:
    """Hang each level under the one above it, unevenly; a few tags have two parents."""
    stream = plan.stream("tags_relations")
    places, doubles = stream.shorts("place"), stream.bytes("double")
    ends = _tag_levels(plan.shape.tags) if plan.shape.tags else ()
    pairs: set[tuple[int, int]] = set()
    above_first = 1
    for above_last, last in pairwise(ends):
        width = above_last - above_first + 1
        for child in range(above_last + 1, last + 1):
            for _ in range(2 if next(doubles) < 8 else 1):  # noqa: PLR2004, a share of 256
                place = next(places)
                pairs.add((above_first + (place * place * width >> 32), child))
        above_first = above_last + 1
    return iter(sorted(pairs))


def tag_aliases(plan: Plan) -> Rows:
    """Give each third tag or so another name."""
    for tag_id, chance in zip(range(1, plan.shape.tags), plan.stream("tag_aliases").bytes(), strict=False):
        if chance % 3 == 0:
            yield tag_id, f"{slug(tag_name(tag_id - 1))} (alias)"


def tag_stash_ids(plan: Plan) -> Rows:
    """Link half of the tags to a stash-box."""
    return stash_box_rows(plan.stream("tag_stash_ids"), plan.shape.tags, every=2)


def studios(plan: Plan) -> Rows:
    """Give all studios; the first ones are networks, under which most others stand."""
    stream, pictures, count = plan.stream("studios"), plan.pictures["studios"], plan.shape.studios
    networks = -(-count // _STUDIOS_PER_NETWORK)
    for studio_id, chance, place in zip(range(1, count + 1), stream.bytes(), stream.shorts(), strict=False):
        above = networks if studio_id > networks else studio_id - 1
        parent = 1 + place * above // 65_536 if above and chance & 3 else None
        if studio_id <= networks and chance & 4:
            parent = None
        added = DAYS[added_day(studio_id, count)] + SOME_DAY[10:]
        details = SENTENCES[place % len(SENTENCES)] if chance & 8 else None
        rating, picture = _RATINGS[chance >> 4], pictures[place % len(pictures)] if chance & 16 else None
        favourite, ignored = chance & 31 == 1, chance & 63 == 3  # noqa: PLR2004, any one place of the pattern
        name = studio_name(studio_id - 1)
        yield studio_id, name, parent, added, added, details, rating, ignored, picture, favourite


def studio_aliases(plan: Plan) -> Rows:
    """Give each fourth studio a short name."""
    for studio_id in range(1, plan.shape.studios + 1, 4):
        yield studio_id, f"{slug(studio_name(studio_id - 1))} (alias)"


def studio_urls(plan: Plan) -> Rows:
    """Give each studio but each fifth an address."""
    for studio_id in range(1, plan.shape.studios + 1):
        if studio_id % 5:
            yield studio_id, 0, f"https://{slug(studio_name(studio_id - 1))}.example/"


def studio_stash_ids(plan: Plan) -> Rows:
    """Link most studios to a stash-box."""
    return stash_box_rows(plan.stream("studio_stash_ids"), plan.shape.studios, every=2)


def studios_tags(plan: Plan) -> Iterator[tuple[int, int]]:
    """Tag some studios."""
    stream = plan.stream("studios_tags")
    counts = map(_TAGS_PER_STUDIO.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.studios + 1), counts, plan.tag_popularity.picks(stream))


PASSES = (
    Pass(
        "tags",
        "id, name, created_at, updated_at, ignore_auto_tag, description, image_blob, favorite, sort_name",
        tags,
        0.01,
    ),
    Pass("tags_relations", "parent_id, child_id", tags_relations, 0.01),
    Pass("tag_aliases", "tag_id, alias", tag_aliases, 0.005),
    Pass("tag_stash_ids", "tag_id, endpoint, stash_id, updated_at", tag_stash_ids, 0.005),
    Pass(
        "studios",
        "id, name, parent_id, created_at, updated_at, details, rating, ignore_auto_tag, image_blob, favorite",
        studios,
        0.01,
    ),
    Pass("studio_aliases", "studio_id, alias", studio_aliases, 0.003),
    Pass("studio_urls", "studio_id, position, url", studio_urls, 0.008),
    Pass("studio_stash_ids", "studio_id, endpoint, stash_id, updated_at", studio_stash_ids, 0.005),
    Pass("studios_tags", "studio_id, tag_id", studios_tags, 0.005),
)
