"""Loading whole objects by id, in batches, and what their primary file adds to them."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stashbench.embedded.sql.clause import Value, marks
from stashbench.embedded.sql.select import Statement

BATCH_SIZE = 1000
"""Ids in one object load of a list page."""

LOADER_BATCH_SIZE = 100
"""Ids in one object load of a relation: Stash's loaders collect no more."""


@dataclass(frozen=True)
class Loading:
    """How one kind of object is read.

    `attributes` are the names its columns get, in order; those in `texts` are never null but empty.
    """

    table: str
    columns: dict[str, str]  # attribute to column expression
    joins: str = ""
    join_args: tuple[Value, ...] = ()
    texts: frozenset[str] = frozenset()

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the values in a row."""
        return tuple(self.columns)

    @property
    def dates(self) -> tuple[str, ...]:
        """Names of dates of which only the month or the year may be known."""
        return tuple(name.removesuffix("_precision") for name in self.columns if name.endswith("_precision"))

    @property
    def head(self) -> str:
        """The statement up to its condition."""
        return f"SELECT {', '.join(self.columns.values())} FROM {self.table}{self.joins}"

    def by_ids(self, ids: Sequence[int]) -> Statement:
        """The statement that reads the objects of these ids, in no order."""
        return f"{self.head} WHERE {self.table}.id IN ({marks(len(ids))})", (*self.join_args, *ids)

    def where(self, condition: str, *args: Value) -> Statement:
        """The statement that reads all objects for which a condition holds."""
        return f"{self.head} WHERE {condition}", (*self.join_args, *args)

    def everything(self, order: str) -> Statement:
        """The statement that reads all objects."""
        return f"{self.head} ORDER BY {order}", self.join_args


def batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Slices of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _columns(table: str, names: str, **expressions: str) -> dict[str, str]:
    """Columns named like their attributes, then those that are not."""
    return {**{name: f"{table}.{name}" for name in names.split()}, **expressions}


def _primary_file(table: str, owner_column: str) -> str:
    return (
        f' LEFT JOIN {table}_files ON {table}_files.{owner_column} = {table}.id AND {table}_files."primary" = ?'
        f" LEFT JOIN files ON files.id = {table}_files.file_id LEFT JOIN folders ON folders.id = files.parent_folder_id"
    )


_COMMON = "id title code details studio_id organized date date_precision created_at updated_at"

SCENES = Loading(
    table="scenes",
    columns=_columns(
        "scenes",
        f"{_COMMON} director resume_time play_duration",
        rating100="scenes.rating",
        primary_file_id="scenes_files.file_id",
        checksum="fingerprint_md5.fingerprint",
        oshash="fingerprint_oshash.fingerprint",
        folder_path="folders.path",
        basename="files.basename",
    ),
    joins=_primary_file("scenes", "scene_id")
    + "".join(
        f" LEFT JOIN files_fingerprints AS fingerprint_{kind} ON fingerprint_{kind}.file_id = scenes_files.file_id "
        f"AND fingerprint_{kind}.type = ?"
        for kind in ("md5", "oshash")
    ),
    join_args=(1, "md5", "oshash"),
    texts=frozenset({"title", "code", "details", "director"}),
)

IMAGES = Loading(
    table="images",
    columns=_columns(
        "images",
        f"{_COMMON} photographer o_counter",
        rating100="images.rating",
        primary_file_id="images_files.file_id",
        checksum="files_fingerprints.fingerprint",
        folder_path="folders.path",
        basename="files.basename",
    ),
    joins=_primary_file("images", "image_id")
    + " LEFT JOIN files_fingerprints ON files_fingerprints.file_id = images_files.file_id "
    "AND files_fingerprints.type = ?",
    join_args=(1, "md5"),
    texts=frozenset({"title", "code", "details", "photographer"}),
)

GALLERIES = Loading(
    table="galleries",
    columns=_columns(
        "galleries",
        f"{_COMMON} photographer folder_id",
        rating100="galleries.rating",
        primary_file_id="galleries_files.file_id",
        folder_path="folders.path",
        basename="files.basename",
        gallery_folder_path="gallery_folder.path",
    ),
    joins=_primary_file("galleries", "gallery_id")
    + " LEFT JOIN folders AS gallery_folder ON gallery_folder.id = galleries.folder_id",
    join_args=(1,),
    texts=frozenset({"title", "code", "details", "photographer"}),
)

PERFORMERS = Loading(
    table="performers",
    columns=_columns(
        "performers",
        "id name disambiguation gender birthdate birthdate_precision death_date death_date_precision ethnicity country "
        "eye_color measurements fake_tits penis_length circumcised career_length tattoos piercings favorite "
        "created_at updated_at details hair_color weight ignore_auto_tag",
        height_cm="performers.height",
        rating100="performers.rating",
    ),
    texts=frozenset(
        {
            *("name", "disambiguation", "ethnicity", "country", "eye_color", "measurements", "fake_tits"),
            *("career_length", "tattoos", "piercings", "details", "hair_color"),
        }
    ),
)

STUDIOS = Loading(
    table="studios",
    columns=_columns(
        "studios",
        "id name parent_id created_at updated_at details ignore_auto_tag favorite",
        rating100="studios.rating",
    ),
    texts=frozenset({"name", "details"}),
)

TAGS = Loading(
    table="tags",
    columns=_columns("tags", "id name sort_name created_at updated_at ignore_auto_tag description favorite"),
    texts=frozenset({"name", "sort_name", "description"}),
)

GROUPS = Loading(
    table="groups",
    columns=_columns(
        "groups",
        "id name aliases duration date date_precision studio_id director created_at updated_at",
        rating100="groups.rating",
        synopsis="groups.description",
    ),
    texts=frozenset({"name", "aliases", "director", "synopsis"}),
)

MARKERS = Loading(
    table="scene_markers",
    columns=_columns("scene_markers", "id title seconds end_seconds primary_tag_id scene_id created_at updated_at"),
    texts=frozenset({"title"}),
)

CHAPTERS = Loading(
    table="galleries_chapters",
    columns=_columns("galleries_chapters", "id title image_index gallery_id created_at updated_at"),
)

FOLDERS = Loading(
    table="folders",
    columns=_columns("folders", "id path zip_file_id parent_folder_id mod_time created_at updated_at"),
    joins=" LEFT JOIN files AS zip_files ON folders.zip_file_id = zip_files.id "
    "LEFT JOIN folders AS zip_files_folders ON zip_files.parent_folder_id = zip_files_folders.id",
)

FILES = Loading(
    table="files",
    columns=_columns(
        "files",
        "id basename zip_file_id parent_folder_id size mod_time created_at updated_at",
        folder_path="folders.path",
        fingerprint_type="files_fingerprints.type",
        fingerprint="files_fingerprints.fingerprint",
        zip_basename="zip_files.basename",
        zip_folder_path="zip_files_folders.path",
        video_id="video_files.file_id",
        video_format="video_files.format",
        video_width="video_files.width",
        video_height="video_files.height",
        duration="video_files.duration",
        video_codec="video_files.video_codec",
        audio_codec="video_files.audio_codec",
        frame_rate="video_files.frame_rate",
        bit_rate="video_files.bit_rate",
        interactive="video_files.interactive",
        interactive_speed="video_files.interactive_speed",
        image_id="image_files.file_id",
        image_format="image_files.format",
        image_width="image_files.width",
        image_height="image_files.height",
    ),
    joins=" INNER JOIN folders ON files.parent_folder_id = folders.id"
    " LEFT JOIN files_fingerprints ON files.id = files_fingerprints.file_id"
    " LEFT JOIN video_files ON files.id = video_files.file_id"
    " LEFT JOIN image_files ON files.id = image_files.file_id"
    " LEFT JOIN files AS zip_files ON files.zip_file_id = zip_files.id"
    " LEFT JOIN folders AS zip_files_folders ON zip_files.parent_folder_id = zip_files_folders.id",
)
"""One row per fingerprint of a file. Stash reads files one by one, even through its loader."""
