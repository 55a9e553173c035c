"""Tags that exist for a moment: made to time their making or removal, and all removed at the end, whatever happens."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Any, Self

from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

_PREFIX = "stashbench-scratch-"


class ScratchTags:
    """Gives tags of names that nobody else has; leaving the context removes those that are still there.

    That is told by the name, so that a tag is found again even where the answer to its making was lost.
    """

    def __init__(self, client: StashClient) -> None:
        self._client = client
        self.prefix = f"{_PREFIX}{secrets.token_hex(6)}-"
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for tag_id in self.left():
            self.destroy(tag_id)

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
