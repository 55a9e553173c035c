"""The indexes Stash's own migrations make, by schema version, so that a missing one can be named and made again."""

from __future__ import annotations

from stashbench.model.base import Model


class IndexDefinition(Model):
    """One index. `where` makes it a partial index; empty for a whole one."""

    name: str
    table: str
    columns: tuple[str, ...]
    is_unique: bool = False
    where: str = ""

    @property
    def statement(self) -> str:
        """The statement that makes the index again; it changes nothing where the index exists."""
        columns = ", ".join(f"`{column}`" for column in self.columns)
        kind = "CREATE UNIQUE INDEX" if self.is_unique else "CREATE INDEX"
        condition = f" WHERE {self.where}" if self.where else ""
        return f"{kind} IF NOT EXISTS `{self.name}` ON `{self.table}` ({columns}){condition};"


def _index(name: str, table: str, *columns: str, where: str = "") -> IndexDefinition:
    return IndexDefinition(name=name, table=table, columns=columns, where=where)


def _unique(name: str, table: str, *columns: str, where: str = "") -> IndexDefinition:
    return IndexDefinition(name=name, table=table, columns=columns, is_unique=True, where=where)


# The migration tool's own `version_unique` on schema_migrations is left out: a table of one row needs no index.
_AT_75 = (
    _index("index_files_on_basename", "files", "basename"),
    _unique("index_files_on_parent_folder_id_basename_unique", "files", "parent_folder_id", "basename"),
    _unique(
        "index_files_zip_basename_unique",
        "files",
        "zip_file_id",
        "parent_folder_id",
        "basename",
        where="zip_file_id IS NOT NULL",
    ),
    _index("index_fingerprint_type_fingerprint", "files_fingerprints", "type", "fingerprint"),
    _index("index_folders_on_parent_folder_id", "folders", "parent_folder_id"),
    _unique("index_folders_on_path_unique", "folders", "path"),
    _index("index_folders_on_zip_file_id", "folders", "zip_file_id", where="zip_file_id IS NOT NULL"),
    _unique("index_galleries_on_folder_id_unique", "galleries", "folder_id"),
    _index("index_galleries_on_studio_id", "galleries", "studio_id"),
    _index("index_galleries_chapters_on_gallery_id", "galleries_chapters", "gallery_id"),
    _index("index_galleries_files_file_id", "galleries_files", "file_id"),
    _unique("unique_index_galleries_files_on_primary", "galleries_files", "gallery_id", where="`primary` = 1"),
    _unique("index_galleries_images_gallery_id_cover", "galleries_images", "gallery_id", "cover", where="cover = 1"),
    _index("index_galleries_images_on_image_id", "galleries_images", "image_id"),
    _index("index_galleries_tags_on_tag_id", "galleries_tags", "tag_id"),
    _index("gallery_urls_url", "gallery_urls", "url"),
    _index("group_urls_url", "group_urls", "url"),
    _index("index_groups_on_name", "groups", "name"),
    _index("index_groups_on_studio_id", "groups", "studio_id"),
    _unique("index_groups_relations_order_index_unique", "groups_relations", "containing_id", "order_index"),
    _index("index_groups_relations_sub_id", "groups_relations", "sub_id"),
    _index("index_movies_scenes_on_movie_id", "groups_scenes", "group_id"),
    _index("index_groups_tags_on_movie_id", "groups_tags", "group_id"),
    _index("index_groups_tags_on_tag_id", "groups_tags", "tag_id"),
    _index("image_urls_url", "image_urls", "url"),
    _index("index_images_on_studio_id", "images", "studio_id", where="studio_id IS NOT NULL"),
    _index("index_images_files_on_file_id", "images_files", "file_id"),
    _unique("unique_index_images_files_on_primary", "images_files", "image_id", where="`primary` = 1"),
    _index("index_images_tags_on_tag_id", "images_tags", "tag_id"),
    _index("performer_aliases_alias", "performer_aliases", "alias"),
    _index("index_performer_custom_fields_field_value", "performer_custom_fields", "field", "value"),
    _index("index_performer_stash_ids_on_performer_id", "performer_stash_ids", "performer_id"),
    _index("performers_urls_url", "performer_urls", "url"),
    _unique(
        "performers_name_disambiguation_unique",
        "performers",
        "name",
        "disambiguation",
        where="disambiguation IS NOT NULL",
    ),
    _unique("performers_name_unique", "performers", "name", where="disambiguation IS NULL"),
    _index("index_performers_galleries_on_performer_id", "performers_galleries", "performer_id"),
    _index("index_performers_images_on_performer_id", "performers_images", "performer_id"),
    _index("index_performers_scenes_on_performer_id", "performers_scenes", "performer_id"),
    _index("index_performers_tags_on_tag_id", "performers_tags", "tag_id"),
    _unique("index_saved_filters_on_mode_name_unique", "saved_filters", "mode", "name"),
    _index("index_scene_markers_on_primary_tag_id", "scene_markers", "primary_tag_id"),
    _index("index_scene_markers_on_scene_id", "scene_markers", "scene_id"),
    _index("index_scene_markers_tags_on_tag_id", "scene_markers_tags", "tag_id"),
    _index("scene_urls_url", "scene_urls", "url"),
    _index("index_scenes_on_studio_id", "scenes", "studio_id"),
    _index("index_scenes_files_file_id", "scenes_files", "file_id"),
    _unique("unique_index_scenes_files_on_primary", "scenes_files", "scene_id", where="`primary` = 1"),
    _index("index_scenes_galleries_on_gallery_id", "scenes_galleries", "gallery_id"),
    _index("index_scenes_o_dates", "scenes_o_dates", "scene_id"),
    _index("index_scenes_tags_on_tag_id", "scenes_tags", "tag_id"),
    _index("index_scenes_view_dates", "scenes_view_dates", "scene_id"),
    _unique("studio_aliases_alias_unique", "studio_aliases", "alias"),
    _index("index_studio_stash_ids_on_studio_id", "studio_stash_ids", "studio_id"),
    _index("studio_urls_url", "studio_urls", "url"),
    _unique("index_studios_on_name_unique", "studios", "name"),
    _index("index_studios_tags_on_tag_id", "studios_tags", "tag_id"),
    _unique("tag_aliases_alias_unique", "tag_aliases", "alias"),
    _index("index_tags_on_name", "tags", "name"),
)

# Between 48 (Stash 0.22) and 75 (0.30) movies became groups, and these tables and columns came.
_ONLY_AT_75 = frozenset(
    {
        "gallery_urls_url",
        "group_urls_url",
        "image_urls_url",
        "index_galleries_images_gallery_id_cover",
        "index_groups_on_name",
        "index_groups_on_studio_id",
        "index_groups_relations_order_index_unique",
        "index_groups_relations_sub_id",
        "index_groups_tags_on_movie_id",
        "index_groups_tags_on_tag_id",
        "index_performer_custom_fields_field_value",
        "index_scenes_o_dates",
        "index_scenes_view_dates",
        "index_studios_tags_on_tag_id",
        "performers_urls_url",
        "studio_urls_url",
    }
)
_OTHERWISE_AT_48 = (
    _index("index_images_on_studio_id", "images", "studio_id"),
    _index("index_movies_scenes_on_movie_id", "movies_scenes", "movie_id"),
    _unique("index_movies_on_name_unique", "movies", "name"),
    _index("index_movies_on_studio_id", "movies", "studio_id"),
)
_CHANGED_NAMES = frozenset(definition.name for definition in _OTHERWISE_AT_48)
_AT_48 = (
    *(item for item in _AT_75 if item.name not in _ONLY_AT_75 and item.name not in _CHANGED_NAMES),
    *_OTHERWISE_AT_48,
)

_BY_VERSION = {48: _AT_48, 75: _AT_75}


def expected_indexes(schema_version: int) -> tuple[IndexDefinition, ...] | None:
    """Return the indexes a schema version should have; None for versions whose list is not known."""
    return _BY_VERSION.get(schema_version)


def known_schema_versions() -> tuple[int, ...]:
    """Return the schema versions whose indexes are known, in order."""
    return tuple(sorted(_BY_VERSION))
