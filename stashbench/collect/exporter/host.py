"""The server's machine, read through its node_exporter by a thread of the sampler process. Standard library only."""

from __future__ import annotations

import threading
import time

from stashbench.collect.exporter.exposition import parse_page
from stashbench.collect.exporter.families import FAMILIES, MachineReader
from stashbench.collect.exporter.scrape import ScrapeError, Source, fetch_page
from stashbench.collect.sampler.readings import HostReading
from stashbench.model.text import one_line

SHORTEST_INTERVAL_SECONDS = 1.0
_PATIENCE_FACTOR = 4  # a page that takes long to make is asked for seldom: at most a quarter of the time
_LONGEST_PAUSE_SECONDS = 30.0
_VERSION_LIMIT = 40
_STOP_SECONDS = 0.5


class Exporter:
    """One node_exporter: asks it once. `describe` says who it is after the first answer."""

    def __init__(self, source: Source, database_path: str | None) -> None:
        self._source = source
        self._reader = MachineReader(database_path)

    def read(self) -> HostReading:
        """Ask once; the reading's time lies in the middle between question and answer, on our own clock.

        Raises:
            ScrapeError: nothing of use came; the message is the reason.
        """
        asked = time.monotonic()
        text = fetch_page(self._source)
        at = (asked + time.monotonic()) / 2
        page = parse_page(text, FAMILIES)
        reading = self._reader.read(page, at)
        if reading._replace(host_time_seconds=None) == HostReading():
            message = "answers, but tells none of what a node_exporter tells"
            raise ScrapeError(message)
        return reading

    @property
    def boot_time_seconds(self) -> float | None:
        """When the machine was started, on its own clock."""
        return self._reader.boot_time_seconds

    @property
    def cpu_count(self) -> int | None:
        """How many processors the machine has."""
        return self._reader.cpu_count

    @property
    def memory_bytes(self) -> int | None:
        """How much memory the machine has."""
        return self._reader.memory_bytes

    def describe(self) -> str:
        """Name the exporter and the disks its figures are of."""
        version = one_line(self._reader.version, _VERSION_LIMIT)
        name = f"node_exporter {version}".rstrip()
        return f"{name} at {self._source.address.url}; disk I/O of {one_line(self._reader.devices, 200)}"


class ExporterHost:
    """Implements `HostReader`: a thread asks every `interval_seconds`, and `read` hands out its last reading.

    A failed question leaves a gap and one event for a whole series of failures. The thread never keeps the sampler
    waiting.
    """

    def __init__(self, source: Source, *, database_path: str | None, interval_seconds: float) -> None:
        self.events: list[str] = []
        self.source = ""
        self._exporter = Exporter(source, database_path)
        self._url = source.address.url
        self._interval = max(interval_seconds, SHORTEST_INTERVAL_SECONDS)
        self._newest = HostReading()
        self._boot: float | None = None
        self._is_failing = False
        self._is_over = threading.Event()
        self._ask()
        self.source = f"{self._exporter.describe()}, asked every {self._interval:g} s"
        self._thread = threading.Thread(target=self._run, name="node_exporter", daemon=True)
        self._thread.start()

    def read(self) -> HostReading:
        """Return the last reading that arrived; empty while the exporter does not answer."""
        return self._newest

    def close(self) -> None:
        """Stop asking."""
        self._is_over.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        pause = self._interval
        while not self._is_over.wait(pause):
            begin = time.monotonic()
            self._ask()
            took = time.monotonic() - begin
            pause = min(max(self._interval - took, took * (_PATIENCE_FACTOR - 1)), _LONGEST_PAUSE_SECONDS)

    def _ask(self) -> None:
        try:
            reading = self._exporter.read()
        except ScrapeError as error:
            self._newest = HostReading()
            if not self._is_failing:
                self.events.append(f"the node_exporter at {self._url} {error}; its figures are missing from")
            self._is_failing = True
            return
        self._is_failing = False
        boot = self._exporter.boot_time_seconds
        # Kernels correct the moment of their start a little when the clock is set.
        if boot is not None and self._boot is not None and abs(boot - self._boot) > _LONGEST_PAUSE_SECONDS:
            self.events.append("the server's machine was restarted; its node_exporter told so")
        self._boot = boot or self._boot
        self._newest = reading
