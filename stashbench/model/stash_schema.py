"""The indexes Stash's own migrations leave behind, by schema version (48, Stash 0.22, to 75, Stash 0.30).

Facts about the database format, read off databases of every version; statements are made from them, so that a missing
index can be named and made again.
"""

from __future__ import annotations

from stashbench.model.base import Model

FIRST_SCHEMA = 48
LAST_SCHEMA = 75


class IndexDefinition(Model):
    """One index as Stash makes it; `where` makes it a partial one. `since` and `until` are schemas, both included."""

    name: str
    table: str
    columns: tuple[str, ...]
    is_unique: bool = False
    where: str = ""
    since: int = FIRST_SCHEMA
    until: int = LAST_SCHEMA

    @property
    def statement(self) -> str:
        """The statement that makes it where it is missing, in quotes that survive a shell's single quotes."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        unique = "UNIQUE " if self.is_unique else ""
        condition = f" WHERE {self.where}" if self.where else ""
        return f'CREATE {unique}INDEX IF NOT EXISTS "{self.name}" ON "{self.table}" ({columns}){condition};'

    @property
    def rollback(self) -> str:
        """The statement that takes it away again."""
        return f'DROP INDEX IF EXISTS "{self.name}";'


def expected_indexes(schema_version: int) -> tuple[IndexDefinition, ...] | None:
    """Return the indexes a database of that schema version has, or None where the version is not known here."""
    if not FIRST_SCHEMA <= schema_version <= LAST_SCHEMA:
        return None
    return tuple(index for index in CATALOGUE if index.since <= schema_version <= index.until)


def _index(
    name: str,
    table: str,
    columns: tuple[str, ...],
    *,
    is_unique: bool = False,
    where: str = "",
    since: int = FIRST_SCHEMA,
    until: int = LAST_SCHEMA,
) -> IndexDefinition:
    return IndexDefinition(
        name=name, table=table, columns=columns, is_unique=is_unique, where=where, since=since, until=until
    )


# The migration tool's own `version_unique` on schema_migrations is left out: a table of one row needs no index.
CATALOGUE: tuple[IndexDefinition, ...] = (
    _index("index_files_on_basename", "files", ("basename",)),
    _index(
        "index_files_on_parent_folder_id_basename_unique", "files", ("parent_folder_id", "basename"), is_unique=True
    ),
    _index(
        "index_files_zip_basename_unique",
        "files",
        ("zip_file_id", "parent_folder_id", "basename"),
        is_unique=True,
        where=('"zip_file_id" IS NOT NULL'),
    ),
    _index("index_fingerprint_type_fingerprint", "files_fingerprints", ("type", "fingerprint")),
    _index("index_folders_on_parent_folder_id", "folders", ("parent_folder_id",)),
    _index("index_folders_on_path_unique", "folders", ("path",), is_unique=True),
    _index("index_folders_on_zip_file_id", "folders", ("zip_file_id",), where='"zip_file_id" IS NOT NULL'),
    _index("index_galleries_on_folder_id_unique", "galleries", ("folder_id",), is_unique=True),
    _index("index_galleries_on_studio_id", "galleries", ("studio_id",)),
    _index("index_galleries_chapters_on_gallery_id", "galleries_chapters", ("gallery_id",)),
    _index("index_galleries_files_file_id", "galleries_files", ("file_id",)),
    _index(
        "unique_index_galleries_files_on_primary",
        "galleries_files",
        ("gallery_id",),
        is_unique=True,
        where=('"primary" = 1'),
    ),
    _index(
        "index_galleries_images_gallery_id_cover",
        "galleries_images",
        ("gallery_id", "cover"),
        is_unique=True,
        where=('"cover" = 1'),
        since=66,
    ),
    _index("index_galleries_images_on_image_id", "galleries_images", ("image_id",)),
    _index("index_galleries_tags_on_tag_id", "galleries_tags", ("tag_id",)),
    _index("gallery_urls_url", "gallery_urls", ("url",), since=51),
    _index("group_urls_url", "group_urls", ("url",), since=65),
    _index("index_groups_on_name", "groups", ("name",), since=65),
    _index("index_groups_on_studio_id", "groups", ("studio_id",), since=65),
    _index(
        "index_groups_relations_order_index_unique",
        "groups_relations",
        ("containing_id", "order_index"),
        is_unique=True,
        since=67,
    ),
    _index("index_groups_relations_sub_id", "groups_relations", ("sub_id",), since=67),
    _index("index_movies_scenes_on_movie_id", "groups_scenes", ("group_id",), since=65),
    _index("index_groups_tags_on_movie_id", "groups_tags", ("group_id",), since=65),
    _index("index_groups_tags_on_tag_id", "groups_tags", ("tag_id",), since=65),
    _index("image_urls_url", "image_urls", ("url",), since=50),
    _index("index_images_on_studio_id", "images", ("studio_id",), until=67),
    _index("index_images_on_studio_id", "images", ("studio_id",), where='"studio_id" IS NOT NULL', since=68),
    _index("index_images_files_on_file_id", "images_files", ("file_id",)),
    _index(
        "unique_index_images_files_on_primary", "images_files", ("image_id",), is_unique=True, where=('"primary" = 1')
    ),
    _index("index_images_tags_on_tag_id", "images_tags", ("tag_id",)),
    _index("movie_urls_url", "movie_urls", ("url",), since=59, until=64),
    _index("index_movies_on_name", "movies", ("name",), since=59, until=64),
    _index("index_movies_on_name_unique", "movies", ("name",), is_unique=True, until=58),
    _index("index_movies_on_studio_id", "movies", ("studio_id",), until=64),
    _index("index_movies_scenes_on_movie_id", "movies_scenes", ("movie_id",), until=64),
    _index("index_movies_tags_on_movie_id", "movies_tags", ("movie_id",), since=61, until=64),
    _index("index_movies_tags_on_tag_id", "movies_tags", ("tag_id",), since=61, until=64),
    _index("performer_aliases_alias", "performer_aliases", ("alias",)),
    _index("index_performer_custom_fields_field_value", "performer_custom_fields", ("field", "value"), since=71),
    _index("index_performer_stash_ids_on_performer_id", "performer_stash_ids", ("performer_id",)),
    _index("performers_urls_url", "performer_urls", ("url",), since=62),
    _index(
        "performers_name_disambiguation_unique",
        "performers",
        ("name", "disambiguation"),
        is_unique=True,
        where=('"disambiguation" IS NOT NULL'),
    ),
    _index("performers_name_unique", "performers", ("name",), is_unique=True, where='"disambiguation" IS NULL'),
    _index("index_performers_galleries_on_performer_id", "performers_galleries", ("performer_id",)),
    _index("index_performers_images_on_performer_id", "performers_images", ("performer_id",)),
    _index("index_performers_scenes_on_performer_id", "performers_scenes", ("performer_id",)),
    _index("index_performers_tags_on_tag_id", "performers_tags", ("tag_id",)),
    _index("index_saved_filters_on_mode_name_unique", "saved_filters", ("mode", "name"), is_unique=True),
    _index("index_scene_markers_on_primary_tag_id", "scene_markers", ("primary_tag_id",)),
    _index("index_scene_markers_on_scene_id", "scene_markers", ("scene_id",)),
    _index("index_scene_markers_tags_on_tag_id", "scene_markers_tags", ("tag_id",)),
    _index("scene_urls_url", "scene_urls", ("url",)),
    _index("index_scenes_on_studio_id", "scenes", ("studio_id",)),
    _index("index_scenes_files_file_id", "scenes_files", ("file_id",)),
    _index(
        "unique_index_scenes_files_on_primary", "scenes_files", ("scene_id",), is_unique=True, where=('"primary" = 1')
    ),
    _index("index_scenes_galleries_on_gallery_id", "scenes_galleries", ("gallery_id",)),
    _index("index_scenes_o_dates", "scenes_o_dates", ("scene_id",), since=64),
    _index("index_scenes_tags_on_tag_id", "scenes_tags", ("tag_id",)),
    _index("index_scenes_view_dates", "scenes_view_dates", ("scene_id",), since=64),
    _index("studio_aliases_alias_unique", "studio_aliases", ("alias",), is_unique=True),
    _index("index_studio_stash_ids_on_studio_id", "studio_stash_ids", ("studio_id",)),
    _index("studio_urls_url", "studio_urls", ("url",), since=73),
    _index("index_studios_on_name_unique", "studios", ("name",), is_unique=True),
    _index("index_studios_tags_on_tag_id", "studios_tags", ("tag_id",), since=63),
    _index("tag_aliases_alias_unique", "tag_aliases", ("alias",), is_unique=True),
    _index("index_tags_on_name", "tags", ("name",)),
)
