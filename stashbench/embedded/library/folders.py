"""Rows of the folder tree."""

from __future__ import annotations

from stashbench.embedded.library.calendar import DAYS, SOME_DAY, added_day
from stashbench.embedded.library.passes import Pass, Rows
from stashbench.embedded.library.places import FIRST_YEAR, IMAGE_ROOT, LAST_YEAR, LETTERS, VIDEO_ROOT
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.titles import slug, studio_name


def _row(
    folder_id: int, path: str, parent: int | None, moment: str = SOME_DAY, zip_file: int | None = None
) -> tuple[object, ...]:
    return folder_id, path, parent, moment, moment, moment, zip_file


def _video_folders(plan: Plan) -> Rows:
    places = plan.videos
    yield _row(1, VIDEO_ROOT, None)
    for letter in LETTERS:
        yield _row(places.letter_folder(letter), f"{VIDEO_ROOT}/{letter}", 1)
    paths = [f"{VIDEO_ROOT}/unsorted"]
    for studio_id in range(1, plan.shape.studios + 1):
        name = slug(studio_name(studio_id - 1))
        paths.append(f"{VIDEO_ROOT}/{name[0]}/{name}")
        yield _row(places.studio_folder(studio_id), paths[-1], places.letter_folder(name[0]))
    for studio_id, (first, count) in enumerate(zip(places.first_volume, places.volumes, strict=True)):
        parent = places.studio_folder(studio_id) if studio_id else 1
        for volume in range(count):
            label = f"/volume {volume + 1:03}" if studio_id else f" {volume + 1:03}"
            yield _row(first + volume, f"{paths[studio_id]}{label}", parent)


def gallery_year(plan: Plan, gallery_id: int) -> int:
    """Give the year in whose folder a gallery lies."""
    return int(DAYS[added_day(gallery_id, plan.shape.galleries)][:4])


def gallery_basename(plan: Plan, gallery_id: int) -> str:
    """Give the name of a gallery's folder or zip file."""
    name = f"{plan.titles.slug(plan.gallery_bits[gallery_id - 1])}-{gallery_id}"
    return f"{name}.zip" if plan.galleries.is_zip[gallery_id - 1] else name


def _image_folders(plan: Plan) -> Rows:
    places, count = plan.galleries, plan.shape.galleries
    root = places.first_folder
    yield _row(root, IMAGE_ROOT, None)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        yield _row(places.year_folder(year), f"{IMAGE_ROOT}/{year}", root)
    for gallery_id in range(1, count + 1):
        moment = DAYS[added_day(gallery_id, count)] + SOME_DAY[10:]
        year = gallery_year(plan, gallery_id)
        path = f"{IMAGE_ROOT}/{year}/{gallery_basename(plan, gallery_id)}"
        zip_file = places.zip_file[gallery_id - 1] or None
        yield _row(places.gallery_folder(gallery_id), path, places.year_folder(year), moment, zip_file)
    for number in range(places.loose_folders):
        yield _row(places.first_loose_folder + number, f"{IMAGE_ROOT}/camera {number + 1:04}", root)


def folders(plan: Plan) -> Rows:
    """Give all folders, parents before children; a library without scenes has none."""
    if plan.shape.scenes:
        yield from _video_folders(plan)
        yield from _image_folders(plan)


PASSES = (Pass("folders", "id, path, parent_folder_id, mod_time, created_at, updated_at, zip_file_id", folders, 0.06),)
