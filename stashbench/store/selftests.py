"""Self-tests of machines in one small file, by fingerprint: the newest of each machine is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec

from stashbench.errors import StoreError
from stashbench.model.selftest import SELFTEST_VERSION, SelfTest
from stashbench.store.atomic import write_atomically
from stashbench.store.results import check_version

FILE_NAME = "selftest.json"


class _File(msgspec.Struct):
    schema_version: int
    by_fingerprint: dict[str, SelfTest]


def save_selftest(directory: Path, selftest: SelfTest) -> Path | None:
    """Keep a self-test in place of an older one of the same machine; return the file's path.

    One that was broken off takes no place of a whole one that still holds: None is returned then.

    Raises:
        StoreError: the file is not ours or damaged, or cannot be written; it is untouched then.
    """
    path = directory / FILE_NAME
    known = _read(path)
    older = known.get(selftest.fingerprint)
    if older is not None and selftest.partial_reason and not older.partial_reason and _is_alike(older, selftest):
        return None
    known[selftest.fingerprint] = selftest
    content = msgspec.json.encode(_File(schema_version=SELFTEST_VERSION, by_fingerprint=known), order="sorted")
    write_atomically(path, msgspec.json.format(content, indent=1) + b"\n")
    return path


def find_selftest(directory: Path, fingerprint: str) -> SelfTest | None:
    """Return the self-test of a machine, None where there is none.

    Raises:
        StoreError: the file is damaged or newer than this program.
    """
    return _read(directory / FILE_NAME).get(fingerprint)


def _is_alike(one: SelfTest, other: SelfTest) -> bool:
    return (one.kernel, one.stashbench_version) == (other.kernel, other.stashbench_version)


def _read(path: Path) -> dict[str, SelfTest]:
    if not path.exists():
        return {}
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"Cannot read the self-tests in {path}: {error.strerror}; check its permissions."
        raise StoreError(message) from error
    check_version(content, path, SELFTEST_VERSION, "self-test")
    try:
        return msgspec.json.decode(content, type=_File).by_fingerprint
    except msgspec.DecodeError as error:
        message = f"{path} holds no self-tests of ours ({error}); remove it and run `stashbench selftest` again."
        raise StoreError(message) from error
