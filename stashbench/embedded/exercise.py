"""`/exercise/NAME/FLAVOUR/TURNS`: plain work of a known kind and size, to try methods of measuring on.

A page of a library runs through a hundred functions and half a megabyte of caches, which a busy machine disturbs. Here
what is done is small and always the same, as in the code that benchmarks of functions time. NAME is what a planted
slowdown goes by.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stashbench.embedded.state import ServerState

MOST_TURNS = 1_000_000
_NUMBERS = tuple((index * 7919) % 10_007 for index in range(400))
_ROW = {"id": 1, "title": "A scene of many", "tags": ["one", "two", "three"], "rating100": 80, "organized": False}
_NOT_FOUND = 404


def _count(turn_count: int) -> object:
    total = 0
    for turn in range(turn_count):
        total += turn * turn
    return total


def _text(turn_count: int) -> object:
    words = "a page of cards and their counts"
    length = 0
    for _ in range(turn_count):
        length += len(words.replace("card", "row").upper().split(" "))
    return length


def _encode(turn_count: int) -> object:
    return sum(len(json.dumps(_ROW)) for _ in range(turn_count))


def _sort(turn_count: int) -> object:
    return sum(len(sorted(_NUMBERS)) for _ in range(turn_count))


def _look_up(turn_count: int) -> object:
    index = {number: number + 1 for number in _NUMBERS}
    found = 0
    for turn in range(turn_count):
        found += index.get(turn % 10_007, 0)
    return found


FLAVOURS: dict[str, Callable[[int], object]] = {
    "count": _count,
    "text": _text,
    "encode": _encode,
    "sort": _sort,
    "look-up": _look_up,
}


def exercise_route(state: ServerState) -> Route:
    """Return the route; 404 for a flavour that is not there, or for more turns than would be plain work."""

    async def exercise(request: Request) -> Response:
        work = FLAVOURS.get(request.path_params["flavour"])
        turn_count = request.path_params["turns"]
        if work is None or turn_count > MOST_TURNS:
            return PlainTextResponse("there is no such exercise\n", status_code=_NOT_FOUND)
        state.faults.requests.before(frozenset({request.path_params["name"]}))
        return PlainTextResponse(f"{work(turn_count)}\n")

    return Route("/exercise/{name}/{flavour}/{turns:int}", exercise)
