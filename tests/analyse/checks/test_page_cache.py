from __future__ import annotations

from stashbench.analyse.checks.page_cache import PageReads, rereads
from stashbench.model.finding import Outcome

SIZE = 40 * 2**20


def reads(times, page="scenes by path"):
    return PageReads(page=page, view_count=4, logical_read_bytes=int(4 * times * SIZE))


def test_the_worst_page_is_weighed_against_the_database():
    observation = rereads([reads(0.2), reads(4.5, "tags with counts")], SIZE)
    assert observation.value == 4.5
    assert "tags with counts" in observation.message
    assert len(observation.fact("pages")) == 2
    assert rereads([reads(0.0)], SIZE).value == 0.0


def test_what_cannot_be_counted_is_not_judged():
    unread = PageReads(page="p", view_count=4, logical_read_bytes=None)
    assert rereads([unread], SIZE).outcome is Outcome.NOT_MEASURED
    assert rereads([reads(1.0)], 0).outcome is Outcome.NOT_MEASURED
