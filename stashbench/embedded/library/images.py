"""Galleries, the images in them and beside them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from stashbench.embedded.library.calendar import CLOCKS, DAYS, SOME_DAY, added_day
from stashbench.embedded.library.passes import Pass, Rows, pair_up
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.words import ADJECTIVES, FIRST_NAMES, LAST_NAMES, NOUNS, SENTENCES

_IMAGE_TAGS_EACH = expand(((0, 160), (1, 40), (2, 32), (3, 16), (5, 8)))
_IMAGE_PERFORMERS_EACH = expand(((0, 128), (1, 100), (2, 28)))
_GALLERY_TAGS_EACH = expand(((0, 48), (1, 64), (2, 64), (4, 64), (7, 16)))
_GALLERY_PERFORMERS_EACH = expand(((0, 64), (1, 128), (2, 56), (3, 8)))
_CHAPTERS_EACH = expand(((0, 224), (2, 20), (4, 12)))
_RATINGS = (*repeat(None, 12), 60, 80, 80, 100)
_O_COUNTS = expand(((0, 240), (1, 12), (3, 4)))
_PHOTOGRAPHERS = (
    *repeat(None, 10),
    *(f"{FIRST_NAMES[k * 20]} {LAST_NAMES[k * 30]}" for k in range(6)),
)
_TITLED = 7


def galleries(plan: Plan) -> Rows:
    """Give all galleries: folders and zip files, with studio and date."""
    stream, count, places = plan.stream("galleries"), plan.shape.galleries, plan.galleries
    for gallery_id, bits, title_bits in zip(range(1, count + 1), stream.longs(), plan.gallery_bits, strict=False):
        studio, day = plan.gallery_source(gallery_id)
        created = DAYS[added_day(gallery_id, count)] + SOME_DAY[10:]
        yield (
            gallery_id,
            None if places.is_zip[gallery_id - 1] else places.gallery_folder(gallery_id),
            plan.titles.title(title_bits) if bits & 7 else None,
            DAYS[day] if day else None,
            SENTENCES[bits % len(SENTENCES)] if bits & 24 == 0 else None,
            studio or None,
            _RATINGS[bits >> 6 & 15],
            bits >> 10 & 3 == 0,
            created,
            created,
            f"SET-{gallery_id:06}" if bits >> 12 & 3 == 0 else None,
            _PHOTOGRAPHERS[bits >> 14 & 15],
        )


def galleries_files(plan: Plan) -> Rows:
    """Give each zip gallery its file."""
    for gallery_id, file_id in enumerate(plan.galleries.zip_file, start=1):
        if file_id:
            yield gallery_id, file_id, True


def galleries_chapters(plan: Plan) -> Rows:
    """Divide one gallery in eight into chapters."""
    stream, bounds = plan.stream("galleries_chapters"), plan.galleries.image_bounds
    chapter_id = 0
    for gallery_id, chance in zip(range(1, plan.shape.galleries + 1), stream.bytes(), strict=False):
        size = bounds[gallery_id] - bounds[gallery_id - 1]
        chapters = _CHAPTERS_EACH[chance] if size else 0
        for number in range(chapters):
            chapter_id += 1
            title = f"{ADJECTIVES[chapter_id % len(ADJECTIVES)]} {NOUNS[gallery_id % len(NOUNS)]}"
            yield chapter_id, title, 1 + number * size // chapters, gallery_id, SOME_DAY, SOME_DAY


def gallery_urls(plan: Plan) -> Rows:
    """Give each third gallery an address."""
    for gallery_id in range(1, plan.shape.galleries + 1, 3):
        yield gallery_id, 0, f"https://sets.example/{gallery_id}"


def galleries_tags(plan: Plan) -> Iterator[tuple[int, int]]:
    """Tag galleries."""
    stream = plan.stream("galleries_tags")
    counts = map(_GALLERY_TAGS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.galleries + 1), counts, plan.tag_popularity.picks(stream))


def performers_galleries(plan: Plan) -> Iterator[tuple[int, int]]:
    """Say who is in a gallery."""
    stream = plan.stream("performers_galleries")
    counts = map(_GALLERY_PERFORMERS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.galleries + 1), counts, plan.performer_popularity.picks(stream))


def scenes_galleries(plan: Plan) -> Rows:
    """Tie each second gallery to the scene that was filmed with it."""
    for gallery_id in range(1, plan.shape.galleries + 1, 2):
        yield plan.gallery_scene(gallery_id), gallery_id


def galleries_images(plan: Plan) -> Rows:
    """Put images into galleries; in each fourth gallery one was chosen as the cover."""
    for image_id, gallery_id, _, _ in plan.galleries.image_places():
        if not gallery_id:
            return
        chosen = gallery_id & 3 == 0 and image_id == plan.galleries.image_bounds[gallery_id - 1]
        yield gallery_id, image_id, chosen


def images(plan: Plan) -> Rows:
    """Give all images; those of a gallery share its studio and date, and few have a title."""
    stream, count, titles = plan.stream("images"), plan.shape.images, plan.titles
    last_gallery, studio, date = 0, None, None
    for (image_id, gallery_id, _, _), bits in zip(plan.galleries.image_places(), stream.longs(), strict=False):
        if gallery_id != last_gallery:
            last_gallery = gallery_id
            some_studio, day = plan.gallery_source(gallery_id) if gallery_id else (0, 0)
            studio, date = some_studio or None, DAYS[day] if day else None
        created = DAYS[added_day(image_id, count)] + CLOCKS[bits >> 20]
        yield (
            image_id,
            titles.title(bits) if bits & _TITLED == 0 else None,
            _RATINGS[bits >> 3 & 15],
            studio,
            _O_COUNTS[bits >> 7 & 255],
            bits >> 15 & 7 == 0,
            created,
            created,
            date,
            f"IMG-{image_id}" if bits >> 18 & 31 == 0 else None,
            _PHOTOGRAPHERS[bits >> 23 & 15],
            SENTENCES[bits % len(SENTENCES)] if bits >> 27 == 0 else None,
        )


def images_files(plan: Plan) -> Rows:
    """Give each image its file."""
    first = plan.galleries.first_image_file
    return zip(range(1, plan.shape.images + 1), range(first, first + plan.shape.images), repeat(1), strict=False)


def images_tags(plan: Plan) -> Iterator[tuple[int, int]]:
    """Tag a third of the images."""
    stream = plan.stream("images_tags")
    counts = map(_IMAGE_TAGS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.images + 1), counts, plan.tag_popularity.picks(stream))


def performers_images(plan: Plan) -> Iterator[tuple[int, int]]:
    """Say who is on half of the images."""
    stream = plan.stream("performers_images")
    counts = map(_IMAGE_PERFORMERS_EACH.__getitem__, stream.bytes())
    return pair_up(range(1, plan.shape.images + 1), counts, plan.performer_popularity.picks(stream))


def image_urls(plan: Plan) -> Rows:
    """Give each fiftieth image an address."""
    for image_id in range(1, plan.shape.images + 1, 50):
        yield image_id, 0, f"https://pictures.example/{image_id}"


PASSES = (
    Pass(
        "galleries",
        "id, folder_id, title, date, details, studio_id, rating, organized, created_at, updated_at, code, photographer",
        galleries,
        0.04,
    ),
    Pass("galleries_files", 'gallery_id, file_id, "primary"', galleries_files, 0.015),
    Pass("galleries_chapters", "id, title, image_index, gallery_id, created_at, updated_at", galleries_chapters, 0.015),
    Pass("gallery_urls", "gallery_id, position, url", gallery_urls, 0.013),
    Pass("galleries_tags", "gallery_id, tag_id", galleries_tags, 0.08),
    Pass("performers_galleries", "gallery_id, performer_id", performers_galleries, 0.04),
    Pass("scenes_galleries", "scene_id, gallery_id", scenes_galleries, 0.02),
    Pass("galleries_images", "gallery_id, image_id, cover", galleries_images, 0.9),
    Pass(
        "images",
        "id, title, rating, studio_id, o_counter, organized, created_at, updated_at, date, code, photographer, details",
        images,
        1.0,
    ),
    Pass("images_files", 'image_id, file_id, "primary"', images_files, 1.0),
    Pass("images_tags", "image_id, tag_id", images_tags, 0.7),
    Pass("performers_images", "image_id, performer_id", performers_images, 0.6),
    Pass("image_urls", "image_id, position, url", image_urls, 0.02),
)
