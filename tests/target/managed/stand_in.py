"""Stands in for a Stash program in tests: takes its arguments, and serves the embedded server on its database.

`STAND_IN` in the environment holds words for how it misbehaves: `complain` writes warnings into the log; `taken` finds
its port taken the first time; `deaf` ignores SIGTERM; `family` starts children, one in a session of its own; `miscount`
loses a scene; `old` makes the database of an old release; `end` ends before it answers; `stranger` serves another home
than its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--nobrowser", action="store_true", required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    settings = json.loads(options.config.read_text())
    manners = os.environ.get("STAND_IN", "").split()
    home = options.config.parent
    log(settings, "info", f"using config file: {options.config}")
    if "complain" in manners:
        log(settings, "warning", 'could not \\"do\\" this:\\n\\tno space')
        log(settings, "error", "Couldn't retrieve latest version: no network")
        log(settings, "warning", 'could not \\"do\\" this:\\n\\tno space')
    if "taken" in manners and not (mark := home.parent / "was-taken").exists():
        mark.touch()
        log(settings, "error", "http server error: listen tcp 127.0.0.1:1: bind: address already in use")
        sys.exit(1)
    if "end" in manners:
        log(settings, "fatal", "the database is of a newer schema")
        sys.exit(3)
    if "deaf" in manners:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "family" in manners:
        for own_session in (False, True):
            child = subprocess.Popen(
                [sys.executable, "-c", "import signal; signal.pause()"], start_new_session=own_session
            )
            with (home.parent / "children").open("a") as file:
                file.write(f"{child.pid}\n")
    serve(options, settings, manners)


def serve(options, settings, manners):
    import apsw

    from stashbench.embedded import server
    from stashbench.embedded.schema import create_schema
    from stashbench.embedded.state import ServerPaths

    database = Path(settings["database"])
    if not database.exists():
        with closing(apsw.Connection(str(database))) as connection:
            connection.execute("PRAGMA journal_mode=wal").fetchall()
            create_schema(connection)
            if "old" in manners:
                connection.execute("UPDATE schema_migrations SET version = 45")
    elif "miscount" in manners:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("DELETE FROM scenes WHERE id = 1")
    if "deaf" in manners:
        server._Server.handle_exit = lambda *_: None
        server._run = deaf(server._run)
    if "stranger" in manners:
        ServerPaths.configuration = property(lambda _: Path("/somewhere/else/config.yml"))
    server.serve(
        server.ServeOptions(
            database=database, host=options.host, port=options.port, media=Path(settings["stash"][0]["path"])
        )
    )


def deaf(run):
    """Keep the server from hearing SIGTERM."""

    async def run_deaf(server, listener, *, ends_with_parent):
        import asyncio

        asyncio.get_running_loop().add_signal_handler = lambda *_: None
        await run(server, listener, ends_with_parent=ends_with_parent)

    return run_deaf


def log(settings, level, message):
    with Path(settings["logfile"]).open("a") as file:
        file.write(f'time="2026-11-23 10:00:00" level={level} msg="{message}"\n')


if __name__ == "__main__":
    main()
