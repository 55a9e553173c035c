"""The duplicate checker: equal perceptual hashes by SQL, near ones by comparing all hashes."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stashbench.embedded.sql.select import Statement

_HASH_BITS = 64
_WORD = (1 << _HASH_BITS) - 1

_FROM_HASHED_FILES = (
    "FROM scenes INNER JOIN scenes_files ON scenes.id = scenes_files.scene_id "
    "INNER JOIN files ON scenes_files.file_id = files.id "
    "INNER JOIN files_fingerprints ON scenes_files.file_id = files_fingerprints.file_id "
    "AND files_fingerprints.type = 'phash' INNER JOIN video_files ON files.id = video_files.file_id"
)


@dataclass(frozen=True, slots=True)
class HashedFile:
    """One file with a perceptual hash: the scene it belongs to, the hash as unsigned 64 bits, its length in seconds."""

    scene_id: int
    phash: int
    duration_seconds: float


def exact_statement(duration_difference_seconds: float) -> Statement:
    """Comma-separated scene ids of each group with one hash, largest first; a negative difference allows any."""
    hashed = (
        "SELECT scenes.id AS scene_id, files.size AS file_size, files_fingerprints.fingerprint AS phash, "
        "abs(max(video_files.duration) OVER (PARTITION BY files_fingerprints.fingerprint) - video_files.duration) "
        f"AS difference {_FROM_HASHED_FILES}"
    )
    return (
        (
            f"SELECT GROUP_CONCAT(DISTINCT scene_id) AS ids FROM ({hashed}) WHERE difference <= ?1 OR ?1 < 0 "
            "GROUP BY phash HAVING COUNT(phash) > 1 AND COUNT(DISTINCT scene_id) > 1 ORDER BY SUM(file_size) DESC"
        ),
        (duration_difference_seconds,),
    )


def hashes_statement() -> Statement:
    """(scene, hash, duration) of all files, largest first."""
    columns = "scenes.id AS id, files_fingerprints.fingerprint AS phash, video_files.duration AS duration"
    return f"SELECT {columns} {_FROM_HASHED_FILES} ORDER BY files.size DESC", ()


def hashed_files(rows: Iterable[Sequence[int | float]]) -> list[HashedFile]:
    """Rows of `hashes_statement` with the signed hashes of the database made unsigned."""
    return [HashedFile(int(row[0]), int(row[1]) & _WORD, float(row[2])) for row in rows]


def near_groups(
    files: Sequence[HashedFile], distance: int, duration_difference_seconds: float = -1.0
) -> list[list[int]]:
    """Scene ids in groups: files chained by hashes that differ in at most `distance` bits, in order of discovery.

    Two neighbours must also be of equal length but for the difference, unless that is negative. Groups are closed
    under nearness, as Stash's are: the first and the last of a chain may differ in more bits. Groups of one scene
    with several near files are left out.
    """
    neighbours = _neighbours(files, distance, duration_difference_seconds)
    is_taken = [False] * len(files)
    groups = []
    for start in range(len(files)):
        if is_taken[start] or not neighbours[start]:
            continue
        scenes: dict[int, None] = {}  # in order of discovery
        waiting = [start]
        while waiting:
            position = waiting.pop()
            if not is_taken[position]:
                is_taken[position] = True
                scenes[files[position].scene_id] = None
                waiting.extend(reversed(neighbours[position]))
        if len(scenes) > 1:
            groups.append(list(scenes))
    return groups


def _neighbours(files: Sequence[HashedFile], distance: int, difference_seconds: float) -> list[list[int]]:
    """For each file the positions of all others near enough, in order.

    Two hashes that differ in at most d bits agree in at least one of d + 1 parts, so only files that share a part are
    compared: the same answer as comparing all pairs, in a fraction of the time.
    """
    found: list[set[int]] = [set() for _ in files]
    for shift, width in _parts(distance + 1):
        mask = (1 << width) - 1
        buckets: dict[int, list[int]] = defaultdict(list)
        for position, file in enumerate(files):
            buckets[file.phash >> shift & mask].append(position)
        for bucket in buckets.values():
            _compare_all(files, bucket, distance, found)
    if difference_seconds < 0:
        return [sorted(near) for near in found]
    return [
        sorted(
            other for other in near if abs(file.duration_seconds - files[other].duration_seconds) <= difference_seconds
        )
        for file, near in zip(files, found, strict=True)
    ]


def _compare_all(files: Sequence[HashedFile], bucket: Sequence[int], distance: int, found: list[set[int]]) -> None:
    for index, one in enumerate(bucket):
        phash = files[one].phash
        for other in bucket[index + 1 :]:
            if (phash ^ files[other].phash).bit_count() <= distance:
                found[one].add(other)
                found[other].add(one)


def _parts(count: int) -> list[tuple[int, int]]:
    """(shift, width) of `count` parts of the hash, as equal as they can be; at most one part per bit."""
    count = max(1, min(count, _HASH_BITS))
    edges = [_HASH_BITS * number // count for number in range(count + 1)]
    return [(start, end - start) for start, end in pairwise(edges)]
