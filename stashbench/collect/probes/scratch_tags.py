"""Tags that exist for a moment: made to time their making or removal, and all removed at the end, whatever happens."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from stashbench.errors import RequestError, RequestTimeoutError, StashbenchError
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

_PREFIX = "stashbench-scratch-"


class ScratchTags:
    """Gives tags of names that nobody else has; leaving the context removes those that are still there.

    That is told by the name, so that a tag is found again even where the answer to its making was lost.
    `warn` is told of tags that stay.
    """

    def __init__(self, client: StashClient, warn: Callable[[str], object] = warnings.warn) -> None:
        self._client = client
        self._warn = warn
        self.prefix = f"{_PREFIX}{secrets.token_hex(6)}-"
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what is left, each whatever became of the others; what cannot be removed is warned of by its name.

        An error of the block, Ctrl-C among them, stays the one that is told.

        Raises:
            RequestError, TargetError: the block was without fault, and removing was not.
        """
        why = self._clean() if self._count else None
        if why is None:
            return
        self._warn(
            f"Tags that were made for a moment may still be in the library of {self._client.url}, as they could not be "
            f"removed ({str(why).rstrip('.')}): remove those whose names begin with {self.prefix}."
        )
        if error is None:
            raise why

    def _clean(self) -> StashbenchError | None:
        """Remove all tags of ours; return the last error there was."""
        why: StashbenchError | None = None
        try:
            for tag_id in self.left():
                try:
                    self.destroy(tag_id)
                except RequestTimeoutError:
                    raise  # the others would be waited for in vain, one after the other
                except RequestError as declined:
                    why = declined
        except StashbenchError as lost:
            why = lost
        return why

    def new(self) -> dict[str, Any]:
        """Return the variables of a request that makes the next tag."""
        self._count += 1
        return {"input": {"name": f"{self.prefix}{self._count}"}}

    def made(self) -> dict[str, Any]:
        """Make a tag, and return the variables of a request that removes it."""
        return {"input": {"id": self.id_of(self._client.execute(load("tag_create"), self.new()))}}

    def id_of(self, answer: dict[str, Any]) -> str:
        """Return the id out of the answer to the making of a tag."""
        with reading(self._client.url, "the request to make a tag"):
            return str(answer["tagCreate"]["id"])

    def destroy(self, tag_id: str) -> None:
        """Remove a tag.

        Raises:
            RequestError: the server declines.
        """
        self._client.execute(load("tag_destroy"), {"input": {"id": tag_id}})

    def left(self) -> list[str]:
        """Return the ids of our tags that are there."""
        variables = {
            "filter": {"per_page": -1},
            "tag_filter": {"name": {"value": self.prefix, "modifier": "INCLUDES"}},
        }
        answer = self._client.execute(load("tag_names"), variables)
        with reading(self._client.url, "the question for tags"):
            found = answer["findTags"]["tags"]
            # How a server compares names is its own affair; what is removed is ours alone.
            return [str(tag["id"]) for tag in found if str(tag["name"]).startswith(self.prefix)]
