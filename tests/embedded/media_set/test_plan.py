"""What each file will be: from seed and number alone, in the shares that the documentation states."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.media_set.ffmpeg import _encoders
from stashbench.embedded.media_set.forms import can_encode, choose
from stashbench.embedded.media_set.plan import BROKEN, Role, plan_items

ALL = frozenset({"libx264", "aac", "libvpx-vp9", "libopus", "mpeg4", "mjpeg", "png", "libwebp", "gif"})
ENCODERS = st.sampled_from(
    [ALL, frozenset({"mpeg4", "mjpeg"}), frozenset({"mpeg4", "mjpeg", "png", "aac"}), frozenset()]
)


@given(count=st.integers(1, 400), seed=st.integers(), encoders=ENCODERS)
def test_any_plan_holds_together(count, seed, encoders):
    items = plan_items(count, seed, encoders)
    assert items == plan_items(count, seed, encoders)
    assert [item.number for item in items] == list(range(count))
    assert len({item.path for item in items}) == count
    roles = Counter(item.role for item in items)
    for item in items:
        assert items[item.source].role is Role.ORDINARY
        assert not PurePosixPath(item.path).is_absolute()
        assert ".." not in PurePosixPath(item.path).parts
        assert item.form.needs <= encoders
        if item.role is Role.TRUNCATED:
            assert item.form.is_indexed_at_end
    if count >= 10:
        assert all(roles[role] for role in Role)
    for role, percent in ((Role.EXACT, 6), (Role.NEAR, 6), (Role.EMPTY, 2), (Role.TRUNCATED, 2), (Role.FOREIGN, 2)):
        assert abs(roles[role] - count * percent / 100) <= 1


def test_two_hundred_files_are_of_some_variety():
    items = plan_items(200, 1, ALL)
    endings = Counter(PurePosixPath(item.path).suffix for item in items)
    assert set(endings) == {".mp4", ".mkv", ".mov", ".webm", ".jpg", ".png", ".webp", ".gif"}
    assert len({PurePosixPath(item.path).parent for item in items}) > 10
    assert {item.seconds for item in items if item.form.kind == "video"} == {1, 2, 3, 4, 5, 6, 8, 10}
    assert sum(item.role in BROKEN for item in items) == 12
    assert plan_items(200, 2, ALL) != items


def test_an_encoder_that_is_missing_takes_only_its_forms_away():
    assert {form.ending for form in choose("video", ALL - {"libvpx-vp9"})} == {"mp4", "mkv", "mov"}
    assert {form.video for form in choose("video", frozenset({"mpeg4", "mjpeg"}))} == {"mpeg4"}
    assert {form.ending for form in choose("image", ALL - {"libwebp", "gif"})} == {"jpg", "png"}
    assert not can_encode(frozenset({"libx264"}))
    assert [form.video for form in choose("video", frozenset())] == [""]


def test_the_list_of_encoders_is_read():
    text = "Encoders:\n V..... = Video\n ------\n V....D libx264   H.264 (codec h264)\n A..... aac    AAC\n\n"
    assert _encoders(text) == {"libx264", "aac"}
    assert _encoders("nonsense") == frozenset()
