from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.probes.idle import _source
from stashbench.stash.log_stream import LogEntry


def source(message, level="Info"):
    return _source(LogEntry(0, level, message))


def test_the_origin_of_a_line_is_its_level_and_first_words():
    assert source("log flood: line 7") == "Info log flood: line"
    assert source("beginning transaction: database is locked", "Error") == "Error beginning transaction: database"


def test_paths_and_names_never_get_into_an_origin():
    assert source("Scanning /media/private/clip.mp4") == "Info Scanning"
    assert source('Creating "A secret title"') == "Info Creating"
    assert source("C:\\Users\\me\\clip.mp4 is gone") == "Info"


@given(st.text(alphabet="abc [].", max_size=30), st.text(max_size=30))
def test_nothing_from_a_path_on_is_kept(before, after):
    assert "Z" not in source(f"{before} /Z/{after}Z Z")
