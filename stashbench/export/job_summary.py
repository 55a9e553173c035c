"""Appends a Markdown summary to the page of a CI job, where the runner offers one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stashbench.errors import StoreError

VARIABLE = "GITHUB_STEP_SUMMARY"


def append_job_summary(markdown: str, environ: Mapping[str, str]) -> bool:
    """Append to the file that `GITHUB_STEP_SUMMARY` names; False where no runner offers one.

    Raises:
        StoreError: the runner named a file that cannot be written.
    """
    name = environ.get(VARIABLE, "")
    if not name:
        return False
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(markdown if markdown.endswith("\n") else f"{markdown}\n")
    except OSError as error:
        message = f"The job summary {name} cannot be written ({error.strerror}); unset {VARIABLE} or make it writable."
        raise StoreError(message) from error
    return True
