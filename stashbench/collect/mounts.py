"""The mount table of a process, out of Linux's /proc/PID/mountinfo. Standard library only: the sampler reads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

PROC = Path("/proc")
_PROC_LIMIT_BYTES = 8 << 20
_FIELDS_BEFORE_OPTIONAL = 6
_ESCAPES = (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\"))


class Mount(NamedTuple):
    """One mount: `root` is the part of the file system that is shown, at `point`; `device` is "major:minor"."""

    number: int
    device: str
    root: str
    point: str
    kind: str
    source: str


def parse_mounts(text: str) -> list[Mount]:
    """Parse mountinfo, in the order things were mounted; lines of another form are left out."""
    mounts = []
    for line in text.splitlines():
        fields = line.split(" ")
        if "-" not in fields[_FIELDS_BEFORE_OPTIONAL:] or not fields[0].isdecimal():
            continue
        at = fields.index("-", _FIELDS_BEFORE_OPTIONAL)
        if len(fields) < at + 3:
            continue
        mounts.append(
            Mount(
                number=int(fields[0]),
                device=fields[2],
                root=_unescape(fields[3]),
                point=_unescape(fields[4]),
                kind=fields[at + 1],
                source=_unescape(fields[at + 2]),
            )
        )
    return mounts


def read_mounts(pid: int | str = "self", proc: Path = PROC) -> list[Mount]:
    """Read the mount table a process sees; empty where it may not be read or there is none (not Linux)."""
    try:
        with (proc / str(pid) / "mountinfo").open("rb") as file:
            return parse_mounts(file.read(_PROC_LIMIT_BYTES).decode("utf-8", "surrogateescape"))
    except OSError:
        return []


def mount_of(path: str, mounts: Iterable[Mount], device: str = "") -> Mount | None:
    """Return the mount that holds an absolute, resolved path; of equal ones the latest, which hides the others.

    A `device` ("major:minor") decides before the path; btrfs subvolumes have numbers that appear in no mount line,
    hence the path as second sign.
    """
    best, longest = None, -1
    for mount in mounts:
        score = len(mount.point) + (1 << 16 if device and mount.device == device else 0)
        if PurePosixPath(path).is_relative_to(mount.point) and score >= longest:
            best, longest = mount, score
    return best


def same_place(path: str, there: Mount, ours: Iterable[Mount]) -> list[str]:
    """Return where a path below the mount `there` of another process may be seen through our own mounts.

    A bind mount shows the same part of a file system elsewhere. The caller must compare the files: mounts may hide one
    another.
    """
    inside = PurePosixPath(there.root) / PurePosixPath(path).relative_to(there.point)
    places = [
        str(PurePosixPath(mount.point) / inside.relative_to(mount.root))
        for mount in ours
        if mount.device == there.device and inside.is_relative_to(mount.root)
    ]
    return list(dict.fromkeys(places))


def _unescape(text: str) -> str:
    for code, character in _ESCAPES:
        text = text.replace(code, character)
    return text
