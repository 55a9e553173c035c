"""Writes what a comparison leaves: the document first, then everything that can be made from it again.

reports/<run-id>/  compare.json, compare.html, compare.md
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from stashbench.audit.failure import failure_in_words
from stashbench.errors import StoreError
from stashbench.model.side_by_side import SCHEMA, SideBySide
from stashbench.store.atomic import write_atomically

DOCUMENT_NAME = "compare.json"
REPORT_NAME = "compare.html"
SUMMARY_NAME = "compare.md"


def write_comparison(
    document: SideBySide, report_directory: Path, json_path: Path | None = None
) -> tuple[Path, tuple[str, ...]]:
    """Write a comparison's files; return its folder, and what could not be written, and why.

    Raises:
        StoreError: not even the document could be written.
    """
    directory = report_directory / document.run_id
    encoded = msgspec.json.format(msgspec.json.encode(document), indent=1)
    write_atomically(directory / DOCUMENT_NAME, encoded)
    steps: dict[str, Callable[[], object]] = {
        REPORT_NAME: lambda: write_atomically(directory / REPORT_NAME, _html(document)),
        SUMMARY_NAME: lambda: write_atomically(directory / SUMMARY_NAME, _markdown(document)),
    }
    if json_path is not None:
        steps[str(json_path)] = lambda: write_atomically(json_path, encoded)
    problems: list[str] = []
    for name, step in steps.items():
        try:
            step()
        # The document is safe already; a report that cannot be made must not cost the comparison.
        except Exception as error:  # noqa: BLE001
            problems.append(f"{name} was not written: {failure_in_words(error)}")
    return directory, tuple(problems)


def read_comparison(path: Path) -> SideBySide:
    """Read a document back.

    Raises:
        StoreError: it cannot be read, or is none.
    """
    try:
        document = msgspec.json.decode(path.read_bytes(), type=SideBySide)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; check the path."
        raise StoreError(message) from error
    except msgspec.DecodeError as error:
        message = f"{path} is no comparison of ours: {error}; give the {DOCUMENT_NAME} of a run."
        raise StoreError(message) from error
    if document.schema != SCHEMA:
        message = f"{path} is no comparison of ours; give the {DOCUMENT_NAME} of a run."
        raise StoreError(message)
    return document


def _html(document: SideBySide) -> bytes:
    from stashbench.report.side_by_side import render_html

    return render_html(document).encode()


def _markdown(document: SideBySide) -> bytes:
    from stashbench.report.side_by_side_markdown import render_markdown

    return render_markdown(document).encode()
