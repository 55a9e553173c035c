"""Groups of scenes (films, series), some of which hold other groups."""

from __future__ import annotations

from collections.abc import Iterator

from stashbench.embedded.library.calendar import DAYS, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.library.shape import SCENES_PER_GROUP
from stashbench.embedded.library.titles import slug
from stashbench.embedded.words import FIRST_NAMES, LAST_NAMES, SENTENCES

_MEMBERS = expand(((1, 16), (2, 40), (4, 100), (6, 60), (9, 30), (20, 10)))
_TAGS_EACH = expand(((0, 64), (1, 64), (2, 64), (4, 64)))
_RATINGS = (None, None, None, 40, 60, 80, 80, 100)
_HOLDER_EVERY = 12
_HELD = 3


def groups(plan: Plan) -> Rows:
    """Give all groups; one in twelve holds the next three."""
    stream, pictures, count = plan.stream("groups"), plan.pictures["groups"], plan.shape.groups
    for group_id, bits in zip(range(1, count + 1), stream.quads(), strict=False):
        name = plan.titles.title(bits)
        created = DAYS[added_day(group_id, count)] + "T18:30:00Z"
        first = (group_id - 1) * SCENES_PER_GROUP
        yield (
            group_id,
            name,
            f"{slug(name)}, volume {group_id % 9}" if bits & 7 == 0 else None,
            1_800 + (bits >> 30 & 4095) if bits & 3 else None,
            DAYS[plan.day[first]] if plan.day[first] else None,
            _RATINGS[bits >> 44 & 7],
            plan.studio[first] or None,
            f"{FIRST_NAMES[bits % len(FIRST_NAMES)]} {LAST_NAMES[bits % len(LAST_NAMES)]}" if bits & 16 else None,
            SENTENCES[bits % len(SENTENCES)] if bits & 32 else None,
            created,
            created,
            pictures[(bits >> 20) % len(pictures)] if bits >> 50 & 3 else None,
            pictures[bits % len(pictures)] if not ~bits >> 50 & 3 else None,
        )


def groups_scenes(plan: Plan) -> Rows:
    """Put the first scenes of each fifty into their group, numbered."""
    chances = plan.stream("groups_scenes").bytes()
    for group_id, chance in zip(range(1, plan.shape.groups + 1), chances, strict=False):
        before = (group_id - 1) * SCENES_PER_GROUP
        for index in range(1, min(_MEMBERS[chance], plan.shape.scenes - before) + 1):
            yield group_id, before + index, index


def groups_relations(plan: Plan) -> Rows:
    """Let one group in twelve hold the next three."""
    for holder in range(1, plan.shape.groups + 1, _HOLDER_EVERY):
        for index in range(1, _HELD + 1):
            if holder + index <= plan.shape.groups:
                yield holder, holder + index, index, f"Volume {index}" if index == 1 else None


def group_urls(plan: Plan) -> Rows:
    """Give each second group an address."""
    for group_id in range(1, plan.shape.groups + 1, 2):
        yield group_id, 0, f"https://groups.example/{group_id}"


def groups_tags(plan: Plan) -> Iterator[tuple[int, int]]:
    """Tag three groups of four."""
    stream = plan.stream("groups_tags")
    counts = map(_TAGS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.groups + 1), counts, plan.tag_popularity.picks(stream))


PASSES = (
    Pass(
        "groups",
        "id, name, aliases, duration, date, rating, studio_id, director, description, created_at, updated_at, "
        "front_image_blob, back_image_blob",
        groups,
        0.02,
    ),
    Pass("groups_scenes", "group_id, scene_id, scene_index", groups_scenes, 0.1),
    Pass("groups_relations", "containing_id, sub_id, order_index, description", groups_relations, 0.005),
    Pass("group_urls", "group_id, position, url", group_urls, 0.01),
    Pass("groups_tags", "group_id, tag_id", groups_tags, 0.03),
)
