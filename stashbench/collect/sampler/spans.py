"""What the tree used during a named stretch of time, counted exactly from its begin to its end."""

from __future__ import annotations

from stashbench.collect.sampler.readings import HostReading, ProcessMemory, TreeReading

Key = tuple[int, int]
_TIGHT = 1.01  # lower and upper bound of a peak this close together are one exact peak
_FEWEST_TICKS = 5  # a share of fewer clock ticks than this would say more about rounding than about the machine


class Span:
    """One open span. Values of `finish` are None where they could not be measured, each with a reason."""

    def __init__(self, at: float, tree: TreeReading, ended_mark: tuple[int, int], *, has_host: bool = False) -> None:
        self._begin_at = at
        self._has_host = has_host
        self._tree = tree
        self._first_host: HostReading | None = None
        self._last_host = HostReading()
        self._ended_mark = ended_mark
        self._peaks: dict[Key, int] = {}
        self._unsure_marks: dict[Key, int] = {}
        self._lowest: dict[Key, int] = {}
        self._throughout: set[Key] = set()
        self._highest_sum = 0
        self._most = [0, 0, 0]
        self.sample_count = 0

    def has(self, at: float) -> bool:
        """Say whether a moment lies within this span."""
        return at >= self._begin_at

    def begin_memory(self, memory: list[ProcessMemory], were_reset: set[Key]) -> None:
        """Note the peak marks that could not be set back: they may stem from before this span."""
        self._unsure_marks = {item.key: item.peak_bytes or 0 for item in memory if item.key not in were_reset}
        self._peaks = {item.key: item.rss_bytes for item in memory}
        self._throughout = set(self._peaks)

    def observe(self, tree: TreeReading, memory: list[ProcessMemory]) -> None:
        """Take one reading into account."""
        self._highest_sum = max(self._highest_sum, tree.rss_bytes or 0)
        counts = (tree.thread_count, tree.descriptor_count, tree.process_count)
        self._most = [max(most, count or 0) for most, count in zip(self._most, counts, strict=True)]
        self._throughout &= {item.key for item in memory}
        for item in memory:
            self._lowest[item.key] = min(self._lowest.get(item.key, item.rss_bytes), item.rss_bytes)
            self.observe_peak(item)

    def observe_host(self, host: HostReading) -> None:
        """Take a reading of the machine into account if it was made within this span; a distant one's may be older."""
        if host.host_time_seconds is not None and host.host_time_seconds >= self._begin_at:
            self._first_host = self._first_host or host
            self._last_host = host

    def observe_peak(self, item: ProcessMemory) -> None:
        """Take a process's peak mark into account if it belongs to this span."""
        peak = item.rss_bytes
        mark = item.peak_bytes
        if mark is not None and mark > self._unsure_marks.get(item.key, -1):
            self._unsure_marks.pop(item.key, None)  # it has grown since the span began, so it is this span's own
            peak = max(peak, mark)
        self._peaks[item.key] = max(self._peaks.get(item.key, 0), peak)

    def finish(
        self, at: float, tree: TreeReading, ended_mark: tuple[int, int]
    ) -> tuple[dict[str, float | int | bool | None], list[str]]:
        """Return the values by field name, and why some of them are missing or not exact."""
        reasons: list[str] = []
        peak, is_exact = self._peak(is_complete=ended_mark == self._ended_mark, reasons=reasons)
        begin = self._tree
        threads, descriptors, processes = self._most
        values: dict[str, float | int | bool | None] = {
            "duration_seconds": at - self._begin_at,
            "cpu_seconds": _growth(begin.cpu_seconds, tree.cpu_seconds),
            "peak_rss_bytes": peak,
            "is_peak_exact": is_exact,
            "rss_begin_bytes": begin.rss_bytes,
            "rss_end_bytes": tree.rss_bytes,
            "read_bytes": _growth(begin.read_bytes, tree.read_bytes),
            "written_bytes": _growth(begin.written_bytes, tree.written_bytes),
            "logical_read_bytes": _growth(begin.logical_read_bytes, tree.logical_read_bytes),
            "thread_count_max": threads or None,
            "descriptor_count_max": descriptors or None,
            "process_count_max": processes or None,
            "host_cpu_percent_mean": self._host_cpu(reasons),
            "sample_count": self.sample_count,
        }
        return values, reasons

    def _peak(self, *, is_complete: bool, reasons: list[str]) -> tuple[int | None, bool]:
        if not self._peaks:
            return None, False
        # Peaks of several processes need not fall together. Each one's own peak beside the least the lasting others
        # held bounds the tree's peak from below, the sum of all peaks from above.
        lasting = {key: self._lowest[key] for key in self._throughout}
        floor = sum(lasting.values())
        low = max(self._highest_sum, *(peak + floor - lasting.get(key, 0) for key, peak in self._peaks.items()))
        high = sum(self._peaks.values())
        if self._unsure_marks.keys() & self._lowest.keys():
            reasons.append("exact peak memory: the kernel's peak mark may not be set back by this user")
            return low, False
        if not is_complete:
            reasons.append("exact peak memory: child processes ended, whose last moments no sample saw")
            return low, False
        if high > low * _TIGHT:
            reasons.append(f"exact peak memory: several processes, between {low} and {high} bytes together")
            return low, False
        return low, True

    def _host_cpu(self, reasons: list[str]) -> float | None:
        first, last = self._first_host or HostReading(), self._last_host
        busy = _growth(first.cpu_busy_ticks, last.cpu_busy_ticks)
        total = _growth(first.cpu_total_ticks, last.cpu_total_ticks)
        if self._has_host and (self._first_host is None or first is last):
            reasons.append("host CPU: the span is shorter than the time between two readings of the machine")
            return None
        if busy is None or total is None:
            return None
        if total < _FEWEST_TICKS:
            reasons.append("host CPU: the span is shorter than the kernel's clock can share out")
            return None
        return 100.0 * max(busy, 0.0) / total


def _growth(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else end - begin
