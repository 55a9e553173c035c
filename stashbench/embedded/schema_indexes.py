"""Named indexes of schema 75, in Stash's order of creation."""

from __future__ import annotations

_DEFINITIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("version_unique", "schema_migrations", ("version",)),
    ("index_tags_on_name", "tags", ("name",)),
    ("index_folders_on_parent_folder_id", "folders", ("parent_folder_id",)),
    ("index_folders_on_path_unique", "folders", ("path",)),
    ("index_files_zip_basename_unique", "files", ("zip_file_id", "parent_folder_id", "basename")),
    ("index_files_on_parent_folder_id_basename_unique", "files", ("parent_folder_id", "basename")),
    ("index_files_on_basename", "files", ("basename",)),
    ("index_folders_on_zip_file_id", "folders", ("zip_file_id",)),
    ("index_fingerprint_type_fingerprint", "files_fingerprints", ("type", "fingerprint")),
    ("index_images_files_on_file_id", "images_files", ("file_id",)),
    ("unique_index_images_files_on_primary", "images_files", ("image_id",)),
    ("index_galleries_files_file_id", "galleries_files", ("file_id",)),
    ("unique_index_galleries_files_on_primary", "galleries_files", ("gallery_id",)),
    ("index_scenes_files_file_id", "scenes_files", ("file_id",)),
    ("unique_index_scenes_files_on_primary", "scenes_files", ("scene_id",)),
    ("index_performer_stash_ids_on_performer_id", "performer_stash_ids", ("performer_id",)),
    ("index_studio_stash_ids_on_studio_id", "studio_stash_ids", ("studio_id",)),
    ("index_performers_scenes_on_performer_id", "performers_scenes", ("performer_id",)),
    ("index_scene_markers_tags_on_tag_id", "scene_markers_tags", ("tag_id",)),
    ("index_scenes_tags_on_tag_id", "scenes_tags", ("tag_id",)),
    ("index_movies_scenes_on_movie_id", "groups_scenes", ("group_id",)),  # the name outlived the table's renaming
    ("index_performers_images_on_performer_id", "performers_images", ("performer_id",)),
    ("index_images_tags_on_tag_id", "images_tags", ("tag_id",)),
    ("index_scenes_galleries_on_gallery_id", "scenes_galleries", ("gallery_id",)),
    ("index_galleries_images_on_image_id", "galleries_images", ("image_id",)),
    ("index_performers_galleries_on_performer_id", "performers_galleries", ("performer_id",)),
    ("index_galleries_tags_on_tag_id", "galleries_tags", ("tag_id",)),
    ("index_performers_tags_on_tag_id", "performers_tags", ("tag_id",)),
    ("tag_aliases_alias_unique", "tag_aliases", ("alias",)),
    ("studio_aliases_alias_unique", "studio_aliases", ("alias",)),
    ("performer_aliases_alias", "performer_aliases", ("alias",)),
    ("index_galleries_chapters_on_gallery_id", "galleries_chapters", ("gallery_id",)),
    ("scene_urls_url", "scene_urls", ("url",)),
    ("index_scene_markers_on_primary_tag_id", "scene_markers", ("primary_tag_id",)),
    ("index_scene_markers_on_scene_id", "scene_markers", ("scene_id",)),
    ("index_studios_on_name_unique", "studios", ("name",)),
    ("index_saved_filters_on_mode_name_unique", "saved_filters", ("mode", "name")),
    ("image_urls_url", "image_urls", ("url",)),
    ("gallery_urls_url", "gallery_urls", ("url",)),
    ("index_galleries_on_studio_id", "galleries", ("studio_id",)),
    ("index_galleries_on_folder_id_unique", "galleries", ("folder_id",)),
    ("index_scenes_on_studio_id", "scenes", ("studio_id",)),
    ("performers_urls_url", "performer_urls", ("url",)),
    ("performers_name_disambiguation_unique", "performers", ("name", "disambiguation")),
    ("performers_name_unique", "performers", ("name",)),
    ("index_studios_tags_on_tag_id", "studios_tags", ("tag_id",)),
    ("index_scenes_view_dates", "scenes_view_dates", ("scene_id",)),
    ("index_scenes_o_dates", "scenes_o_dates", ("scene_id",)),
    ("index_groups_on_name", "groups", ("name",)),
    ("index_groups_on_studio_id", "groups", ("studio_id",)),
    ("group_urls_url", "group_urls", ("url",)),
    ("index_groups_tags_on_tag_id", "groups_tags", ("tag_id",)),
    ("index_groups_tags_on_movie_id", "groups_tags", ("group_id",)),
    ("index_galleries_images_gallery_id_cover", "galleries_images", ("gallery_id", "cover")),
    ("index_groups_relations_sub_id", "groups_relations", ("sub_id",)),
    ("index_groups_relations_order_index_unique", "groups_relations", ("containing_id", "order_index")),
    ("index_images_on_studio_id", "images", ("studio_id",)),
    ("index_performer_custom_fields_field_value", "performer_custom_fields", ("field", "value")),
    ("studio_urls_url", "studio_urls", ("url",)),
)

_UNIQUE = frozenset(
    {
        "version_unique",
        "index_folders_on_path_unique",
        "index_files_zip_basename_unique",
        "index_files_on_parent_folder_id_basename_unique",
        "unique_index_images_files_on_primary",
        "unique_index_galleries_files_on_primary",
        "unique_index_scenes_files_on_primary",
        "tag_aliases_alias_unique",
        "studio_aliases_alias_unique",
        "index_studios_on_name_unique",
        "index_saved_filters_on_mode_name_unique",
        "index_galleries_on_folder_id_unique",
        "performers_name_disambiguation_unique",
        "performers_name_unique",
        "index_galleries_images_gallery_id_cover",
        "index_groups_relations_order_index_unique",
    }
)

_PARTIAL = {
    "index_files_zip_basename_unique": "zip_file_id is not null",
    "index_folders_on_zip_file_id": "zip_file_id is not null",
    "unique_index_images_files_on_primary": '"primary" = 1',
    "unique_index_galleries_files_on_primary": '"primary" = 1',
    "unique_index_scenes_files_on_primary": '"primary" = 1',
    "performers_name_disambiguation_unique": "disambiguation is not null",
    "performers_name_unique": "disambiguation is null",
    "index_galleries_images_gallery_id_cover": "cover = 1",
    "index_images_on_studio_id": "studio_id is not null",
}


def _statement(name: str, table: str, columns: tuple[str, ...]) -> str:
    kind = "UNIQUE INDEX" if name in _UNIQUE else "INDEX"
    where = f" WHERE {_PARTIAL[name]}" if name in _PARTIAL else ""
    return f'CREATE {kind} "{name}" ON "{table}" ({", ".join(columns)}){where}'


INDEXES: dict[str, str] = {name: _statement(name, table, columns) for name, table, columns in _DEFINITIONS}
"""CREATE INDEX statement by index name."""
