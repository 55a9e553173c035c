"""Scenes, and the tags, performers, addresses and stash-box ids they have."""

from __future__ import annotations

from itertools import chain, islice, repeat

from stashbench.embedded.library.calendar import CLOCK_MASK, CLOCKS, DAYS, LAST_DAY, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.library.stash_box import stash_box_rows
from stashbench.embedded.library.titles import HOSTILE_TITLE
from stashbench.embedded.words import FIRST_NAMES, LAST_NAMES, SENTENCES

_DETAILS = (
    *repeat(None, 40),
    *SENTENCES,
    *(f"{SENTENCES[k]} {SENTENCES[(k + 5) % len(SENTENCES)]}" for k in range(10)),
)
_DIRECTORS = (
    *repeat(None, 48),
    *(f"{FIRST_NAMES[k * 9]} {LAST_NAMES[k * 12]}" for k in range(16)),
)
_RATINGS = expand(((None, 160), (20, 5), (40, 9), (60, 26), (70, 8), (80, 30), (95, 4), (100, 14)))
_PRECISIONS = expand(((None, 240), (1, 10), (2, 6)))
_PRECISE_TO_MONTH, _PRECISE_TO_YEAR = 1, 2
_TAGS_EACH = expand(((0, 16), (1, 20), (2, 34), (3, 50), (4, 44), (5, 34), (6, 24), (8, 20), (11, 10), (16, 4)))
_PERFORMERS_EACH = expand(((0, 30), (1, 104), (2, 84), (3, 26), (4, 8), (6, 4)))
_SHARE_WATCHED = 0.45


def _date(day: int, precision: int | None) -> str | None:
    if not day:
        return None
    if precision == _PRECISE_TO_MONTH:
        return DAYS[day][:8] + "01"
    return DAYS[day][:5] + "01-01" if precision == _PRECISE_TO_YEAR else DAYS[day]


def scenes(plan: Plan) -> Rows:
    """Give all scenes; the first one has a hostile title, and one in sixteen has none."""
    count, stream, titles = plan.shape.scenes, plan.stream("scenes"), plan.titles
    heads, tails, covers = titles.heads, titles.tails, plan.pictures["covers"]
    numbers = zip(
        range(1, count + 1),
        plan.title_bits,
        plan.studio,
        plan.day,
        plan.plays,
        plan.duration_seconds,
        stream.longs("details"),
        stream.longs("rest"),
        stream.shorts("cover"),
        strict=False,
    )
    for scene_id, bits, studio, day, plays, duration, a, b, place in numbers:
        title = heads[bits & 4095] + tails[bits >> 12 & 1023] if a & 15 else None
        precision = _PRECISIONS[b >> 24] if day else None
        added = added_day(scene_id, count)
        created = DAYS[added] + CLOCKS[a >> 20]
        changed = DAYS[min(LAST_DAY, added + 1 + (b & 63))] + CLOCKS[b >> 12 & CLOCK_MASK] if b & 64 else created
        yield (
            scene_id,
            HOSTILE_TITLE if scene_id == 1 else title,
            _DETAILS[a >> 4 & 63],
            _date(day, precision) if precision else DAYS[day] if day else None,
            _RATINGS[a >> 10 & 255],
            studio or None,
            a & 0x30000 == 0,
            created,
            changed,
            f"SB-{scene_id:07}" if b & 384 == 0 else None,
            _DIRECTORS[b >> 9 & 63],
            round(duration * (b & 127) / 128, 3) if plays and b & 3 == 0 else 0,
            round(plays * duration * _SHARE_WATCHED, 3) if plays else 0,
            covers[place % len(covers)] if place & 15 else None,
            precision,
        )


def scenes_tags(plan: Plan) -> Rows:
    """Tag scenes; the first one has the hostile tag among others."""
    stream = plan.stream("scenes_tags")
    counts, picks = map(_TAGS_EACH.__getitem__, stream.bytes()), plan.tag_popularity.picks(stream)
    first = sorted({plan.shape.tags, *islice(picks, 3)}) if plan.shape.scenes else ()
    return chain(((1, tag) for tag in first), pair_up(range(2, plan.shape.scenes + 1), counts, picks))


def performers_scenes(plan: Plan) -> Rows:
    """Cast scenes; the hostile performer is in the first one."""
    stream = plan.stream("performers_scenes")
    counts, picks = map(_PERFORMERS_EACH.__getitem__, stream.bytes()), plan.performer_popularity.picks(stream)
    first = sorted({plan.shape.performers, next(picks)}) if plan.shape.scenes else ()
    return chain(((1, performer) for performer in first), pair_up(range(2, plan.shape.scenes + 1), counts, picks))


def scene_urls(plan: Plan) -> Rows:
    """Give two thirds of the scenes an address, and some of them a second one."""
    chances = plan.stream("scene_urls").bytes()
    for scene_id, studio, chance in zip(range(1, plan.shape.scenes + 1), plan.studio, chances, strict=False):
        if chance % 3:
            yield scene_id, 0, f"https://studio-{studio}.example/watch/{scene_id}"
            if chance & 15 == 0:
                yield scene_id, 1, f"https://archive.example/{scene_id}"


def scene_stash_ids(plan: Plan) -> Rows:
    """Link half of the scenes to a stash-box."""
    return stash_box_rows(plan.stream("scene_stash_ids"), plan.shape.scenes, every=2)


PASSES = (
    Pass(
        "scenes",
        "id, title, details, date, rating, studio_id, organized, created_at, updated_at, code, director, "
        "resume_time, play_duration, cover_blob, date_precision",
        scenes,
        1.0,
    ),
    Pass("scenes_tags", "scene_id, tag_id", scenes_tags, 4.0),
    Pass("performers_scenes", "scene_id, performer_id", performers_scenes, 1.5),
    Pass("scene_urls", "scene_id, position, url", scene_urls, 0.7),
    Pass("scene_stash_ids", "scene_id, endpoint, stash_id, updated_at", scene_stash_ids, 0.5),
)
