"""Where files lie: the folder tree of videos and of images, numbered before anything is written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

VIDEO_ROOT = "/library/videos"
IMAGE_ROOT = "/library/images"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST_YEAR, LAST_YEAR = 2016, 2025
SCENES_PER_FOLDER = 200
IMAGES_PER_LOOSE_FOLDER = 1000


@dataclass(slots=True)
class VideoPlaces:
    """Folder ids of videos: the root, a letter each, a studio each, volumes of large studios, unsorted ones.

    A studio with more scenes than fit one folder has volumes below its own, and its own is then empty.
    """

    studio: Sequence[int]
    """Studio id by scene, 0 for none."""
    studios: int
    folder: array[int] = field(init=False)
    """Folder id by scene."""
    volumes: list[int] = field(init=False)
    """Number of sub-folders by studio id; at index 0 the number of folders of scenes without a studio."""
    first_volume: list[int] = field(init=False)
    last_folder: int = field(init=False)

    def __post_init__(self) -> None:
        scenes_of = [0] * (self.studios + 1)
        for studio in self.studio:
            scenes_of[studio] += 1
        self.volumes = [-(-count // SCENES_PER_FOLDER) if count > SCENES_PER_FOLDER else 0 for count in scenes_of]
        self.volumes[0] = max(1, self.volumes[0])
        next_id = self.studio_folder(self.studios) + 1
        self.first_volume = []
        for count in self.volumes:
            self.first_volume.append(next_id)
            next_id += count
        self.last_folder = next_id - 1
        self.folder = array("I", bytes(4 * len(self.studio)))
        seen = [0] * (self.studios + 1)
        for index, studio in enumerate(self.studio):
            place = seen[studio]
            seen[studio] = place + 1
            volumes = self.volumes[studio]
            self.folder[index] = (
                self.first_volume[studio] + place // SCENES_PER_FOLDER if volumes else self.studio_folder(studio)
            )

    @staticmethod
    def letter_folder(letter: str) -> int:
        """Give the folder of studios that begin with `letter`."""
        return 2 + LETTERS.index(letter)

    @staticmethod
    def studio_folder(studio: int) -> int:
        """Give the folder of a studio (ids from 1)."""
        return 1 + len(LETTERS) + studio


@dataclass(slots=True)
class GalleryPlaces:
    """Which images belong to which gallery, and in which folder or zip file they are.

    Images of a gallery have consecutive ids; those behind the last gallery's are in none.
    """

    first_folder: int
    """Id of the root folder of images."""
    first_zip_file: int
    is_zip: bytes
    """By gallery: whether it is a zip file; else it is a folder."""
    image_bounds: array[int]
    """First image id by gallery, and one more: the first image in no gallery."""
    images: int
    zip_file: array[int] = field(init=False)
    """File id of the zip by gallery, 0 if it is a folder."""

    def __post_init__(self) -> None:
        self.zip_file = array("I")
        next_file = self.first_zip_file
        for packed in self.is_zip:
            self.zip_file.append(next_file if packed else 0)
            next_file += packed

    @property
    def zip_count(self) -> int:
        """Number of zip files."""
        return sum(self.is_zip)

    @property
    def first_image_file(self) -> int:
        """File id of image 1; that of image n is n - 1 more."""
        return self.first_zip_file + self.zip_count

    def year_folder(self, year: int) -> int:
        """Give the folder of galleries of a year."""
        return self.first_folder + 1 + year - FIRST_YEAR

    def gallery_folder(self, gallery_id: int) -> int:
        """Give the folder of a gallery (of a zip file: the one that stands for the inside of it)."""
        return self.first_folder + 1 + LAST_YEAR - FIRST_YEAR + gallery_id

    @property
    def first_loose_folder(self) -> int:
        """Folder id of the first images in no gallery."""
        return self.gallery_folder(len(self.is_zip)) + 1

    @property
    def loose_folders(self) -> int:
        """Number of folders of images in no gallery."""
        return -(-(self.images + 1 - self.image_bounds[-1]) // IMAGES_PER_LOOSE_FOLDER)

    def image_places(self) -> Iterator[tuple[int, int, int, int]]:
        """Give (image id, gallery id or 0, folder id, zip file id or 0) for all images in order."""
        bounds = self.image_bounds
        for gallery_id, (begin, end) in enumerate(pairwise(bounds), start=1):
            folder, packed = self.gallery_folder(gallery_id), self.zip_file[gallery_id - 1]
            for image_id in range(begin, end):
                yield image_id, gallery_id, folder, packed
        begin, folder = bounds[-1], self.first_loose_folder
        for image_id in range(begin, self.images + 1):
            yield image_id, 0, folder + (image_id - begin) // IMAGES_PER_LOOSE_FOLDER, 0
