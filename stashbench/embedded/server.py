"""One server from start to end: plant faults, open the database, serve, say where, clean up."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import uvicorn

from stashbench.embedded.access import Access
from stashbench.embedded.app import create_app
from stashbench.embedded.configuration import default_configuration, log_level
from stashbench.embedded.database import Database
from stashbench.embedded.faults import Fault, FaultSet
from stashbench.embedded.jobs.manager import JobManager
from stashbench.embedded.loghub import LogHub
from stashbench.embedded.sample_media import write_sample_media
from stashbench.embedded.state import ServerPaths, ServerState
from stashbench.embedded.statement_log import StatementLog
from stashbench.errors import UsageError

_GRACE_SECONDS = 2  # for requests under way when the server is asked to end


@dataclass(frozen=True)
class ServeOptions:
    """What to serve and how. `media` None is a temporary folder of sample files; `port` 0 is any free one."""

    database: Path
    host: str = "127.0.0.1"
    port: int = 0
    access: Access = field(default_factory=Access)
    faults: tuple[Fault, ...] = ()
    media: Path | None = None
    cache_size: int | None = None
    ends_with_parent: bool = False


def serve(options: ServeOptions) -> None:
    """Serve until SIGTERM, SIGINT or (if so asked) the end of standard input; a line of JSON says when it is ready."""
    from stashbench.embedded.graphql import build_schema

    with _bound_socket(options) as listener, server_state(options) as state:
        app = create_app(state, build_schema())
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            ws="websockets-sansio",
            lifespan="on",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        _keep_collector_out_of_requests()
        server = _Server(config, announce=lambda: _announce(listener, options, state))
        asyncio.run(_run(server, listener, ends_with_parent=options.ends_with_parent))


@contextmanager
def server_state(options: ServeOptions) -> Iterator[ServerState]:
    """Open everything a server consists of; close it and remove its temporary files afterwards."""
    work = Path(tempfile.mkdtemp(prefix="stashbench-server-"))
    faults = FaultSet(options.faults)
    hub = LogHub()
    try:
        media = options.media.resolve() if options.media else work / "media"
        if options.media is None:
            write_sample_media(media)
        paths = ServerPaths(database=options.database.resolve(), media=media, work=work)
        configuration = default_configuration(paths)
        hub.level = log_level(configuration["logLevel"])
        if paths.database.is_file():
            faults.prepare_file(paths.database)
        cache_size = options.cache_size if faults.cache_pages is None else faults.cache_pages
        database = Database(
            paths.database,
            log=StatementLog(hub),
            cache_size=cache_size,
            autocheckpoint_pages=faults.autocheckpoint_pages,
        )
        jobs = JobManager(hub)
        state = ServerState(database, hub, jobs, faults, paths, configuration, access=options.access)
        try:
            faults.start(state)
            yield state
        finally:
            faults.stop()
            jobs.close()
            database.close()
    finally:
        hub.close()
        shutil.rmtree(work, ignore_errors=True)


class _Server(uvicorn.Server):
    """uvicorn that says when it is ready, and without its signal handlers: they raise the signal again at the end."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then announce it."""
        await super().startup(sockets)
        if self.started:
            self._announce()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield


async def _run(server: _Server, listener: socket.socket, *, ends_with_parent: bool) -> None:
    """Serve until asked to end."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if ends_with_parent:
        _watch_stdin(lambda: loop.call_soon_threadsafe(end))
    await server.serve(sockets=[listener])


def _keep_collector_out_of_requests() -> None:
    """Let Python's garbage collector pass over what lives as long as the server, and run seldom.

    Otherwise single requests take twice as long as their neighbours, which no Go server's do: the stand-in must not be
    noisier than what it stands for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _announce(listener: socket.socket, options: ServeOptions, state: ServerState) -> None:
    """Print where the server is, for whoever started it."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    ready = {
        "url": f"http://{host}:{listener.getsockname()[1]}",
        "pid": os.getpid(),
        "database": str(state.paths.database),
    }
    sys.stdout.buffer.write(msgspec.json.encode(ready) + b"\n")  # bytes: a path may not fit the locale's alphabet
    sys.stdout.flush()


def _watch_stdin(end: Callable[[], object]) -> None:
    """Call `end` when standard input is closed, which happens at the latest when the parent dies."""

    def watch() -> None:
        with contextlib.suppress(OSError, RuntimeError):  # closed under us, or the loop is gone: we are ending anyway
            while os.read(0, 1024):
                pass
            end()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


@contextmanager
def _bound_socket(options: ServeOptions) -> Iterator[socket.socket]:
    """Take the port before anything else, so that a taken one is said at once."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; without, every answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((options.host, options.port))
        except OSError as error:
            message = f"{options.host}:{options.port} cannot be listened on: {error.strerror}; choose another --port."
            raise UsageError(message) from error
        yield listener
    finally:
        listener.close()
