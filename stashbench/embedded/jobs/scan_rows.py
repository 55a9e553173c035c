"""The rows a scan writes: folders, files, fingerprints, and the scene or image that belongs to a new file."""

from __future__ import annotations

import time
from pathlib import Path

from stashbench.embedded.database import Session
from stashbench.embedded.jobs.walk import FoundFile, rfc3339
from stashbench.embedded.media_probe import ImageFacts, VideoFacts
from stashbench.embedded.statement_log import Value

_BITS_PER_BYTE = 8


def insert(session: Session, table: str, values: dict[str, Value]) -> int:
    """Insert one row and return its id."""
    columns = ", ".join(f"`{name}`" for name in values)
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO `{table}` ({columns}) VALUES ({marks})"  # noqa: S608 - names are ours, values are bound
    return session.change(statement, tuple(values.values()))


def folder_id(session: Session, folder: Path, root: Path) -> tuple[int, list[Path]]:
    """Return the id of a folder, making it and its parents up to `root`; and the folders that were made."""
    row = session.fetch_one("SELECT `folders`.`id` FROM `folders` WHERE `folders`.`path` = ?", (str(folder),))
    if row is not None:
        return int(row[0]), []
    parent_id, made = (None, []) if folder == root else folder_id(session, folder.parent, root)
    now = rfc3339(time.time())
    values: dict[str, Value] = {
        "created_at": now,
        "mod_time": rfc3339(folder.stat().st_mtime),
        "parent_folder_id": parent_id,
        "path": str(folder),
        "updated_at": now,
        "zip_file_id": None,
    }
    return insert(session, "folders", values), [*made, folder]


def known_file(session: Session, parent_id: int, basename: str) -> tuple[int, int, str] | None:
    """Return (id, size, modification time) of a file the database has, or None."""
    row = session.fetch_one(
        "SELECT `files`.`id`, `files`.`size`, `files`.`mod_time` FROM `files` "
        "WHERE `files`.`parent_folder_id` = ? AND `files`.`basename` = ?",
        (parent_id, basename),
    )
    return None if row is None else (int(row[0]), int(row[1]), str(row[2]))


def insert_file(session: Session, found: FoundFile, parent_id: int) -> int:
    """Insert the row of a new file."""
    now = rfc3339(time.time())
    values: dict[str, Value] = {
        "basename": found.path.name,
        "created_at": now,
        "mod_time": found.modified_at,
        "parent_folder_id": parent_id,
        "size": found.size_bytes,
        "updated_at": now,
        "zip_file_id": None,
    }
    return insert(session, "files", values)


def insert_video(session: Session, file_id: int, found: FoundFile, facts: VideoFacts) -> None:
    """Insert what is known of a video file."""
    bits = found.size_bytes * _BITS_PER_BYTE
    values: dict[str, Value] = {
        "audio_codec": facts.audio_codec,
        "bit_rate": int(bits / facts.duration_seconds) if facts.duration_seconds else 0,
        "duration": facts.duration_seconds,
        "file_id": file_id,
        "format": facts.container,
        "frame_rate": facts.frame_rate,
        "height": facts.height,
        "interactive": False,
        "interactive_speed": None,
        "video_codec": facts.video_codec,
        "width": facts.width,
    }
    insert(session, "video_files", values)


def insert_image(session: Session, file_id: int, facts: ImageFacts) -> None:
    """Insert what is known of an image file."""
    values: dict[str, Value] = {
        "file_id": file_id,
        "format": facts.format,
        "height": facts.height,
        "width": facts.width,
    }
    insert(session, "image_files", values)


def replace_fingerprints(session: Session, file_id: int, fingerprints: dict[str, str]) -> None:
    """Store the fingerprints of a file instead of those it had."""
    session.execute("DELETE FROM files_fingerprints WHERE file_id = ?", (file_id,))
    for kind, value in fingerprints.items():
        insert(session, "files_fingerprints", {"file_id": file_id, "type": kind, "fingerprint": value})


def owner_of_fingerprint(session: Session, links: str, owner: str, kind: str, value: str) -> int | None:
    """Return the scene or image that has another file with this fingerprint, or None."""
    row = session.fetch_one(
        f"SELECT `{links}`.`{owner}` FROM `files_fingerprints` INNER JOIN `{links}` "  # noqa: S608 - names are ours
        f"ON `{links}`.`file_id` = `files_fingerprints`.`file_id` "
        "WHERE `files_fingerprints`.`type` = ? AND `files_fingerprints`.`fingerprint` = ? LIMIT 1",
        (kind, value),
    )
    return None if row is None else int(row[0])


def insert_owner(session: Session, table: str) -> int:
    """Insert an empty scene or image, as Stash makes for a new file."""
    now = rfc3339(time.time())
    return insert(session, table, {"created_at": now, "organized": False, "updated_at": now})


def link_file(session: Session, links: str, owner: str, owner_id: int, file_id: int, *, is_primary: bool) -> None:
    """Say that a file belongs to a scene or image."""
    insert(session, links, {owner: owner_id, "primary": is_primary, "file_id": file_id})
