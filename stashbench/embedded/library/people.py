"""Performers, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from stashbench.embedded.library.calendar import CLOCK_MASK, CLOCKS, DAYS, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.library.stash_box import stash_box_rows
from stashbench.embedded.library.titles import HOSTILE_PERFORMER, performer_name, slug
from stashbench.embedded.words import FIRST_NAMES, NOUNS, SENTENCES

_GENDERS = expand(
    ((None, 20), ("FEMALE", 120), ("MALE", 104), ("NON_BINARY", 6), ("TRANSGENDER_FEMALE", 3), ("TRANSGENDER_MALE", 3))
)
_COUNTRIES = (None, "US", "GB", "DE", "FR", "ES", "IT", "CZ", "HU", "BR", "JP", "CA", "AU", "NL", "SE", "US")
_EYES = (None, "Brown", "Blue", "Green", "Hazel", "Brown", "Grey", "Brown")
_HAIR = (None, "Black", "Brown", "Blonde", "Red", "Brown", "Grey", "Black")
_RATINGS = (*repeat(None, 10), 40, 60, 70, 80, 90, 100)
_TAGS_EACH = expand(((0, 128), (1, 64), (2, 32), (4, 24), (6, 8)))
_MONTH_DAYS = 28


def performers(plan: Plan) -> Rows:
    """Give all performers; the last one has a hostile name."""
    stream, pictures, count = plan.stream("performers"), plan.pictures["performers"], plan.shape.performers
    numbers = zip(range(1, count + 1), stream.quads(), stream.bytes("gender"), strict=False)
    for performer_id, bits, gender in numbers:
        name, disambiguation = (HOSTILE_PERFORMER, None) if performer_id == count else performer_name(performer_id - 1)
        year = 1950 + (bits & 31) + (bits >> 5 & 15)
        born = f"{year}-{1 + (bits >> 9) % 12:02}-{1 + (bits >> 13) % _MONTH_DAYS:02}" if bits >> 18 & 7 else None
        died = f"{year + 52}-03-09" if born and bits >> 21 & 127 == 0 else None
        added = DAYS[added_day(performer_id, count)] + CLOCKS[bits >> 28 & CLOCK_MASK]
        place = bits >> 40
        yield (
            performer_id,
            name,
            disambiguation,
            _GENDERS[gender],
            born,
            _COUNTRIES[place & 15],
            _EYES[place >> 4 & 7],
            150 + (place >> 7 & 31) + (place >> 3 & 15) if place & 3 else None,
            f"{year + 21} - {year + 30}" if place >> 12 & 3 == 0 else None,
            "Left forearm" if place >> 14 & 15 == 0 else None,
            place >> 18 & 31 == 0,
            added,
            added,
            SENTENCES[place % len(SENTENCES)] if bits & 7 == 0 else None,
            died,
            _HAIR[place >> 5 & 7],
            50 + (place >> 9 & 31) if place & 7 == 1 else None,
            _RATINGS[place >> 19 & 15],
            place >> 20 == 0,
            pictures[place % len(pictures)] if place & 12 else None,
            2 if born and born.endswith("-01-01") else None,
        )


def performer_aliases(plan: Plan) -> Rows:
    """Give a third of the performers one or two other names, in the order of the key."""
    stream = plan.stream("performer_aliases")
    for performer_id, chance, place in zip(
        range(1, plan.shape.performers + 1), stream.bytes(), stream.longs(), strict=False
    ):
        if chance % 3 == 0:
            names = {f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {NOUNS[place % len(NOUNS)]}"}
            if chance & 4:
                names.add(f"{NOUNS[place % 97]} {place % 1000}")
            for alias in sorted(names):
                yield performer_id, alias


def performer_custom_fields(plan: Plan) -> Rows:
    """Give one performer in sixteen values of the owner's own fields: text, whole and broken numbers."""
    stream = plan.stream("performer_custom_fields")
    for performer_id, chance in zip(range(1, plan.shape.performers + 1), stream.shorts(), strict=False):
        if chance & 15 == 0:
            yield performer_id, "agency", f"{NOUNS[chance % len(NOUNS)]} Agency"
            yield performer_id, "interviews", chance >> 8
            yield performer_id, "score", (chance >> 4) / 64


def performer_urls(plan: Plan) -> Rows:
    """Give most performers one or two addresses."""
    chances = plan.stream("performer_urls").bytes()
    for performer_id, chance in zip(range(1, plan.shape.performers + 1), chances, strict=False):
        if chance & 3:
            yield performer_id, 0, f"https://people.example/{slug(performer_name(performer_id - 1)[0])}-{performer_id}"
        if not ~chance & 7:
            yield performer_id, 1, f"https://social.example/@{performer_id}"


def performer_stash_ids(plan: Plan) -> Rows:
    """Link half of the performers to a stash-box."""
    return stash_box_rows(plan.stream("performer_stash_ids"), plan.shape.performers, every=2)


def performers_tags(plan: Plan) -> Iterator[tuple[int, int]]:
    """Tag half of the performers."""
    stream = plan.stream("performers_tags")
    counts = map(_TAGS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.performers + 1), counts, plan.tag_popularity.picks(stream))


PASSES = (
    Pass(
        "performers",
        "id, name, disambiguation, gender, birthdate, country, eye_color, height, career_length, tattoos, favorite, "
        "created_at, updated_at, details, death_date, hair_color, weight, rating, ignore_auto_tag, image_blob, "
        "birthdate_precision",
        performers,
        0.05,
    ),
    Pass("performer_aliases", "performer_id, alias", performer_aliases, 0.02),
    Pass("performer_custom_fields", "performer_id, field, value", performer_custom_fields, 0.01),
    Pass("performer_urls", "performer_id, position, url", performer_urls, 0.05),
    Pass("performer_stash_ids", "performer_id, endpoint, stash_id, updated_at", performer_stash_ids, 0.025),
    Pass("performers_tags", "performer_id, tag_id", performers_tags, 0.05),
)
