from __future__ import annotations

import shutil
import subprocess
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.media_probe import ImageFacts, ProbeError, probe_image, probe_video
from stashbench.embedded.sample_media import mp4_bytes, png_bytes, write_sample_media


def test_sample_videos_are_read(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(mp4_bytes(90, 1280, 720, b"x" * 1000))
    facts = probe_video(path)
    assert (facts.duration_seconds, facts.width, facts.height, facts.frame_rate) == (90.0, 1280, 720, 25.0)
    assert (facts.video_codec, facts.audio_codec) == ("h264", "")


def test_sample_images_are_real_images(tmp_path):
    path = tmp_path / "photo.png"
    content = png_bytes(64, 48, (1, 2, 3))
    path.write_bytes(content)
    assert probe_image(path) == ImageFacts("png", 64, 48)
    start = content.index(b"IDAT") + 4
    pixels = zlib.decompress(content[start : content.index(b"IEND") - 8])
    assert len(pixels) == 48 * (1 + 64 * 3)


def test_equal_seeds_write_equal_files(tmp_path):
    for name in ("a", "b"):
        write_sample_media(tmp_path / name, seed=3)
    first, second = ({p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*.*")} for n in "ab")
    assert first == second
    assert len(first) == 36


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg to make a video of another hand")
def test_a_video_made_by_ffmpeg_is_read(tmp_path):
    path = tmp_path / "made.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=2:size=320x240:rate=10"]
    command += ["-f", "lavfi", "-i", "sine=duration=2", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True)
    facts = probe_video(path)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.1)
    assert (facts.width, facts.height, facts.video_codec, facts.audio_codec) == (320, 240, "h264", "aac")
    assert facts.frame_rate == pytest.approx(10.0)


def test_a_jpeg_is_read(tmp_path):
    path = tmp_path / "photo.jpg"
    segment = b"\xff\xe0\x00\x04ab"
    size = b"\xff\xc0\x00\x11\x08\x00\x30\x00\x40\x03" + bytes(9)
    path.write_bytes(b"\xff\xd8" + segment + size)
    assert probe_image(path) == ImageFacts("jpeg", 64, 48)


@given(content=st.binary(max_size=300), cut=st.integers(0, 400))
def test_damage_is_said_and_never_anything_else(content, cut, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damaged.mp4"
    for damaged in (content, mp4_bytes(5, 640, 480, b"")[:cut], b"\x00\x00\x00\x80ftyp" + content):
        path.write_bytes(damaged)
        try:
            probe_video(path)
        except ProbeError as error:
            assert str(path) in str(error)  # noqa: PT017 - either outcome is right, any other error is not
        with suppress(ProbeError):
            probe_image(path)
