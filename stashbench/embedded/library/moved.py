"""What one release keeps in a column of the thing itself and another in rows of a table of its own.

Rows are made in the newer form; here the older form is made from the same rows, so that both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from stashbench.embedded.library import groups, history, images, people, taxonomy
from stashbench.embedded.library.passes import Rows
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.saved_filters import filters

_Source = Callable[[Plan], Rows]
Values = Iterator[tuple[int, Any]]
"""(id of the thing, value), by ascending id; things without one are left out."""


class Moved(NamedTuple):
    """A column that is filled from other rows; `missing` is the value of things that have none there."""

    values: Callable[[Plan], Values]
    source: str
    """Table, or columns, in which a newer release keeps the same."""
    missing: Any = None


def _grouped(source: _Source, merge: Callable[[list[Any]], Any]) -> Callable[[Plan], Values]:
    """Give one value for each thing: merged from what stands last in its rows."""
    return lambda plan: (
        (owner, merge([row[-1] for row in rows])) for owner, rows in groupby(source(plan), key=itemgetter(0))
    )


def _address(source: _Source, table: str, position: int = 0) -> Moved:
    """Take the address that stands at one position of a thing's list."""
    return Moved(lambda plan: ((owner, url) for owner, place, url in source(plan) if place == position), table)


def _saved_filter_texts(plan: Plan) -> Values:
    """Give saved filters in one text, as the web interface wrote them before schema 49."""
    for filter_id, (_, _, sort, criteria) in enumerate(filters(plan), start=1):
        texts = [json.dumps({"type": _OLD_CRITERIA.get(name, name), **_old(rule)}) for name, rule in criteria.items()]
        yield filter_id, json.dumps({"perPage": 40, "sortby": sort, "sortdir": "desc", "disp": 0, "z": 1, "c": texts})


_OLD_CRITERIA = {"filter_favorites": "favorite", "is_missing": "imageIsMissing"}


def _old(rule: dict[str, Any] | str) -> dict[str, Any]:
    """Give modifier and value of one criterion; a bare text is a value that must be equal."""
    return rule if isinstance(rule, dict) else {"modifier": "EQUALS", "value": rule}


MOVED: dict[tuple[str, str], Moved] = {
    ("scenes", "play_count"): Moved(_grouped(history.scenes_view_dates, len), "scenes_view_dates", missing=0),
    ("scenes", "last_played_at"): Moved(_grouped(history.scenes_view_dates, max), "scenes_view_dates"),
    ("scenes", "o_counter"): Moved(_grouped(history.scenes_o_dates, len), "scenes_o_dates", missing=0),
    ("performers", "url"): _address(people.performer_urls, "performer_urls"),
    ("performers", "twitter"): _address(people.performer_urls, "performer_urls", 1),
    ("studios", "url"): _address(taxonomy.studio_urls, "studio_urls"),
    ("groups", "url"): _address(groups.group_urls, "group_urls"),
    ("galleries", "url"): _address(images.gallery_urls, "gallery_urls"),
    ("images", "url"): _address(images.image_urls, "image_urls"),
    ("saved_filters", "filter"): Moved(_saved_filter_texts, "saved_filters"),
}
"""By table and column, both by the generator's own names."""


def with_value(rows: Rows, moved: Moved, plan: Plan) -> Rows:
    """Add the moved value at the end of each row; rows begin with the id and come by ascending id."""
    values, nothing = moved.values(plan), (0, None)
    owner, value = next(values, nothing)
    for row in rows:
        if row[0] == owner:
            yield (*row, value)
            owner, value = next(values, nothing)
        else:
            yield (*row, moved.missing)
