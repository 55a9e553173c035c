from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from stashbench.report.visible import anchor, visible

TEXT = st.text(st.characters(exclude_categories=()))


@given(TEXT)
def test_visible_text_can_be_encoded_and_reorders_nothing(text):
    shown = visible(text)
    assert shown.encode().decode() == shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert visible(shown) == shown


def test_ordinary_text_of_any_script_is_left_alone():
    text = "Szene № 5, 映画 «נוף»\tund\nفيلم 🎬"
    assert visible(text) == text


@given(TEXT)
def test_anchors_are_plain_and_repeatable(identifier):
    made = anchor("f", identifier)
    assert re.fullmatch(r"f-[a-z0-9-]+", made)
    assert anchor("f", identifier) == made


@given(TEXT, TEXT)
def test_unlike_identifiers_get_unlike_anchors(one, other):
    assert (anchor("f", one) == anchor("f", other)) is (one == other)


def test_a_plain_identifier_is_its_own_anchor():
    assert anchor("f", "slow-page") == "f-slow-page"
