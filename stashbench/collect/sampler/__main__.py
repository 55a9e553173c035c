"""Entry of the sampler process: `python -m stashbench.collect.sampler '{"pid": 1, ...}'`. Started by `Sampler`."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from stashbench.collect.sampler.loop import Loop
from stashbench.collect.sampler.readings import HostReader, TreeReader


def main(argument: str) -> None:
    """Sample as the JSON object says, until standard input closes.

    Keys: pid (or null), interval_seconds, origin (monotonic), directory (or null), samples (a file), has_host,
    is_portable, exporter (null, or what `_open_exporter` takes).
    """
    options = json.loads(argument)
    # An interrupt from the keyboard reaches the whole group; the parent decides when sampling ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    directory = Path(options["directory"]) if options["directory"] else None
    is_portable = options["is_portable"] or not sys.platform.startswith("linux")
    tree = _open_tree(options["pid"], is_portable=is_portable)
    host: HostReader | None = None
    if options["exporter"]:
        host = _open_exporter(options["exporter"], options["interval_seconds"])
    elif options["has_host"]:
        host = _open_host(directory, is_portable=is_portable)
    samples = os.open(options["samples"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    Loop(tree, host, samples=samples, interval_seconds=options["interval_seconds"], origin=options["origin"]).run()


def _open_tree(pid: int | None, *, is_portable: bool) -> TreeReader | None:
    if pid is None:
        return None
    if is_portable:
        from stashbench.collect.sampler.portable import PortableTree

        return PortableTree(pid)
    from stashbench.collect.sampler.process_tree import ProcessTree

    return ProcessTree(pid)


def _open_host(directory: Path | None, *, is_portable: bool) -> HostReader:
    if is_portable:
        from stashbench.collect.sampler.portable import PortableHost

        return PortableHost(directory)
    from stashbench.collect.sampler.host import Host

    return Host(directory)


def _open_exporter(options: dict[str, Any], interval_seconds: float) -> HostReader:
    from stashbench.collect.exporter.address import ExporterAddress
    from stashbench.collect.exporter.host import ExporterHost
    from stashbench.collect.exporter.scrape import Source

    source = Source(ExporterAddress(*options["address"]), options["ca_file"], options["is_insecure"])
    return ExporterHost(source, database_path=options["database_path"], interval_seconds=interval_seconds)


if __name__ == "__main__":
    main(sys.argv[1])
