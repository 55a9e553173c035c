from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.oshash import CHUNK_BYTES, hash_file


def slow_hash(content: bytes) -> str:
    """The definition, word by word."""
    length = min(len(content) // 8 * 8, CHUNK_BYTES)
    total = len(content)
    for chunk in (content[:length], content[len(content) - length :]):
        total += sum(word for (word,) in struct.iter_unpack("<Q", chunk))
    return f"{total % 2**64:016x}"


@pytest.mark.parametrize("size", [9, 4096, 65535, 65536, 65543, 131072, 200_001])
def test_hash_is_size_plus_both_ends(tmp_path, size):
    content = bytes(index * index % 251 for index in range(size))
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    assert hash_file(path) == slow_hash(content)


def test_a_known_value(tmp_path):
    path = tmp_path / "zeros.mp4"
    path.write_bytes(bytes(131_072))
    assert hash_file(path) == "0000000000020000"


def test_the_middle_does_not_count_and_the_ends_do(tmp_path):
    path = tmp_path / "video.mp4"
    hashes = []
    for changed in (None, 100_000, 10, 199_990):
        content = bytearray(200_000)
        if changed is not None:
            content[changed] = 1
        path.write_bytes(content)
        hashes.append(hash_file(path))
    untouched, middle, head, tail = hashes
    assert untouched == middle
    assert len({untouched, head, tail}) == 3


def test_a_tiny_file_has_no_hash(tmp_path):
    path = tmp_path / "tiny.mp4"
    path.write_bytes(b"12345678")
    with pytest.raises(ValueError, match="8 bytes"):
        hash_file(path)


@given(content=st.binary(min_size=9, max_size=200))
def test_any_small_content(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.mp4"
    path.write_bytes(content)
    assert hash_file(path) == slow_hash(content)
