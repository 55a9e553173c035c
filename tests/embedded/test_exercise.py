from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from stashbench.embedded.exercise import FLAVOURS


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def test_every_flavour_answers_the_same_each_time(embedded_server):
    server = embedded_server()
    for flavour in FLAVOURS:
        address = f"{server.url}/exercise/one/{flavour}/50"
        assert get(address) == get(address) == f"{FLAVOURS[flavour](50)}\n".encode()


@pytest.mark.parametrize("path", ["one/dance/50", "one/count/1000001"])
def test_what_there_is_not_is_not_found(embedded_server, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{embedded_server().url}/exercise/{path}")
