"""What a real server logged, replayed as lossy, shuffled and shared as logs can be: counts are right or say so."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.stash.attribution import CLOCK, LOST, Run, attribute, foreign_times
from stashbench.stash.beats import BEAT_SECONDS
from stashbench.stash.log_line import parse_statement
from stashbench.stash.statement_stream import Intake

RECORDING = Path(__file__).parent.parent / "data" / "recordings" / "stash-v0.22.1-statements-small.jsonl"
ENTRIES = [json.loads(line) for line in RECORDING.read_text().splitlines()]
MILLISECOND = 10**6
SECOND = 10**9
BEAT_NS = int(BEAT_SECONDS * SECOND)
MARK_LINES = (
    "SQL [9µs]: SELECT COUNT(*) FROM tags, args: [%{0}%]",
    "SQL [8µs]: SELECT id FROM tags, args: [%{0}% %{0}%]",
)
FOREIGN = "SQL [1ms]: SELECT secret FROM others WHERE a = ?, args: [My Private Film]"
OTHER_LINE = "Scan finished (1.2s)"


class Server:
    """Writes a log on a clock of its own: requests between marks, as the recorder makes them."""

    def __init__(self):
        self.intake = Intake()
        self.now_ns = 1_700_000_000 * SECOND
        self.lines = []
        self.runs = []
        self.truth = []
        self.foreign = []

    def log(self, message, after_ns=MILLISECOND // 10):
        self.now_ns += after_ns
        self.lines.append((self.now_ns, message))

    def mark(self):
        word = self.intake.new_mark()
        for line in MARK_LINES:
            self.log(line.format(word))
        return word

    def request(self, messages, seconds, others=0):
        begin, beats = self.mark(), []
        started_ns = beat_ns = self.now_ns
        ended_ns = started_ns + int(seconds * SECOND)
        step_ns = (ended_ns - started_ns) // (len(messages) + 1)
        due = [(started_ns + step_ns * number, message) for number, message in enumerate(messages, start=1)]
        while due or beat_ns + BEAT_NS < ended_ns:
            if due and due[0][0] <= beat_ns + BEAT_NS:
                when, message = due.pop(0)
                self.now_ns = max(self.now_ns, when)
                self.log(message, 1)
            else:
                beat_ns += BEAT_NS
                self.now_ns = max(self.now_ns, beat_ns)
                beats.append(self.mark())
        for _ in range(others):
            self.foreigner()
        self.now_ns = max(self.now_ns, ended_ns)
        self.runs.append(Run(begin, self.mark(), seconds, beats=tuple(beats)))
        self.truth.append(Counter(parse_statement(message).shape for message in messages))

    def foreigner(self):
        self.log(FOREIGN)
        self.foreign.append(self.now_ns)

    def batches(self):
        """Cut the log as Stash does: a line after a silent second goes at once, others wait for the second to end."""
        found, sent_ns, waiting = [], -SECOND, []
        for time_ns, message in self.lines:
            if waiting and time_ns > sent_ns + SECOND:
                found.append(waiting)
                sent_ns, waiting = sent_ns + SECOND, []
            if not waiting and time_ns >= sent_ns + SECOND:
                found.append([(time_ns, message)])
                sent_ns = time_ns
            else:
                waiting.append((time_ns, message))
        return [*found, waiting] if waiting else found

    def deliver(self, batches):
        for batch in batches:
            for time_ns, message in batch:
                self.intake.take(time_ns, message)
        return attribute(self.intake.marks, self.intake.executions, self.runs)


def counts(attribution):
    return Counter(statement.shape for statement in attribution.statements)


PAGES = st.lists(st.tuples(st.sampled_from(ENTRIES), st.floats(0.001, 4.0), st.booleans()), min_size=1, max_size=6)


def play(pages):
    server = Server()
    server.mark()
    for entry, seconds, has_pause in pages:
        server.request(entry["log"], seconds)
        if has_pause:
            server.log(OTHER_LINE, int(1.7 * SECOND))
    return server


@settings(deadline=None, max_examples=30)
@given(PAGES, st.randoms(use_true_random=False))
def test_in_any_order_each_request_gets_its_own_statements(pages, chance):
    server = play(pages)
    batches = server.batches()
    for batch in batches:
        chance.shuffle(batch)
    chance.shuffle(batches)
    for attribution, truth in zip(server.deliver(batches), server.truth, strict=True):
        assert counts(attribution) == truth
        assert attribution.is_clean


@settings(deadline=None, max_examples=40)
@given(PAGES, st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_lost_batch_never_makes_a_wrong_count_look_right(pages, chance, losses):
    server = play(pages)
    batches = server.batches()
    for _ in range(min(losses, len(batches) - 1)):
        batches.pop(chance.randrange(len(batches)))
    for attribution, truth in zip(server.deliver(batches), server.truth, strict=True):
        if attribution.is_clean:
            assert counts(attribution) == truth
        elif attribution.statements is not None:
            assert counts(attribution) <= truth
        else:
            assert attribution.reason == LOST


@settings(deadline=None, max_examples=40)
@given(PAGES, st.randoms(use_true_random=False))
def test_single_lost_lines_of_marks_are_noticed(pages, chance):
    server = play(pages)
    marked = [line for line in server.lines if server.intake.token in line[1]]
    lost = chance.choice(marked)
    server.lines.remove(lost)
    found = server.deliver([server.lines])
    hit = [a for a, run in zip(found, server.runs, strict=True) if any(word in lost[1] for word in run.words)]
    assert not any(attribution.is_complete for attribution in hit)
    for attribution, truth in zip(found, server.truth, strict=True):
        assert counts(attribution) == truth


@settings(deadline=None, max_examples=30)
@given(PAGES, st.randoms(use_true_random=False), st.integers(1, 300))
def test_others_at_work_are_noticed_near_the_requests_they_may_have_got_into(pages, chance, statements):
    """Another client whose work goes on beyond a request is seen there; one whose work is in it alone cannot be."""
    server = play(pages)
    end_ns = server.now_ns
    begin_ns = server.lines[0][0]
    for _ in range(statements):
        when = chance.randrange(begin_ns + 1, end_ns)
        server.lines.append((when, FOREIGN))
        server.foreign.append(when)
    found = server.deliver([server.lines])
    secret = parse_statement(FOREIGN).shape
    windows = [(max(server.intake.marks[run.begin]), min(server.intake.marks[run.end])) for run in server.runs]
    outside = [when for when in server.foreign if not any(begin <= when <= end for begin, end in windows)]
    times = sorted(when for when, _ in server.intake.executions)
    assert foreign_times(server.intake.marks, times, server.runs) == sorted(outside)
    for attribution, truth, (begin, end) in zip(found, server.truth, windows, strict=True):
        near = sum(begin - SECOND <= when <= end + SECOND for when in outside)
        assert attribution.foreign_count == near
        inside = sum(begin <= when <= end for when in server.foreign)
        assert counts(attribution) == truth + Counter({secret: inside})


def test_the_cleanest_run_ranks_first():
    server = Server()
    page = ENTRIES[1]["log"]
    server.request(page, 0.1, others=3)
    server.foreigner()
    server.now_ns += 3 * SECOND
    server.request(page, 0.1)
    server.now_ns += 3 * SECOND
    server.request(page, 0.1, others=1)
    server.foreigner()
    first, second, third = server.deliver([server.lines])
    assert [first.is_clean, second.is_clean, third.is_clean] == [False, True, False]
    # Of disturbed ones the shortest, because others only add.
    assert min((first, second, third), key=lambda run: run.rank) is second
    assert min((first, third), key=lambda run: run.rank) is third


def test_a_clock_set_back_is_told():
    server = Server()
    begin = server.mark()
    server.now_ns -= 3600 * SECOND
    server.runs.append(Run(begin, server.mark(), 0.1))
    (found,) = server.deliver([server.lines])
    assert (found.statements, found.reason) == (None, CLOCK)


def test_the_statements_of_a_request_without_its_mark_are_nobody_elses():
    server = Server()
    page = ENTRIES[1]["log"]
    for _ in range(3):
        server.request(page, 0.1)
    lost = server.runs[1].end
    first, second, third = server.deliver([[line for line in server.lines if lost not in line[1]]])
    assert (second.statements, second.reason) == (None, LOST)
    assert first.is_clean
    assert third.is_clean


def test_a_failed_request_says_why_and_taints_no_other():
    server = Server()
    page = ENTRIES[1]["log"]
    server.request(page, 0.1)
    begin = server.mark()
    server.log(page[0])
    server.runs.append(Run(begin, "", 0.1, failure="boom"))
    server.truth.append(Counter())
    server.request(page, 0.1)
    first, broken, third = server.deliver([server.lines])
    assert (broken.statements, broken.reason) == (None, "boom")
    assert first.is_clean
    assert third.is_clean
