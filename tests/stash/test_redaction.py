from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.model.secret import MASK, Secret
from stashbench.stash.redaction import COOKIES_KEPT, SHORTEST_IN_ANSWERS, Redaction

LONG = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=SHORTEST_IN_ANSWERS, max_size=40)
WAYS = (
    lambda secret: secret,
    lambda secret: json.dumps(secret)[1:-1],
    lambda secret: quote(secret, safe=""),
    quote_plus,
    lambda secret: base64.b64encode(secret.encode()).decode(),
    lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
)


@given(LONG, st.sampled_from(WAYS), st.booleans())
def test_a_long_secret_is_masked_however_it_is_written(secret, way, is_cookie):
    redaction = Redaction() if is_cookie else Redaction(None, Secret(secret))
    if is_cookie:
        redaction.learn(Secret(secret))
    written = f"<{way(secret)}>"
    for said in (redaction.in_text(written), redaction.in_answer(written.encode()).decode()):
        assert MASK in said
        assert way(secret).rstrip("=") not in said.replace(MASK, "") or way(secret) in MASK


@given(st.text(max_size=200))
def test_what_holds_no_secret_stays(text):
    redaction = Redaction(Secret("\x00no such key\x00"), username=Secret("\x00nobody\x00"))
    assert redaction.in_text(text) == text
    assert redaction.in_answer(text.encode(errors="surrogatepass")) == text.encode(errors="surrogatepass")


def test_a_short_secret_is_masked_in_messages_only():
    redaction = Redaction(Secret("abc"))
    assert redaction.in_text("wrong: abc") == "wrong: ***"
    assert redaction.in_answer(b'{"title": "abc"}') == b'{"title": "abc"}'


@pytest.mark.parametrize("text", ["/home/librarian/x", r"C:\\Users\\librarian\\x", "librarians", "the-librarian-s"])
def test_a_user_name_within_a_path_or_a_word_is_somebody_elses(text):
    redaction = Redaction(username=Secret("librarian"))
    assert redaction.in_text(text) == text
    assert redaction.in_answer(text.encode()) == text.encode()


@pytest.mark.parametrize("text", ["{} is wrong", "user {}.", '"{}"', "({})", "{}"])
def test_a_user_name_that_stands_alone_is_masked(text):
    redaction = Redaction(username=Secret("librarian"))
    assert redaction.in_text(text.format("librarian")) == text.format("***")
    assert redaction.in_answer(text.format("librarian").encode()) == text.format("***").encode()
    short = Redaction(username=Secret("bob"))
    assert short.in_text(text.format("bob")) == text.format("***")
    assert short.in_answer(b'"bob"') == b'"bob"'


def test_old_cookies_are_forgotten():
    redaction = Redaction()
    for number in range(COOKIES_KEPT + 1):
        redaction.learn(Secret(f"cookie-number-{number}"))
    assert redaction.in_text("cookie-number-0 cookie-number-1") == "cookie-number-0 ***"


def test_a_secret_that_is_no_utf8_is_masked_too():
    redaction = Redaction(Secret("planted-\udcff-key"))
    assert redaction.in_answer(b"x planted-\xff-key y") == b"x *** y"


def test_its_representation_shows_nothing():
    redaction = Redaction(Secret("planted-key"), username=Secret("librarian"))
    parts = [redaction._fixed[0].forms, redaction._name, redaction]
    assert "planted" not in repr(parts)
    assert "librarian" not in repr(parts)
