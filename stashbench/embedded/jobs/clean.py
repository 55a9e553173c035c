"""The job behind `metadataClean`: look for each known file on the disk, remove what belongs to files that are gone."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stashbench.embedded.duration import format_duration
from stashbench.embedded.loghub import LogLevel

if TYPE_CHECKING:
    from stashbench.embedded.database import Session
    from stashbench.embedded.jobs.manager import Work
    from stashbench.embedded.jobs.progress import Progress
    from stashbench.embedded.state import ServerState

# Files inside archives come first: their row points at the archive's row. They exist as long as the archive does.
_FILES = (
    "SELECT files.id, folders.path || '/' || files.basename, archive_folders.path || '/' || archives.basename "
    "FROM files INNER JOIN folders ON folders.id = files.parent_folder_id "
    "LEFT JOIN files AS archives ON archives.id = files.zip_file_id "
    "LEFT JOIN folders AS archive_folders ON archive_folders.id = archives.parent_folder_id "
    "ORDER BY files.zip_file_id IS NULL, files.id"
)
_FOLDERS = "SELECT id, path FROM folders WHERE zip_file_id IS NULL ORDER BY LENGTH(path) DESC, id"
_OWNERS = (
    ("scenes", "scenes_files", "scene_id"),
    ("images", "images_files", "image_id"),
    ("galleries", "galleries_files", "gallery_id"),
)


@dataclass(frozen=True)
class CleanRequest:
    """What to clean: no paths means everything the database knows; a dry run only says what it would remove."""

    paths: tuple[str, ...] = ()
    is_dry_run: bool = False


def clean_work(state: ServerState, request: CleanRequest) -> Work:
    """Return the work of the job."""

    def work(progress: Progress) -> None:
        begin = time.perf_counter_ns()
        _Clean(state, request, progress).run()
        took = format_duration(time.perf_counter_ns() - begin)
        state.hub.publish(LogLevel.INFO, f"Finished Cleaning ({took})")

    return work


class _Clean:
    """One run. Each removed file is one write transaction."""

    def __init__(self, state: ServerState, request: CleanRequest, progress: Progress) -> None:
        self._state = state
        self._request = request
        self._progress = progress

    def run(self) -> None:
        """Look at all files, then at the folders they were in."""
        self._log("Starting cleaning of tracked files")
        if self._request.is_dry_run:
            self._log("Running in Dry Mode")
        self._progress.set_indefinite()
        with self._state.database.read() as session:
            files = [row for row in session.query(_FILES) if self._is_asked_for(row[1])]
            folders = [row for row in session.query(_FOLDERS) if self._is_asked_for(row[1])]
        self._progress.set_total(len(files) + len(folders))
        for file_id, path, archive in files:
            self._check(file_id, path, archive or path, is_folder=False)
        for folder_id, path in folders:
            self._check(folder_id, path, path, is_folder=True)
        if self._progress.is_stopping:
            self._log("Stopping due to user request")

    def _is_asked_for(self, path: str) -> bool:
        wanted = self._request.paths
        return not wanted or any(path == root or path.startswith(root.rstrip("/") + "/") for root in wanted)

    def _check(self, row_id: int, path: str, path_on_disk: str, *, is_folder: bool) -> None:
        if self._progress.is_stopping:
            return
        kind = "folder" if is_folder else "file"
        with self._progress.task(f"Assessing {kind} {path} for clean"):
            if not os.path.lexists(path_on_disk):
                self._log(f'{kind.capitalize()} not found. Marking to clean: "{path}"')
                if not self._request.is_dry_run:
                    with self._state.database.write() as session:
                        (_remove_folder if is_folder else _remove_file)(session, row_id)
            self._progress.increment()

    def _log(self, message: str) -> None:
        self._state.hub.publish(LogLevel.INFO, message)


def _remove_file(session: Session, file_id: int) -> None:
    """Remove a file, and the scenes, images and galleries that have no other; another file becomes the primary one."""
    for table, links, owner in _OWNERS:
        owners = session.fetch(f"SELECT {owner} FROM {links} WHERE file_id = ?", (file_id,))  # noqa: S608 - names are ours
        for (owner_id,) in owners:
            other = session.fetch_one(
                f"SELECT file_id FROM {links} WHERE {owner} = ? AND file_id <> ? LIMIT 1",  # noqa: S608
                (owner_id, file_id),
            )
            session.change(f"DELETE FROM {links} WHERE {owner} = ? AND file_id = ?", (owner_id, file_id))  # noqa: S608
            if other is not None:
                _ensure_primary(session, links, owner, owner_id)
                continue
            if table == "scenes":  # markers are the one thing that does not go with its scene by itself
                session.change("DELETE FROM scene_markers WHERE scene_id = ?", (owner_id,))
            session.change(f"DELETE FROM {table} WHERE id = ?", (owner_id,))  # noqa: S608
    session.change("DELETE FROM folders WHERE zip_file_id = ?", (file_id,))  # those inside an archive
    session.change("DELETE FROM files WHERE id = ?", (file_id,))


def _ensure_primary(session: Session, links: str, owner: str, owner_id: int) -> None:
    """Make the first remaining file the primary one if the primary one is gone."""
    session.change(
        f'UPDATE {links} SET "primary" = 1 WHERE {owner} = ?1 '  # noqa: S608 - names are ours
        f"AND file_id = (SELECT MIN(file_id) FROM {links} WHERE {owner} = ?1) "
        f'AND NOT EXISTS (SELECT 1 FROM {links} WHERE {owner} = ?1 AND "primary" = 1)',
        (owner_id,),
    )


def _remove_folder(session: Session, folder_id: int) -> None:
    """Remove a folder unless something in it is still there (a clean limited to some paths)."""
    row = session.fetch_one("SELECT COUNT(*) FROM files WHERE parent_folder_id = ?", (folder_id,))
    if row is not None and row[0] == 0:
        session.change("DELETE FROM galleries WHERE folder_id = ?", (folder_id,))
        session.change("DELETE FROM folders WHERE id = ?", (folder_id,))
