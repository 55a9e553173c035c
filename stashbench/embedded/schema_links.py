"""Tables that relate things to each other or list values of one thing: they have no id of their own."""

from __future__ import annotations

_HOME = {
    "containing_id": "groups",
    "sub_id": "groups",
    "parent_id": "tags",
    "child_id": "tags",
    "file_id": "files",
    "gallery_id": "galleries",
    "group_id": "groups",
    "image_id": "images",
    "performer_id": "performers",
    "scene_id": "scenes",
    "scene_marker_id": "scene_markers",
    "studio_id": "studios",
    "tag_id": "tags",
}


def _table(name: str, columns: tuple[str, ...], key: tuple[str, ...] = (), *, check: str = "") -> str:
    """Write one table: `columns` are definitions; those named like another table's id refer to it and cascade."""
    lines = list(columns)
    if key:
        lines.append(f"primary key ({', '.join(key)})")
    for definition in columns:
        column = definition.split()[0]
        if column in _HOME:
            lines.append(f'foreign key ({column}) references "{_HOME[column]}" (id) on delete cascade')
    if check:
        lines.append(f"check ({check})")
    body = ",\n  ".join(lines)
    return f'CREATE TABLE "{name}" (\n  {body}\n)'


def _pair(name: str, first: str, second: str, *, required: bool, reverse_key: bool = False, extra: str = "") -> str:
    """Write a many-to-many table; older ones allow NULL, and the performers' ones have the key the other way round."""
    end = " integer not null" if required else " integer"
    columns = (first + end, second + end, *([extra] if extra else []))
    return _table(name, columns, (second, first) if reverse_key else (first, second))


def _urls(name: str, owner: str) -> str:
    columns = (f"{owner} integer not null", "position integer not null", "url varchar(255) not null")
    return _table(name, columns, (owner, "position", "url"))


def _aliases(name: str, owner: str) -> str:
    return _table(name, (f"{owner} integer not null", "alias varchar(255) not null"), (owner, "alias"))


def _stash_ids(name: str, owner: str, *, keyed: bool = False) -> str:
    """Write a list of stash-box ids; only the scenes' one has a key and forbids NULL."""
    end = " not null" if keyed else ""
    columns = (
        f"{owner} integer{end}",
        f"endpoint varchar(255){end}",
        f"stash_id varchar(36){end}",
        "updated_at datetime not null default '1970-01-01T00:00:00Z'",
    )
    return _table(name, columns, (owner, "endpoint") if keyed else ())


_PRIMARY = '"primary" boolean not null'

LINK_TABLES: dict[str, str] = {
    "files_fingerprints": _table(
        "files_fingerprints",
        ("file_id integer not null", "type varchar(255) not null", "fingerprint blob not null"),
        ("file_id", "type", "fingerprint"),
    ),
    "video_captions": """CREATE TABLE "video_captions" (
  file_id integer not null,
  language_code varchar(255) not null,
  filename varchar(255) not null,
  caption_type varchar(255) not null,
  primary key (file_id, language_code, caption_type),
  foreign key (file_id) references video_files (file_id) on delete cascade
)""",
    "scenes_files": _pair("scenes_files", "scene_id", "file_id", required=True, extra=_PRIMARY),
    "images_files": _pair("images_files", "image_id", "file_id", required=True, extra=_PRIMARY),
    "galleries_files": _pair("galleries_files", "gallery_id", "file_id", required=True, extra=_PRIMARY),
    "tags_relations": _pair("tags_relations", "parent_id", "child_id", required=False),
    "tag_aliases": _aliases("tag_aliases", "tag_id"),
    "tag_stash_ids": _stash_ids("tag_stash_ids", "tag_id"),
    "studio_aliases": _aliases("studio_aliases", "studio_id"),
    "studio_urls": _urls("studio_urls", "studio_id"),
    "studio_stash_ids": _stash_ids("studio_stash_ids", "studio_id"),
    "studios_tags": _pair("studios_tags", "studio_id", "tag_id", required=True),
    "performer_aliases": _aliases("performer_aliases", "performer_id"),
    "performer_custom_fields": _table(
        "performer_custom_fields",
        ("performer_id integer not null", "field varchar(64) not null", "value blob not null"),
        ("performer_id", "field"),
    ),
    "performer_urls": _urls("performer_urls", "performer_id"),
    "performer_stash_ids": _stash_ids("performer_stash_ids", "performer_id"),
    "performers_tags": _pair("performers_tags", "performer_id", "tag_id", required=True),
    "group_urls": _urls("group_urls", "group_id"),
    "groups_relations": _table(
        "groups_relations",
        (
            "containing_id integer not null",
            "sub_id integer not null",
            "order_index integer not null",
            "description varchar(255)",
        ),
        ("containing_id", "sub_id"),
        check="containing_id != sub_id",
    ),
    "groups_tags": _pair("groups_tags", "group_id", "tag_id", required=True),
    "groups_scenes": _pair("groups_scenes", "group_id", "scene_id", required=False, extra="scene_index tinyint"),
    "scenes_tags": _pair("scenes_tags", "scene_id", "tag_id", required=False),
    "performers_scenes": _pair("performers_scenes", "performer_id", "scene_id", required=False, reverse_key=True),
    "scene_urls": _urls("scene_urls", "scene_id"),
    "scene_stash_ids": _stash_ids("scene_stash_ids", "scene_id", keyed=True),
    "scenes_view_dates": _table("scenes_view_dates", ("scene_id integer not null", "view_date datetime not null")),
    "scenes_o_dates": _table("scenes_o_dates", ("scene_id integer not null", "o_date datetime not null")),
    "scene_markers_tags": _pair("scene_markers_tags", "scene_marker_id", "tag_id", required=False),
    "images_tags": _pair("images_tags", "image_id", "tag_id", required=False),
    "performers_images": _pair("performers_images", "performer_id", "image_id", required=False, reverse_key=True),
    "image_urls": _urls("image_urls", "image_id"),
    "galleries_images": _pair(
        "galleries_images", "gallery_id", "image_id", required=True, extra="cover boolean not null default 0"
    ),
    "galleries_tags": _pair("galleries_tags", "gallery_id", "tag_id", required=True),
    "performers_galleries": _pair(
        "performers_galleries", "performer_id", "gallery_id", required=True, reverse_key=True
    ),
    "scenes_galleries": _pair("scenes_galleries", "scene_id", "gallery_id", required=True),
    "gallery_urls": _urls("gallery_urls", "gallery_id"),
}
"""CREATE TABLE statement by table name."""
