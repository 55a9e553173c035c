from __future__ import annotations

from stashbench.analyse.checks.page_cache import rereads
from stashbench.model.finding import Outcome


def test_reads_are_weighed_against_the_database():
    assert rereads(4 * 160 * 2**20, 4, 40 * 2**20).value == 4.0
    assert rereads(2000, 4, 40 * 2**20).value < 0.001


def test_what_cannot_be_counted_is_not_judged():
    assert rereads(None, 4, 1000).outcome is Outcome.NOT_MEASURED
    assert rereads(100, 4, None).outcome is Outcome.NOT_MEASURED
