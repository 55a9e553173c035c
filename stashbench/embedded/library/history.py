"""What the owner did: views, O dates, markers."""

from __future__ import annotations

from itertools import islice, repeat

from stashbench.embedded.library.calendar import CLOCK_MASK, CLOCKS, DAYS, LAST_DAY, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.words import ADJECTIVES, NOUNS

_MARKERS_EACH = expand(((0, 220), (1, 14), (2, 10), (4, 8), (7, 4)))
_MARKER_TAGS_EACH = expand(((0, 160), (1, 60), (2, 28), (3, 8)))


def _moments(plan: Plan, name: str, *, one_in: int) -> Rows:
    """Give (scene id, moment) for one in `one_in` of the plays of each scene, between its arrival and the end."""
    stream, count = plan.stream(name), plan.shape.scenes
    chances, lags = stream.bytes(), stream.longs()
    for scene_id, plays in enumerate(plan.plays, start=1):
        if plays:
            first = added_day(scene_id, count)
            span = LAST_DAY - first + 1
            for chance, lag in zip(islice(chances, plays), lags, strict=False):
                if chance % one_in == 0:
                    yield scene_id, DAYS[first + ((lag >> 16) * span >> 16)] + CLOCKS[lag & CLOCK_MASK]


def scenes_view_dates(plan: Plan) -> Rows:
    """Give one row for each play."""
    return _moments(plan, "scenes_view_dates", one_in=1)


def scenes_o_dates(plan: Plan) -> Rows:
    """Give about one row for each four plays."""
    return _moments(plan, "scenes_o_dates", one_in=4)


def scene_markers(plan: Plan) -> Rows:
    """Mark places in one scene of seven; a third of the markers have an end."""
    stream, count = plan.stream("scene_markers"), plan.shape.scenes
    numbers, tags = stream.quads(), plan.tag_popularity.picks(stream)
    marker_id = 0
    for scene_id, marks in enumerate(map(_MARKERS_EACH.__getitem__, islice(stream.bytes(), count)), start=1):
        if marks:
            created = DAYS[added_day(scene_id, count)] + CLOCKS[scene_id & CLOCK_MASK]
            duration = plan.duration_seconds[scene_id - 1]
            for number, _ in zip(numbers, repeat(None, marks), strict=False):
                marker_id += 1
                start = round(duration * (number & 0xFFFF) / 65_536 * 0.95, 3)
                end = round(min(duration, start + 5 + (number >> 16 & 63)), 3) if number >> 22 & 3 == 0 else None
                title = f"{ADJECTIVES[(number >> 24) % len(ADJECTIVES)]} {NOUNS[(number >> 32) % len(NOUNS)]}"
                yield (
                    marker_id,
                    title if number >> 42 & 3 else "",
                    start,
                    next(tags),
                    scene_id,
                    created,
                    created,
                    end,
                )


def scene_markers_tags(plan: Plan) -> Rows:
    """Give a third of the markers further tags."""
    marks = map(_MARKERS_EACH.__getitem__, islice(plan.stream("scene_markers").bytes(), plan.shape.scenes))
    stream = plan.stream("scene_markers_tags")
    counts = map(_MARKER_TAGS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, sum(marks) + 1), counts, plan.tag_popularity.picks(stream))


PASSES = (
    Pass("scenes_view_dates", "scene_id, view_date", scenes_view_dates, 0.9),
    Pass("scenes_o_dates", "scene_id, o_date", scenes_o_dates, 0.22),
    Pass(
        "scene_markers",
        "id, title, seconds, primary_tag_id, scene_id, created_at, updated_at, end_seconds",
        scene_markers,
        0.37,
    ),
    Pass("scene_markers_tags", "scene_marker_id, tag_id", scene_markers_tags, 0.2),
)
