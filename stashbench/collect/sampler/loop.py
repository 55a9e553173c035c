"""The sampler process's loop: samples at fixed times, and answers its parent in between."""

from __future__ import annotations

import json
import os
import select
import time
from typing import TypeAlias

from stashbench.collect.sampler.proc_files import parse_peak
from stashbench.collect.sampler.readings import HostReader, HostReading, TreeReader, TreeReading
from stashbench.collect.sampler.spans import Span

Answer: TypeAlias = dict[str, object]
_READ_BYTES = 1 << 16


class Loop:
    """Samples every `interval_seconds` until told to stop or the parent is gone.

    Each sample is one line of JSON written at once to `samples`, so whatever ends this process or its parent, all
    samples up to then are kept.
    """

    def __init__(
        self, tree: TreeReader | None, host: HostReader | None, *, samples: int, interval_seconds: float, origin: float
    ) -> None:
        self._tree = tree
        self._host = host
        self._samples = samples
        self._interval = interval_seconds
        self._origin = origin
        self._spans: dict[int, Span] = {}
        self._events: list[tuple[float, str]] = []
        self._unread = b""
        self._last_reading_at: float | None = None
        self._is_done = False
        self._write_problem = ""
        try:
            self._own_status: int | None = os.open("/proc/self/status", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._own_status = None

    def run(self) -> None:
        """Run until stopped. Ticks fall on a fixed grid; one that could not be held is left out, not made up for."""
        self._answer(0, {"reasons": self._tree.reasons if self._tree else [], "source": self._source()})
        parent = os.getppid()
        due = time.monotonic()
        missed = 0
        while not self._is_done:
            wait = due - time.monotonic()
            if wait > 0:
                if select.select([0], [], [], wait)[0]:
                    self._take_commands()
                continue
            now = time.monotonic()
            self._tick(now, now - due, missed)
            missed = int(max(0.0, time.monotonic() - due) // self._interval)
            due += self._interval * (1 + missed)
            if os.getppid() != parent:
                break

    def _source(self) -> str:
        return self._host.source if self._host else ""

    def _tick(self, now: float, lateness: float, missed: int) -> None:
        tree, host = self._look(now, has_peaks=False)
        for span in self._spans.values():
            span.sample_count += 1
        reading_at = host.host_time_seconds
        if self._tree is None and reading_at is not None:
            # With nothing of our own to time, a row stands where its reading does, which a distant machine dates back.
            if reading_at == self._last_reading_at:
                return
            self._last_reading_at = now = reading_at
        row = [now - self._origin, lateness, missed, time.process_time(), self._own_peak(), *tree, *host]
        self._write(row)

    def _look(self, now: float, *, has_peaks: bool = True) -> tuple[TreeReading, HostReading]:
        host = HostReading()
        if self._host is not None:
            host = self._host.read()
            self._take_events(now, self._host.events)
        for span in self._spans.values():
            span.observe_host(host)
        if self._tree is None:
            return TreeReading(), host
        tree = self._tree.read(has_peaks=has_peaks)
        self._take_events(now, self._tree.events)
        memory = self._tree.memory()
        for span in self._spans.values():
            span.observe(tree, memory)
        return tree, host

    def _take_events(self, now: float, events: list[str]) -> None:
        while events:
            event = events.pop(0)
            self._events.append((now, event))
            self._write({"at_seconds": now - self._origin, "event": event})

    def _take_commands(self) -> None:
        data = os.read(0, _READ_BYTES)
        if not data:  # the parent ended, however it ended
            self._is_done = True
            return
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            verb, number, argument = json.loads(line)
            self._answer(number, getattr(self, f"_do_{verb}")(argument))

    def _do_begin(self, key: int) -> Answer:
        now = time.monotonic()
        tree, host = self._look(now)
        mark = self._tree.ended_mark() if self._tree else (0, 0)
        span = Span(now, tree, mark, has_host=self._host is not None)
        span.observe_host(host)
        if self._tree is not None:
            memory = self._tree.memory()  # open spans have seen these marks in _look, so they may be set back now
            span.begin_memory(memory, self._tree.reset_peaks())
            span.observe(tree, [item._replace(peak_bytes=None) for item in memory])
        self._spans[key] = span
        return {}

    def _do_end(self, key: int) -> Answer:
        now = time.monotonic()
        tree, _ = self._look(now)
        span = self._spans.pop(key, None)
        if span is None:
            return {"reasons": ["the span was never begun"]}
        values, reasons = span.finish(now, tree, self._tree.ended_mark() if self._tree else (0, 0))
        reasons.extend(self._tree.reasons if self._tree else ())
        reasons.extend(f"{event} {at - self._origin:.1f} s into the run" for at, event in self._events if span.has(at))
        if self._write_problem:
            reasons.append(self._write_problem)
        return {"values": values, "reasons": reasons}

    def _do_follow(self, pid: int) -> Answer:
        if self._tree is not None:
            self._tree.follow(pid)
        return {}

    def _do_stop(self, _: object) -> Answer:
        now = time.monotonic()
        self._tick(now, 0.0, 0)
        self._is_done = True
        return {"write_problem": self._write_problem}

    def _answer(self, number: int, answer: Answer) -> None:
        try:
            os.write(1, json.dumps([number, answer]).encode() + b"\n")
        except OSError:  # nobody reads any more
            self._is_done = True

    def _write(self, record: object) -> None:
        try:
            os.write(self._samples, json.dumps(record).encode() + b"\n")
        except OSError as error:
            self._write_problem = f"samples could not be written: {error.strerror}"

    def _own_peak(self) -> int | None:
        if self._own_status is None:
            return None
        return parse_peak(os.pread(self._own_status, 4096, 0))
