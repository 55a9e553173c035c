from __future__ import annotations

import random
import subprocess
import sys

import msgspec

from stashbench.collect.process_clock import ProcessClock
from stashbench.compare.document import decide_all, pairs_of
from stashbench.compare.side import Side
from stashbench.config.target import TargetSettings
from stashbench.model.side_by_side import Block


def blocks(benchmark, ratio):
    chance = random.Random(benchmark)
    return [
        Block(
            benchmark=benchmark,
            side=side,
            stage=1,
            round=number,
            order=0,
            process=0,
            began_seconds=0.0,
            samples_ns=tuple(round(1e6 * factor * chance.uniform(1, 1.02)) for _ in range(8)),
        )
        for number in range(8)
        for side, factor in (("a", 1.0), ("b", ratio))
    ]


def test_a_page_that_was_given_up_moves_neither_the_bar_nor_the_whole_suite():
    good, broken = [*blocks(0, 1.0), *blocks(1, 1.0)], [*blocks(2, 9.0), *blocks(3, 9.0), *blocks(4, 9.0)]
    alone = decide_all(good, minimum_effect=1.05)
    assert decide_all([*good, *broken], minimum_effect=1.05, given_up={2, 3, 4}) == alone
    assert decide_all([*good, *broken], minimum_effect=1.05).time.suite.ratio > 2


def test_processor_time_is_not_known_once_the_process_that_was_watched_has_gone():
    side = Side("a", "A", "http://127.0.0.1:9", TargetSettings(url="http://127.0.0.1:9"))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        side.clock = ProcessClock(process.pid)
        assert not side.has_ended
        assert side.used_cpu_seconds() >= 0
    assert side.has_ended
    assert side.used_cpu_seconds() is None


def test_what_all_pages_share_is_a_process_only_where_each_met_enough_of_them():
    long, short = blocks(0, 1.0), [block for block in blocks(1, 1.0) if block.round < 4]
    renewed = [msgspec.structs.replace(block, process=block.round // 2) for block in [*long, *short]]
    pairs = pairs_of(renewed, lambda visits: [1.0] * len(visits))
    assert [pair.unit for pair in pairs[0]] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [pair.unit for pair in pairs[1]] == [0, 1, 2, 3]
    assert [pair.shared_unit for pair in pairs[0]] == list(range(8))
    assert [pair.shared_unit for pair in pairs[1]] == list(range(4))
    alone = pairs_of(renewed[: len(long)], lambda visits: [1.0] * len(visits))
    assert [pair.shared_unit for pair in alone[0]] == [0, 0, 1, 1, 2, 2, 3, 3]
