"""Tables of things that have an id of their own: blobs, folders, files, scenes, images, galleries, people, tags."""

from __future__ import annotations

_ID = "id integer not null primary key autoincrement"
_STAMPS = "created_at datetime not null, updated_at datetime not null"
_STUDIO = "foreign key (studio_id) references studios (id) on delete set null"


def _blob_reference(column: str) -> str:
    return f"foreign key ({column}) references blobs (checksum)"


def _table(name: str, *parts: str) -> str:
    body = ",\n  ".join(parts)
    return f'CREATE TABLE "{name}" (\n  {body}\n)'


_PARTS: dict[str, tuple[str, ...]] = {
    "blobs": ("checksum varchar(255) not null primary key", "blob blob"),
    "folders": (
        _ID,
        "path varchar(255) not null",
        "parent_folder_id integer",
        "mod_time datetime not null",
        _STAMPS,
        "zip_file_id integer",
        "foreign key (parent_folder_id) references folders (id) on delete set null",
        "foreign key (zip_file_id) references files (id)",
    ),
    "files": (
        _ID,
        "basename varchar(255) not null",
        "zip_file_id integer",
        "parent_folder_id integer not null",
        "size integer not null",
        "mod_time datetime not null",
        _STAMPS,
        "foreign key (parent_folder_id) references folders (id)",
        "foreign key (zip_file_id) references files (id)",
        "check (basename != '')",
    ),
    "video_files": (
        "file_id integer not null primary key",
        "duration float not null, video_codec varchar(255) not null",
        "format varchar(255) not null, audio_codec varchar(255) not null",
        "width tinyint not null, height tinyint not null",
        "frame_rate float not null, bit_rate integer not null",
        "interactive boolean not null default '0', interactive_speed int",
        "foreign key (file_id) references files (id) on delete cascade",
    ),
    "image_files": (
        "file_id integer not null primary key",
        "format varchar(255) not null, width tinyint not null, height tinyint not null",
        "foreign key (file_id) references files (id) on delete cascade",
    ),
    "studios": (
        _ID,
        "name varchar(255) not null",
        "parent_id integer default NULL check (id is not parent_id)",
        _STAMPS,
        "details text, rating tinyint",
        "ignore_auto_tag boolean not null default FALSE",
        "image_blob varchar(255)",
        "favorite boolean not null default '0'",
        "foreign key (parent_id) references studios (id) on delete set null",
        _blob_reference("image_blob"),
    ),
    "tags": (
        _ID,
        "name varchar(255)",
        _STAMPS,
        "ignore_auto_tag boolean not null default '0'",
        "description text, image_blob varchar(255)",
        "favorite boolean not null default '0'",
        "sort_name varchar(255)",
        _blob_reference("image_blob"),
    ),
    "performers": (
        _ID,
        "name varchar(255) not null, disambiguation varchar(255), gender varchar(20)",
        "birthdate date, ethnicity varchar(255), country varchar(255), eye_color varchar(255)",
        "height int, measurements varchar(255), fake_tits varchar(255), career_length varchar(255)",
        "tattoos varchar(255), piercings varchar(255), favorite boolean not null default '0'",
        _STAMPS,
        "details text, death_date date, hair_color varchar(255), weight integer, rating tinyint",
        "ignore_auto_tag boolean not null default '0'",
        "image_blob varchar(255), penis_length float, circumcised varchar[10]",
        "birthdate_precision tinyint, death_date_precision tinyint",
        _blob_reference("image_blob"),
    ),
    "groups": (
        _ID,
        "name varchar(255) not null, aliases varchar(255), duration integer, date date, rating tinyint",
        "studio_id integer, director varchar(255), description text",
        _STAMPS,
        "front_image_blob varchar(255), back_image_blob varchar(255), date_precision tinyint",
        _STUDIO,
        _blob_reference("front_image_blob"),
        _blob_reference("back_image_blob"),
    ),
    "scenes": (
        _ID,
        "title varchar(255), details text, date date, rating tinyint, studio_id integer",
        "organized boolean not null default '0'",
        _STAMPS,
        "code text, director text",
        "resume_time float not null default 0, play_duration float not null default 0",
        "cover_blob varchar(255), date_precision tinyint",
        _STUDIO,
        _blob_reference("cover_blob"),
    ),
    "scene_markers": (
        _ID,
        "title varchar(255) not null, seconds float not null",
        "primary_tag_id integer not null, scene_id integer not null",
        _STAMPS,
        "end_seconds float",
        "foreign key (primary_tag_id) references tags (id)",
        "foreign key (scene_id) references scenes (id)",
    ),
    "images": (
        _ID,
        "title varchar(255), rating tinyint, studio_id integer, o_counter tinyint not null default 0",
        "organized boolean not null default '0'",
        _STAMPS,
        "date date, code text, photographer text, details text, date_precision tinyint",
        _STUDIO,
    ),
    "galleries": (
        _ID,
        "folder_id integer, title varchar(255), date date, details text, studio_id integer, rating tinyint",
        "organized boolean not null default '0'",
        _STAMPS,
        "code text, photographer text, date_precision tinyint",
        "foreign key (folder_id) references folders (id) on delete set null",
        _STUDIO,
    ),
    "galleries_chapters": (
        _ID,
        "title varchar(255) not null, image_index integer not null, gallery_id integer not null",
        _STAMPS,
        "foreign key (gallery_id) references galleries (id) on delete cascade",
    ),
    "saved_filters": (
        _ID,
        "name varchar(510) not null, mode varchar(255) not null",
        "find_filter blob, object_filter blob, ui_options blob",
    ),
}

ENTITY_TABLES: dict[str, str] = {name: _table(name, *parts) for name, parts in _PARTS.items()}
"""CREATE TABLE statement by table name."""
