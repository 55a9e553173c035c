from __future__ import annotations

import msgspec
import pytest

from stashbench.errors import StoreError
from stashbench.model.selftest import SelfTest, Share
from stashbench.model.target import TargetKind
from stashbench.store.selftests import FILE_NAME, find_selftest, save_selftest

WHOLE = SelfTest(
    schema_version=1,
    taken_at="2026-11-23T12:00:00Z",
    fingerprint="f1",
    kernel="6.1",
    stashbench_version="0.1.0",
    target_kind=TargetKind.EMBEDDED,
    pairs=Share(count=0, total=6, share=0.0, low=0.0, high=0.39),
    pages=Share(count=0, total=200),
    suites=Share(count=0, total=6),
    coverage=Share(count=190, total=200),
    wanted_pair_count=6,
)


def test_the_newest_of_each_machine_is_kept(tmp_path):
    assert find_selftest(tmp_path, "f1") is None
    other = msgspec.structs.replace(WHOLE, fingerprint="f2")
    newer = msgspec.structs.replace(WHOLE, taken_at="2026-11-24T12:00:00Z")
    for item in (WHOLE, other, newer):
        assert save_selftest(tmp_path, item) == tmp_path / FILE_NAME
    assert find_selftest(tmp_path, "f1") == newer
    assert find_selftest(tmp_path, "f2") == other


def test_a_part_takes_no_place_of_a_whole_one_that_still_holds(tmp_path):
    part = msgspec.structs.replace(WHOLE, partial_reason="it was interrupted")
    save_selftest(tmp_path, part)
    save_selftest(tmp_path, WHOLE)
    assert save_selftest(tmp_path, part) is None
    assert find_selftest(tmp_path, "f1") == WHOLE
    after_an_upgrade = msgspec.structs.replace(part, kernel="6.2")
    assert save_selftest(tmp_path, after_an_upgrade) is not None
    assert find_selftest(tmp_path, "f1") == after_an_upgrade


@pytest.mark.parametrize("content", ["{", "[]", '{"schema_version": 1}', '{"schema_version": 99}', ""])
def test_a_damaged_or_newer_file_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / FILE_NAME
    path.write_text(content)
    for action in (lambda: find_selftest(tmp_path, "f1"), lambda: save_selftest(tmp_path, WHOLE)):
        with pytest.raises(StoreError, match=r"selftest\.json"):
            action()
    assert path.read_text() == content
