"""A folder of media holds what its summary says: readable files, copies, broken ones; equal seeds give equal bytes."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from stashbench.embedded.media_set import make_media
from stashbench.embedded.media_set.ffmpeg import find_ffmpeg
from stashbench.embedded.media_set.make import NO_FFMPEG
from stashbench.embedded.media_set.place import MARKER
from stashbench.embedded.media_set.plan import Role, plan_items
from stashbench.errors import LibraryError

FILES = 30
VIDEO_ENDINGS = {".mp4", ".mkv", ".mov", ".webm"}


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files_of(folder)}


def probe(path: Path):
    """Return what ffprobe says of a file as a scanner asks it, or None where it cannot read it."""
    command = ["ffprobe", "-v", "quiet", "-print_format", "json", "-show_format", "-show_streams", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


@pytest.fixture(scope="module")
def answers(made):
    """What ffprobe says of each file that is not empty."""
    paths = [path for path in files_of(made[0]) if path.stat().st_size]
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(paths, pool.map(probe, paths), strict=True))


def test_the_summary_counts_what_is_on_the_disk(made):
    folder, summary = made
    files = files_of(folder)
    assert summary.file_count == FILES == len(files)
    assert summary.total_bytes == sum(path.stat().st_size for path in files)
    assert summary.count_by_ending == Counter(path.suffix[1:] for path in files)
    assert summary.empty_count == sum(path.stat().st_size == 0 for path in files)
    assert summary.remark == ""
    assert json.loads(summary.to_json())["broken_count"] == summary.broken_count == 3


def test_a_scanner_can_read_all_but_the_broken_ones(made, answers):
    _, summary = made
    unreadable = [path for path, answer in answers.items() if answer is None]
    assert len(unreadable) == summary.truncated_count + summary.foreign_count
    videos = [path for path, answer in answers.items() if answer and path.suffix in VIDEO_ENDINGS]
    images = [path for path, answer in answers.items() if answer and path.suffix not in VIDEO_ENDINGS]
    for paths, count, size in (
        (videos, summary.scene_count, summary.scenes_bytes),
        (images, summary.image_count, summary.images_bytes),
    ):
        assert len({hashlib.sha256(path.read_bytes()).digest() for path in paths}) == count
        assert sum(path.stat().st_size for path in paths) == size
    assert len(videos) + len(images) == summary.scene_count + summary.image_count + summary.exact_duplicate_count


def test_a_videos_length_size_and_codec_are_those_of_the_plan(made, answers):
    folder, _ = made
    for item in plan_items(FILES, 1, find_ffmpeg().encoders):
        if item.role is Role.ORDINARY and item.form.kind == "video":
            answer = answers[folder / item.path]
            assert abs(float(answer["format"]["duration"]) - item.seconds) < 0.15
            picture = next(stream for stream in answer["streams"] if stream["codec_type"] == "video")
            assert (picture["width"], picture["height"]) == (item.form.width, item.form.height)
            sound = [stream for stream in answer["streams"] if stream["codec_type"] == "audio"]
            assert bool(sound) == bool(item.form.audio)


def test_near_duplicates_show_the_same_picture(made):
    folder, _ = made
    items = plan_items(FILES, 1, find_ffmpeg().encoders)

    @cache  # each is looked at several times, and a look is a process
    def look(item):
        command = ["ffmpeg", "-v", "quiet", "-i", str(folder / item.path), "-frames:v", "1"]
        done = subprocess.run(
            [*command, "-vf", "scale=8:6", "-pix_fmt", "gray", "-f", "rawvideo", "-"], capture_output=True, check=True
        )
        return done.stdout

    def distance(one, other):
        return sum(abs(a - b) for a, b in zip(look(one), look(other), strict=True)) / 48

    near = [item for item in items if item.role is Role.NEAR]
    assert near
    for item in near:
        assert distance(item, items[item.source]) < 8
        assert (folder / item.path).read_bytes() != (folder / items[item.source].path).read_bytes()
    others = [item for item in items if item.role is Role.ORDINARY][:4]
    assert all(distance(one, other) > 12 for one in others for other in others if one is not other)


@pytest.mark.slow
def test_equal_seeds_give_equal_bytes_and_others_do_not(made, tmp_path):
    folder, summary = made
    assert make_media(tmp_path / "again", file_count=FILES, seed=1) == summary
    assert digests(tmp_path / "again") == digests(folder)
    times = {path.relative_to(folder): path.stat().st_mtime for path in files_of(folder)}
    assert {
        path.relative_to(tmp_path / "again"): path.stat().st_mtime for path in files_of(tmp_path / "again")
    } == times


@pytest.mark.slow
def test_more_than_one_source_holds_is_cut_from_it_again(has_ffmpeg, monkeypatch, tmp_path):
    monkeypatch.setattr("stashbench.embedded.media_set.videos.LONGEST_SOURCE_SECONDS", 12)
    summary = make_media(tmp_path / "set", file_count=24, seed=3)
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.iterdir()) == [Path("set")]
    readable = [path for path in files_of(tmp_path / "set") if path.suffix in VIDEO_ENDINGS and probe(path)]
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in readable}) == summary.scene_count


@pytest.mark.usefixtures("without_ffmpeg")
def test_without_ffmpeg_plain_files_are_made_and_it_says_so(tmp_path):
    steps = []
    summary = make_media(tmp_path / "a", file_count=FILES, seed=1, progress=lambda *step: steps.append(step))
    assert summary.remark == NO_FFMPEG
    assert set(summary.count_by_ending) <= {"mp4", "png", "mkv", "webm", "mov", "jpg"}
    assert summary.broken_count == 3
    assert steps == [(done, FILES) for done in range(FILES + 1)]
    assert make_media(tmp_path / "b", file_count=FILES, seed=1) == summary
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    distinct = set(digests(tmp_path / "a").values())
    empty_and_copies = max(0, summary.empty_count - 1) + summary.exact_duplicate_count
    assert len(distinct) == FILES - empty_and_copies


def test_an_ffmpeg_that_fails_is_quoted(monkeypatch, tmp_path):
    program = tmp_path / "ffmpeg"
    lines = (
        "#!/bin/sh",
        'case "$*" in *-encoders*) printf " ------\\n V..... mpeg4 x\\n V..... mjpeg x\\n"; exit 0;; esac',
        'echo "no space on\x1b[31m device" >&2; exit 7',
    )
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    monkeypatch.setattr("stashbench.embedded.media_set.ffmpeg.shutil.which", lambda _name: str(program))
    with pytest.raises(LibraryError, match=r"failed with status 7 and said: no space on.* device"):
        make_media(tmp_path / "set", file_count=20, seed=1)
    assert not (tmp_path / "set").exists()


def test_an_ffmpeg_that_does_not_start_is_none(monkeypatch, tmp_path):
    program = tmp_path / "ffmpeg"
    program.write_text("no program")
    program.chmod(0o755)
    monkeypatch.setattr("stashbench.embedded.media_set.ffmpeg.shutil.which", lambda _name: str(program))
    assert find_ffmpeg() is None
    assert make_media(tmp_path / "set", file_count=5, seed=1).remark == NO_FFMPEG


@pytest.mark.parametrize("count", [1, 2, 9, 10])
def test_the_smallest_sets(has_ffmpeg, tmp_path, count):
    summary = make_media(tmp_path / "set", file_count=count, seed=1)
    assert summary.file_count == count == len(files_of(tmp_path / "set"))
    assert summary.scene_count >= 1


def test_no_files_are_no_set(tmp_path):
    with pytest.raises(LibraryError, match="cannot have 0 files"):
        make_media(tmp_path / "set", file_count=0, seed=1)
