"""The job behind `metadataScan`: walk the media folders, hash and probe what is new, write its rows."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.embedded.duration import format_duration
from stashbench.embedded.jobs import scan_rows
from stashbench.embedded.jobs.walk import FoundFile, walk_files
from stashbench.embedded.loghub import LogLevel
from stashbench.embedded.media_probe import ProbeError, probe_image, probe_video
from stashbench.embedded.oshash import hash_file

if TYPE_CHECKING:
    from stashbench.embedded.database import Session
    from stashbench.embedded.jobs.manager import Work
    from stashbench.embedded.jobs.progress import Progress
    from stashbench.embedded.state import ServerState


@dataclass(frozen=True)
class ScanRequest:
    """What to scan: no paths means all media folders; files last changed before the time (RFC 3339) are left out."""

    paths: tuple[str, ...] = ()
    is_rescan: bool = False
    minimum_modification_time: str | None = None


def scan_work(state: ServerState, request: ScanRequest) -> Work:
    """Return the work of the job."""

    def work(progress: Progress) -> None:
        begin = time.perf_counter_ns()
        _Scan(state, request, progress).run()
        state.hub.publish(LogLevel.INFO, f"Scan finished ({format_duration(time.perf_counter_ns() - begin)})")
        state.scan_completed.send(None)

    return work


class _Scan:
    """One scan. Each file is one write transaction, so that a stopped scan leaves whole files."""

    def __init__(self, state: ServerState, request: ScanRequest, progress: Progress) -> None:
        self._state = state
        self._request = request
        self._progress = progress
        general = state.configuration
        self._roots = [Path(stash["path"]) for stash in general["stashes"]]
        self._videos = frozenset(general["videoExtensions"])
        self._images = frozenset(general["imageExtensions"])

    def run(self) -> None:
        """Count first (progress unknown), then take file by file."""
        paths = [Path(path) for path in self._request.paths] or self._roots
        self._log(f"scanning {len(paths)} paths")
        self._progress.set_indefinite()
        with self._progress.task("Walking directory tree"):
            roots = [path for path in paths if self._root_of(path)]
            files = list(walk_files(roots, self._videos | self._images, self._log_missing))
        self._log(f"Finished adding files to queue. {len(files)} files queued")
        self._progress.set_total(len(files))
        for found in files:
            if self._progress.is_stopping:
                self._log("Stopping due to user request")
                return
            with self._progress.task(f"Scanning {found.path}"):
                self._take(found)
                self._progress.increment()

    def _root_of(self, path: Path) -> Path | None:
        """Return the media folder a path lies in; others are not scanned, as in Stash."""
        return next((root for root in self._roots if path.is_relative_to(root)), None)

    def _take(self, found: FoundFile) -> None:
        """Bring one file into the database; a file that cannot be read is logged and does not end the scan."""
        oldest = self._request.minimum_modification_time
        if oldest is not None and found.modified_at < oldest:
            return
        try:
            with self._state.database.write() as session:
                self._store(session, found)
        except (ProbeError, ValueError, OSError) as error:
            self._state.hub.publish(LogLevel.ERROR, f'error processing "{found.path}": {error}')

    def _store(self, session: Session, found: FoundFile) -> None:
        root = self._root_of(found.path)
        assert root is not None
        parent_id, made = scan_rows.folder_id(session, found.path.parent, root)
        for folder in made:
            self._log(f"{folder} doesn't exist. Creating new folder entry...")
        known = scan_rows.known_file(session, parent_id, found.path.name)
        if known is not None:
            file_id, size_bytes, modified_at = known
            if (size_bytes, modified_at) == (found.size_bytes, found.modified_at) and not self._request.is_rescan:
                return
            self._update(session, file_id, found)
        else:
            self._create(session, found, parent_id)

    def _fingerprints(self, found: FoundFile) -> dict[str, str]:
        """Hash one file: videos by their ends (and wholly if so configured), images wholly."""
        self._log(f"Calculating fingerprints for {found.path} ...")
        fingerprints = {"oshash": hash_file(found.path)} if self._is_video(found) else {}
        if not fingerprints or self._state.configuration["calculateMD5"]:
            with found.path.open("rb") as file:
                fingerprints["md5"] = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        return fingerprints

    def _update(self, session: Session, file_id: int, found: FoundFile) -> None:
        session.change(
            "UPDATE `files` SET `mod_time`=?,`size`=? WHERE (`files`.`id` = ?)",
            (found.modified_at, found.size_bytes, file_id),
        )
        scan_rows.replace_fingerprints(session, file_id, self._fingerprints(found))

    def _create(self, session: Session, found: FoundFile, parent_id: int) -> None:
        fingerprints = self._fingerprints(found)
        if self._is_video(found):
            video = probe_video(found.path)
            file_id = scan_rows.insert_file(session, found, parent_id)
            scan_rows.insert_video(session, file_id, found, video)
            names = ("scenes", "scenes_files", "scene_id", "oshash")
        else:
            image = probe_image(found.path)
            file_id = scan_rows.insert_file(session, found, parent_id)
            scan_rows.insert_image(session, file_id, image)
            names = ("images", "images_files", "image_id", "md5")
        table, links, owner, kind = names
        owner_id = scan_rows.owner_of_fingerprint(session, links, owner, kind, fingerprints[kind])
        is_new = owner_id is None
        if owner_id is None:
            self._log(f"{found.path} doesn't exist. Creating new {table[:-1]}...")
            owner_id = scan_rows.insert_owner(session, table)
        else:
            self._log(f"Adding {found.path} to {table[:-1]} {owner_id}")
        scan_rows.replace_fingerprints(session, file_id, fingerprints)
        scan_rows.link_file(session, links, owner, owner_id, file_id, is_primary=is_new)

    def _is_video(self, found: FoundFile) -> bool:
        return found.path.suffix[1:].lower() in self._videos

    def _log_missing(self, root: Path) -> None:
        """Say that there is nothing to scan; the job goes on and ends well, as in Stash."""
        message = f"error scanning {root}: lstat {root}: no such file or directory"
        self._state.hub.publish(LogLevel.ERROR, message)

    def _log(self, message: str) -> None:
        self._state.hub.publish(LogLevel.INFO, message)
