from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.errors import UsageError
from stashbench.target.managed.settings_file import _of_lines, read_settings

CONFIG = """\
---
# of a user's own
api_key: SECRET # not for us
database: /home/user/stash-go.sqlite
parallel_tasks: 3
max_session_age: 7200   # two hours
loglevel: "De\\u0062ug"
language: 'it''s'
preview_audio: true
ratio: -1.5
nothing: ~
custom: a # b
stash:
  - path: /media
    excludevideo: false
image_exclude: []
menu_items:
- scenes
"""


def test_plain_lines_are_read_and_the_rest_is_named(tmp_path):
    path = tmp_path / "config.yml"
    path.write_text(CONFIG)
    taken, left_out = read_settings(path, "--config-b")
    assert taken == {
        "parallel_tasks": 3,
        "max_session_age": 7200,
        "loglevel": "Debug",
        "language": "it's",
        "preview_audio": True,
        "ratio": -1.5,
        "nothing": None,
        "custom": "a",
    }
    assert left_out == ("api_key", "database", "image_exclude", "menu_items", "stash")


def test_json_is_read_too(tmp_path):
    path = tmp_path / "config.json"
    path.write_bytes(msgspec.json.encode({"parallel_tasks": 3, "stash": [{"path": "/media"}], "password": "x"}))
    assert read_settings(path, "--config-a") == ({"parallel_tasks": 3}, ("password", "stash"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just words", "neither a JSON object nor lines"),
        ("{broken", "neither a JSON object nor lines"),
        ('name: "open', "neither a JSON object nor lines"),
        ("api_key: hush\n", "no setting that a server we start may have"),
        ("", "no setting"),
        ("\xff", "neither a JSON object nor lines"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_in_one_sentence(tmp_path, text, said):
    path = tmp_path / "config.yml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=said) as caught:
        read_settings(path, "--config-b")
    assert "hush" not in str(caught.value)


def test_a_file_that_is_missing_or_far_too_large_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings(tmp_path / "none", "--config-b")
    path = tmp_path / "large"
    path.write_bytes(b"a: 1\n" * 300_000)
    with pytest.raises(UsageError, match="larger than 1 MiB"):
        read_settings(path, "--config-b")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        plain, nested = _of_lines(text)
    except (ValueError, msgspec.DecodeError):
        return
    assert not set(plain) & set(nested) or text.count(":") > 1


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True), st.booleans() | st.integers(), max_size=5))
def test_numbers_and_switches_come_back(values):
    text = "".join(f"{name}: {str(value).lower()}\n" for name, value in values.items())
    assert _of_lines(text) == (values, [])
