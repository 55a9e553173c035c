"""Files of all kinds: videos, zip files, images; what was probed of them, and their fingerprints."""

from __future__ import annotations

from itertools import chain

from stashbench.embedded.library.calendar import CLOCK_MASK, CLOCKS, DAYS, SOME_DAY, added_day
from stashbench.embedded.library.folders import gallery_basename, gallery_year
from stashbench.embedded.library.passes import Pass, Rows
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.randomness import expand
from stashbench.embedded.library.titles import HOSTILE_BASENAME

_RESOLUTIONS = (
    (640, 360, 900_000),
    (854, 480, 1_500_000),
    (1280, 720, 3_000_000),
    (1920, 1080, 6_000_000),
    (2560, 1440, 11_000_000),
    (3840, 2160, 24_000_000),
)
_VIDEO_CODECS = expand((("h264", 170), ("hevc", 60), ("av1", 12), ("vp9", 10), ("mpeg4", 4)))
_AUDIO_CODECS = expand((("aac", 200), ("opus", 24), ("mp3", 16), ("ac3", 12), ("", 4)))
_FORMATS = (
    ("mp4", "mp4"),
    ("mp4", "mp4"),
    ("mp4", "mp4"),
    ("mp4", "mp4"),
    ("mp4", "m4v"),
    ("matroska", "mkv"),
    ("matroska", "mkv"),
    ("webm", "webm"),
)
_ENDINGS = tuple(tuple(f" [{height}p].{ending}" for _, ending in _FORMATS) for _, height, _ in _RESOLUTIONS)
_FRAME_RATES = (23.976, 25.0, 29.97, 29.97, 30.0, 50.0, 59.94, 25.0)
_IMAGE_SIZES = (
    (1920, 1280),
    (1280, 1920),
    (3000, 2000),
    (2000, 3000),
    (4000, 6000),
    (6000, 4000),
    (1600, 1200),
    (1080, 1080),
)
_IMAGE_KINDS = expand((("jpeg", 216), ("png", 24), ("webp", 16)))
_EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp"}
_IMAGE_BYTES = 90_000
_SAME_BYTES = 5  # of 16 further files of a scene are exact copies


def _video_numbers(plan: Plan) -> Rows:
    """Give (file id, scene id, primary, noise, place in the tables, seconds, bits per second), the same each time."""
    stream, resolutions = plan.stream("video_files"), plan.resolution
    numbers = zip(plan.file_scene, plan.file_primary, stream.longs(), strict=False)
    primary_noise = 0
    for file_id, (scene_id, primary, fresh_noise) in enumerate(numbers, start=1):
        noise = fresh_noise
        place, seconds = resolutions[scene_id - 1], plan.duration_seconds[scene_id - 1]
        if primary:
            primary_noise = noise
        elif noise & 15 < _SAME_BYTES:
            noise = primary_noise
        else:
            place, seconds = max(0, place - 1), seconds + (noise & 3) / 8
        rate = _RESOLUTIONS[place][2] * (512 + (noise >> 8 & 1023)) >> 10
        yield file_id, scene_id, primary, noise, place, seconds, rate


def _videos(plan: Plan) -> Rows:
    titles, count = plan.titles, plan.shape.scenes
    heads, tails, folder, bits_of = titles.head_slugs, titles.tail_slugs, plan.videos.folder, plan.title_bits
    for file_id, scene_id, primary, noise, place, seconds, rate in _video_numbers(plan):
        bits = bits_of[scene_id - 1]
        copy = "" if primary else f" copy {file_id}"
        name = f"{heads[bits & 4095]}{tails[bits >> 12 & 1023]}-{scene_id}{copy}{_ENDINGS[place][noise >> 18 & 7]}"
        added = DAYS[added_day(scene_id, count)]
        created = added + CLOCKS[noise >> 20]
        modified = added + CLOCKS[noise >> 16 & CLOCK_MASK]
        size = int(seconds * rate) >> 3
        yield (
            file_id,
            HOSTILE_BASENAME if file_id == 1 else name,
            None,
            folder[scene_id - 1],
            size,
            modified,
            created,
            created,
        )


def _zips(plan: Plan) -> Rows:
    places = plan.galleries
    for gallery_id, file_id in enumerate(places.zip_file, start=1):
        if file_id:
            size = (places.image_bounds[gallery_id] - places.image_bounds[gallery_id - 1]) * _IMAGE_BYTES * 4
            moment = DAYS[added_day(gallery_id, plan.shape.galleries)] + SOME_DAY[10:]
            folder = places.year_folder(gallery_year(plan, gallery_id))
            yield file_id, gallery_basename(plan, gallery_id), None, folder, size, moment, moment, moment


def _images(plan: Plan) -> Rows:
    places, count = plan.galleries, plan.shape.images
    offset = places.first_image_file - 1
    numbers = zip(places.image_places(), plan.stream("image_files").longs(), strict=False)
    for (image_id, _, folder, zip_file), noise in numbers:
        name = f"img_{image_id:07}.{_EXTENSIONS[_IMAGE_KINDS[noise & 255]]}"
        created = DAYS[added_day(image_id, count)] + CLOCKS[noise >> 20]
        size = _IMAGE_BYTES + (noise >> 8) // 3
        yield offset + image_id, name, zip_file or None, folder, size, created, created, created


def files(plan: Plan) -> Rows:
    """Give all files: videos first, then zip files, then images."""
    return chain(_videos(plan), _zips(plan), _images(plan))


def video_files(plan: Plan) -> Rows:
    """Give what a probe says of each video."""
    for file_id, _, _, noise, place, seconds, rate in _video_numbers(plan):
        width, height, _ = _RESOLUTIONS[place]
        if noise >> 26 == 0:
            width, height = height, width  # one in 64 is upright
        interactive = noise >> 10 & 127 == 0
        yield (
            file_id,
            seconds,
            _VIDEO_CODECS[noise >> 8 & 255],
            _FORMATS[noise >> 18 & 7][0],
            _AUDIO_CODECS[noise >> 21 & 255],
            width,
            height,
            _FRAME_RATES[noise >> 5 & 7],
            rate,
            interactive,
            40 + (noise & 127) if interactive else None,
        )


def image_files(plan: Plan) -> Rows:
    """Give what a probe says of each image; the noise is that of `files`, so names and formats agree."""
    offset = plan.galleries.first_image_file - 1
    for image_id, noise in zip(range(1, plan.shape.images + 1), plan.stream("image_files").longs(), strict=False):
        width, height = _IMAGE_SIZES[noise >> 8 & 7]
        yield offset + image_id, _IMAGE_KINDS[noise & 255], width, height


def video_captions(plan: Plan) -> Rows:
    """Give one video in 64 subtitles, some of them in a second language."""
    for file_id, _, _, noise, _, _, _ in _video_numbers(plan):
        if noise >> 12 & 63 == 0:
            if noise & 1:
                yield file_id, "de", f"subtitles-{file_id}.de.vtt", "vtt"
            yield file_id, "en", f"subtitles-{file_id}.en.srt", "srt"


def files_fingerprints(plan: Plan) -> Rows:
    """Give oshash and phash of each video (a few lack the phash), and MD5 of zip files and images."""
    stream = plan.stream("files_fingerprints")
    primary_oshash = ""
    numbers = zip(_video_numbers(plan), stream.hexadecimal(16, "oshash"), plan.phash, strict=False)
    for (file_id, _, primary, noise, _, _, _), oshash, phash in numbers:
        if primary:
            primary_oshash = oshash
        yield file_id, "oshash", oshash if primary or noise & 15 >= _SAME_BYTES else primary_oshash
        if noise >> 14 & 31:
            yield file_id, "phash", phash
    places = plan.galleries
    others = range(places.first_zip_file, places.first_image_file + plan.shape.images)
    for file_id, md5 in zip(others, stream.hexadecimal(32, "md5"), strict=False):
        yield file_id, "md5", md5


def scenes_files(plan: Plan) -> Rows:
    """Give each scene its files."""
    return zip(plan.file_scene, range(1, len(plan.file_scene) + 1), plan.file_primary, strict=True)


PASSES = (
    Pass("files", "id, basename, zip_file_id, parent_folder_id, size, mod_time, created_at, updated_at", files, 2.1),
    Pass(
        "video_files",
        "file_id, duration, video_codec, format, audio_codec, width, height, frame_rate, bit_rate, interactive, "
        "interactive_speed",
        video_files,
        1.1,
    ),
    Pass("image_files", "file_id, format, width, height", image_files, 1.0),
    Pass("video_captions", "file_id, language_code, filename, caption_type", video_captions, 0.025),
    Pass("files_fingerprints", "file_id, type, fingerprint", files_fingerprints, 3.2),
    Pass("scenes_files", 'scene_id, file_id, "primary"', scenes_files, 1.1),
)
