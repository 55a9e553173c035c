from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.target.managed.scratch import Scratch
from stashbench.target.managed.start_log import complaints, last_words, port_was_taken

# Lines as real servers wrote them.
HEALTHY = """time="2026-11-23 17:52:08" level=info msg="using config file: /tmp/x/config.yml"
time="2026-11-23 17:52:09" level=info msg="stash is listening on 127.0.0.1:9961"
time="2026-11-23 17:52:09" level=error msg="Couldn't retrieve latest version: Github API request failed: Get \\"https://\
api.github.com/repos/stashapp/stash/releases/latest\\": proxyconnect tcp: dial tcp 127.0.0.1:0: connect: refused"
time="2026-11-23 17:52:09" level=info msg="[InitHWSupport] Supported HW codecs [0]:\\n"
"""
UNHAPPY = """time="2026-11-23 17:52:16" level=warning msg="Couldn't find FFmpeg"
time="2026-11-23 17:52:16" level=warning msg="Couldn't find FFmpeg"
time="2026-11-23 17:52:16" level=error msg=short
"""
TAKEN = """time="2026-11-23 17:51:54" level=info msg="stash is running at http://127.0.0.1:9961/"
time="2026-11-23 17:51:54" level=error msg="http server error: listen tcp 127.0.0.1:9961: bind: address already in use"
"""
PANIC = """\x1b[36mINFO\x1b[0m[2026-11-23 17:51:54] stash is running at http://127.0.0.1:9961/
panic: listen tcp 127.0.0.1:9961: bind: address already in use

goroutine 38 [running]:
\t/src/cmd/stash/main.go:30 +0x3a
created by main.main in goroutine 1
\t/src/cmd/stash/main.go:27 +0x51
"""


@pytest.fixture
def scratch(tmp_path):
    return Scratch(tmp_path)


def test_a_healthy_start_has_no_complaints(scratch):
    scratch.log_file.write_text(HEALTHY)
    assert complaints(scratch.log_file) == ()


def test_each_complaint_is_told_once(scratch):
    scratch.log_file.write_text(HEALTHY + UNHAPPY)
    assert complaints(scratch.log_file) == ("Couldn't find FFmpeg", "short")


def test_a_log_that_is_not_there_complains_of_nothing(scratch):
    assert complaints(scratch.log_file) == ()
    assert last_words(scratch) == ""


def test_a_taken_port_shows_in_the_log_or_in_a_crash(scratch):
    assert not port_was_taken(scratch)
    scratch.log_file.write_text(TAKEN)
    assert port_was_taken(scratch)
    scratch.log_file.write_text(HEALTHY)
    assert not port_was_taken(scratch)
    scratch.output.write_text(PANIC)
    assert port_was_taken(scratch)


def test_the_last_words_are_an_error_a_crash_or_the_last_line(scratch):
    scratch.log_file.write_text(HEALTHY)
    assert last_words(scratch) == "[InitHWSupport] Supported HW codecs [0]:"
    scratch.output.write_text("\x1b[36mINFO\x1b[0m going on\n\n")
    assert last_words(scratch) == "INFO going on"
    scratch.output.write_text(PANIC)
    assert last_words(scratch) == "panic: listen tcp 127.0.0.1:9961: bind: address already in use"
    scratch.log_file.write_text(HEALTHY + UNHAPPY)
    assert last_words(scratch) == "short"


@given(content=st.binary(max_size=2000))
def test_any_bytes_can_be_read(tmp_path_factory, content):
    scratch = Scratch(tmp_path_factory.mktemp("home"))
    scratch.log_file.write_bytes(content)
    scratch.output.write_bytes(content)
    assert all("\n" not in line and len(line) <= 300 for line in complaints(scratch.log_file))
    assert isinstance(last_words(scratch), str)
