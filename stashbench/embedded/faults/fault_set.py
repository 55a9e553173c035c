"""The faults of one server: planted in the file, around the requests, and beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.embedded.faults import background, file_faults
from stashbench.embedded.faults.catalogue import Fault
from stashbench.embedded.faults.request_faults import RequestFaults

if TYPE_CHECKING:
    from stashbench.embedded.state import ServerState

TINY_CACHE_PAGES = 10
_MILLISECONDS = 1000.0


class FaultSet:
    """Any number of faults, in the order of a server's life: prepare the file, open it, start, serve, stop."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self.requests = RequestFaults(self.faults)
        self._stops: list[background.Stop] = []

    def has(self, name: str) -> bool:
        """Say whether a fault of that name is planted."""
        return any(fault.name == name for fault in self.faults)

    def amount(self, name: str) -> float:
        """Return the sum of the numbers given to a fault; 0 if it is not planted."""
        return sum(fault.amount for fault in self.faults if fault.name == name)

    @property
    def cache_pages(self) -> int | None:
        """The page cache that connections must have, or None for what is configured."""
        return TINY_CACHE_PAGES if self.has("tiny-page-cache") else None

    @property
    def autocheckpoint_pages(self) -> int | None:
        """The size at which the write-ahead log is moved into the file; 0 is never, None SQLite's default."""
        return 0 if self.has("oversized-wal") else None

    @property
    def hook_seconds(self) -> float:
        """How long the hook after an update runs."""
        return self.amount("slow-hook") / _MILLISECONDS

    @property
    def websocket_protocols(self) -> tuple[str, ...] | None:
        """The protocols that subscriptions speak by name; None for both, empty for the old one without its name."""
        named = [fault.subject for fault in self.faults if fault.name == "websocket-protocol"]
        return tuple(name for name in named if name != "none") if named else None

    @property
    def websocket_seconds(self) -> float | None:
        """How long a websocket may live; None for as long as its client wants."""
        return min((fault.amount for fault in self.faults if fault.name == "cut-websockets"), default=None)

    def prepare_file(self, path: Path) -> None:
        """Plant what lies in the database file, before the server opens it."""
        for fault in self.faults:
            if fault.name == "drop-index":
                file_faults.drop_index(path, fault.subject)
        if self.has("stale-statistics"):
            file_faults.make_statistics_stale(path)
        if self.has("fragmented-file"):
            file_faults.fragment(path)

    def start(self, state: ServerState) -> None:
        """Plant what goes on while the server runs."""
        if self.has("oversized-wal"):
            file_faults.inflate_wal(state.database)
        if self.has("failing-job"):
            background.fail_job(state)
        if self.has("stalled-scan"):
            background.stall_scan(state)
        if self.has("cpu-burner"):
            self._stops.append(background.burn_cpu())
        if self.has("disk-writer"):
            self._stops.append(background.write_disk(state.paths.work, self.amount("disk-writer")))
        if self.has("log-flood"):
            self._stops.append(background.flood_log(state.hub, self.amount("log-flood")))

    def stop(self) -> None:
        """End what goes on."""
        while self._stops:
            self._stops.pop()()
