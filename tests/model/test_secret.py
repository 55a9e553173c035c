from __future__ import annotations

import copy
import json
import logging
import pickle

import msgspec
import pytest

from stashbench.model.secret import Secret

VALUE = "eyJhbGciOi.planted.key"


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        "{}".format,
        "{!r}".format,
        "{:>40}".format,
        lambda secret: f"{[secret]}",
    ],
)
def test_secret_never_shows_its_value(show):
    shown = show(Secret(VALUE))
    assert VALUE not in shown
    assert "***" in shown


def test_secret_is_masked_in_logs(caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("using %s", Secret(VALUE))
    assert VALUE not in caplog.text


def test_secret_reveals_on_request_and_compares_by_value():
    assert Secret(VALUE).reveal() == VALUE
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("other")
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1
    assert not Secret("")


@pytest.mark.parametrize("serialise", [msgspec.json.encode, json.dumps, pickle.dumps, copy.deepcopy])
def test_secret_cannot_be_serialised(serialise):
    with pytest.raises(TypeError) as caught:
        serialise(Secret(VALUE))
    assert VALUE not in str(caught.value)
