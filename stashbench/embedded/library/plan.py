"""What several tables must agree on: decided once, kept in arrays of a few bytes per scene."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import accumulate, islice

from stashbench.embedded.library.calendar import RELEASE_DAYS, added_day
from stashbench.embedded.library.pictures import draw_blobs
from stashbench.embedded.library.places import GalleryPlaces, VideoPlaces
from stashbench.embedded.library.randomness import Stream, Zipf, expand
from stashbench.embedded.library.shape import SCENES_PER_GALLERY, Shape
from stashbench.embedded.library.titles import Titles

_FILE_COUNTS = expand(((1, 235), (2, 16), (3, 5)))
_PLAYS = expand(((0, 170), (1, 36), (2, 18), (3, 10), (4, 7), (6, 6), (9, 4), (14, 3), (23, 1), (40, 1)))
_RESOLUTIONS = expand(((0, 12), (1, 40), (2, 70), (3, 104), (4, 8), (5, 22)))
_NO_DATE = 36  # of 256
_NO_STUDIO = 30  # of 256
_ZIPPED = 90  # of 256
_DUPLICATE_OF_EARLIER, _NEAR_DUPLICATE_OF_EARLIER = 5, 10  # of 256, cumulative
_OLDEST_DAYS = 3_500
_SHORTEST_SECONDS, _LONGEST_SECONDS = 45.0, 7_200.0
_SIGNED = 1 << 63


@dataclass(slots=True)
class Plan:
    """A library to be written; arrays by scene have scene 1 at index 0, arrays by file the scenes' file 1."""

    seed: int
    shape: Shape
    titles: Titles = field(default_factory=Titles)
    title_bits: array[int] = field(init=False)
    studio: array[int] = field(init=False)
    """Studio id by scene, 0 for none."""
    day: array[int] = field(init=False)
    """Day of release by scene, 0 for none."""
    duration_seconds: array[float] = field(init=False)
    """Of the primary file, by scene."""
    plays: bytes = field(init=False)
    resolution: bytes = field(init=False)
    """Place in the table of resolutions by scene (see `files.py`)."""
    file_scene: array[int] = field(init=False)
    """Scene id by video file; the first file of a scene is its primary one."""
    file_primary: bytearray = field(init=False)
    phash: array[int] = field(init=False)
    """Perceptual hash by video file, 64 bits, signed."""
    tag_popularity: Zipf = field(init=False)
    performer_popularity: Zipf = field(init=False)
    studio_popularity: Zipf = field(init=False)
    videos: VideoPlaces = field(init=False)
    galleries: GalleryPlaces = field(init=False)
    gallery_bits: array[int] = field(init=False)
    """Bits of the title by gallery."""
    blobs: dict[str, bytes] = field(init=False)
    """Pictures by checksum."""
    pictures: dict[str, tuple[str, ...]] = field(init=False)
    """Checksums of pictures by the kind of thing they show."""

    def __post_init__(self) -> None:
        shape = self.shape
        self.tag_popularity = Zipf(self.stream("tags").shuffled(shape.tags))
        self.performer_popularity = Zipf(self.stream("performers").shuffled(shape.performers), offset=6.0)
        self.studio_popularity = Zipf(self.stream("studios").shuffled(shape.studios), exponent=0.9)
        self._decide_scenes()
        self._decide_files()
        self.videos = VideoPlaces(self.studio, shape.studios)
        self._decide_galleries()
        self._draw_pictures()

    def stream(self, name: str) -> Stream:
        """Give the random numbers of one table."""
        return Stream(self.seed, name)

    def _decide_scenes(self) -> None:
        count, stream = self.shape.scenes, self.stream("scenes/plan")
        self.title_bits = array("I", islice(stream.longs("title"), count))
        self.plays = bytes(islice(map(_PLAYS.__getitem__, stream.bytes("plays")), count))
        self.resolution = bytes(islice(map(_RESOLUTIONS.__getitem__, stream.bytes("size")), count))
        spread = (_LONGEST_SECONDS - _SHORTEST_SECONDS) / (65_535.0**2)
        self.duration_seconds = array(
            "d", (round(_SHORTEST_SECONDS + spread * n * n, 2) for n in islice(stream.shorts("duration"), count))
        )
        studios = self.studio_popularity.picks(stream)
        chances = islice(stream.bytes("studio"), count)
        self.studio = array("I", (0 if chance < _NO_STUDIO else next(studios) for chance in chances))
        self.day = array("H", bytes(2 * count))
        lags = zip(range(1, count + 1), stream.bytes("date"), stream.shorts("lag"), strict=False)
        for scene_id, chance, lag in lags:
            if chance >= _NO_DATE:
                back = lag * lag * _OLDEST_DAYS >> 32
                self.day[scene_id - 1] = RELEASE_DAYS[max(1, added_day(scene_id, count) - back)]

    def _decide_files(self) -> None:
        """Give each scene one to three files; make some hashes equal or nearly equal to those of an earlier scene."""
        stream = self.stream("files/plan")
        self.file_scene, self.file_primary, self.phash = array("I"), bytearray(), array("q")
        hashes, chances, places = stream.quads("phash"), stream.bytes("duplicate"), stream.longs("place")
        counts = map(_FILE_COUNTS.__getitem__, stream.bytes("count"))
        primary_hash = array("Q")
        for scene_id, count in zip(range(1, self.shape.scenes + 1), counts, strict=False):
            value, chance, place = next(hashes), next(chances), next(places)
            if chance < _NEAR_DUPLICATE_OF_EARLIER and scene_id > 1:
                earlier = place % (scene_id - 1)
                value = primary_hash[earlier]
                self.duration_seconds[scene_id - 1] = self.duration_seconds[earlier]
                if chance >= _DUPLICATE_OF_EARLIER:
                    value = flip_bits(value, place, 1 + place % 4)
            primary_hash.append(value)
            for copy in range(count):
                self.file_scene.append(scene_id)
                self.file_primary.append(copy == 0)
                near = flip_bits(value, place >> copy, copy) if copy else value
                self.phash.append(near - (near & _SIGNED) * 2)

    def _decide_galleries(self) -> None:
        """Make galleries of very different sizes, a third of them zip files, over nine tenths of the images."""
        count, stream = self.shape.galleries, self.stream("galleries/plan")
        self.gallery_bits = array("I", islice(stream.longs("title"), count))
        weights = [4 + (number * number >> 20) for number in islice(stream.shorts("size"), count)]
        total, inside = sum(weights), self.shape.images * 9 // 10
        bounds = [1, *(1 + inside * reached // total for reached in accumulate(weights))]
        self.galleries = GalleryPlaces(
            first_folder=self.videos.last_folder + 1,
            first_zip_file=len(self.file_scene) + 1,
            is_zip=bytes(chance < _ZIPPED for chance in islice(stream.bytes("zip"), count)),
            image_bounds=array("I", bounds),
            images=self.shape.images,
        )

    def gallery_scene(self, gallery_id: int) -> int:
        """Give the scene that was filmed when the pictures of a gallery were taken."""
        return min(self.shape.scenes, 1 + (gallery_id - 1) * SCENES_PER_GALLERY)

    def gallery_source(self, gallery_id: int) -> tuple[int, int]:
        """Give (studio id, day) of a gallery, 0 for none."""
        index = self.gallery_scene(gallery_id) - 1
        return self.studio[index], self.day[index]

    def _draw_pictures(self) -> None:
        self.blobs, self.pictures = {}, {}
        shape, stream = self.shape, self.stream("pictures")
        for kind, count, (width, height) in (
            ("covers", shape.covers, (32, 18)),
            ("performers", min(256, shape.performers), (20, 30)),
            ("studios", min(64, shape.studios), (32, 12)),
            ("tags", min(64, shape.tags), (16, 16)),
            ("groups", min(256, shape.groups), (20, 28)),
        ):
            drawn = draw_blobs(stream, kind, count, width_pixels=width, height_pixels=height)
            self.blobs |= drawn
            self.pictures[kind] = tuple(drawn)


def flip_bits(value: int, noise: int, count: int) -> int:
    """Flip up to `count` (0 to 4) bits of a 64-bit hash, as a re-encoded copy of a video would."""
    for turn in range(count):
        value ^= 1 << (noise >> (6 * turn) & 63)
    return value
