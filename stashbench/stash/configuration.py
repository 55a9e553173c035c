"""The settings of a server that bear on its speed; never its key, password or stash-box keys."""

from __future__ import annotations

from typing import Any

from stashbench.errors import RequestError
from stashbench.stash.adapt import Adapter
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

NUMBERS = frozenset({"parallelTasks", "previewSegments", "previewSegmentDuration", "maxSessionAge", "logFileMaxSize"})
LISTS = frozenset(
    {
        "stashes",
        "transcodeInputArgs",
        "transcodeOutputArgs",
        "liveTranscodeInputArgs",
        "liveTranscodeOutputArgs",
    }
)


def read_configuration(client: StashClient, adapter: Adapter) -> dict[str, Any]:
    """Return the general settings by the API's names, and under `defaults` those of scan and generate tasks.

    A setting the server does not know is absent. Raises RequestError when the server knows none of them, declines, or
    answers in a form of its own.
    """
    document = adapter.document(load("configuration"))
    if document.missing:
        message = f"The settings of {client.url} cannot be read: {document.missing}."
        raise RequestError(message)
    answer = client.execute(document.text)
    with reading(client.url, "the question for its settings"):
        found = answer["configuration"]
        general = found["general"] if "general" in found else {}  # noqa: SIM401 - null is no form of Stash's
        defaults = found.get("defaults") or {}
        for name, value in general.items():
            _check_kind(name, value)
        return {**general, "defaults": {task: options and dict(options) for task, options in defaults.items()}}


def _check_kind(name: str, value: object) -> None:
    """Refuse a setting of another kind than it has in Stash: whoever judges it would stumble."""
    if value is None:
        return
    if name in LISTS:
        is_right = isinstance(value, list)
    elif name in NUMBERS:
        is_right = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        is_right = isinstance(value, str | bool | int | float)
    if not is_right:
        raise TypeError(name)
