"""The GraphQL documents that suites and collectors send, one a file, named after the page or thing they stand for."""

from __future__ import annotations

from functools import cache
from importlib import resources

from stashbench.errors import UsageError

SUFFIX = ".graphql"


@cache
def load(name: str) -> str:
    """Return the text of a document, such as `scenes`.

    Raises:
        UsageError: there is no such document; the message lists those there are.
    """
    file = resources.files(__name__) / f"{name}{SUFFIX}"
    if not name.isidentifier() or not file.is_file():
        message = f"There is no GraphQL document {name!r}: choose one of {', '.join(names())}."
        raise UsageError(message)
    return file.read_text(encoding="utf-8")


def names() -> tuple[str, ...]:
    """Return the names of all documents, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX)))
