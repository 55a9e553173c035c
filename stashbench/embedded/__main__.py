"""`python -m stashbench.embedded serve --database FILE ...`: the server process, started by `stashbench.target`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from stashbench.errors import StashbenchError, UsageError


def main(arguments: list[str] | None = None) -> int:
    """Serve until asked to end; return the exit status. Errors go to standard error as one sentence."""
    options = _parser().parse_args(arguments)
    try:
        _serve(options)
    except StashbenchError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"{error.strerror or error}{where}; free some space, or point TMPDIR at another folder\n")
        return StashbenchError.exit_status
    return 0


def _serve(options: argparse.Namespace) -> None:
    from stashbench.embedded.access import Access
    from stashbench.embedded.faults import parse_fault
    from stashbench.embedded.server import ServeOptions, serve

    serve(
        ServeOptions(
            database=options.database,
            host=options.host,
            port=options.port,
            access=Access(
                api_key=_secret(options.api_key_env),
                username=_secret(options.username_env),
                password=_secret(options.password_env),
                session_seconds=options.session_seconds,
                is_before_026=options.refuse_as_before_026,
            ),
            faults=tuple(parse_fault(text) for text in options.fault),
            media=options.media,
            cache_size=_cache_size(options.cache_size),
            ends_with_parent=options.exit_with_parent,
        )
    )


def _secret(variable: str | None) -> str | None:
    """Return what a variable of the environment holds: secrets are not for command lines, which others can read."""
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        message = f"The environment has no variable {variable} with a secret in it."
        raise UsageError(message)
    return value


def _cache_size(given: int | None) -> int | None:
    """Return the page cache of each connection: the option, else Stash's own variable, else None for the default."""
    text = os.environ.get("STASH_SQLITE_CACHE_SIZE")
    if given is not None or not text:
        return given
    try:
        return int(text)
    except ValueError as error:
        message = f"STASH_SQLITE_CACHE_SIZE must be a whole number, not {text!r}."
        raise UsageError(message) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stashbench.embedded", description=__doc__)
    serve = parser.add_subparsers(required=True).add_parser("serve", help="serve a Stash database")
    serve.add_argument("--database", type=Path, required=True, metavar="FILE")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0)
    serve.add_argument("--api-key-env", metavar="NAME", help="variable of the environment that holds the API key")
    serve.add_argument("--username-env", metavar="NAME", help="the same for a user name")
    serve.add_argument("--password-env", metavar="NAME", help="and for the password that goes with it")
    serve.add_argument("--session-seconds", type=float, default=3600, help="how long a session lasts without a request")
    serve.add_argument("--refuse-as-before-026", action="store_true", help="refuse as Stash before v0.26 did")
    serve.add_argument("--fault", action="append", default=[], metavar="SPEC")
    serve.add_argument("--media", type=Path, metavar="DIR")
    serve.add_argument("--cache-size", type=int, metavar="N", help="pages, or KiB if negative, per connection")
    serve.add_argument("--exit-with-parent", action="store_true", help="end when standard input closes")
    return parser


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # All is closed and removed by now; to free its objects one by one would cost the interpreter as long again.
    os._exit(status)
