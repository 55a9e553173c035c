"""One question for two servers: what either does not offer is left out for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stashbench.stash.adapt import AdaptedRequest
from stashbench.stash.shared_document import shared_document

if TYPE_CHECKING:
    from stashbench.target import OpenTarget


def common_request(
    document: str, variables: Mapping[str, Any] | None, own: OpenTarget, other: OpenTarget
) -> AdaptedRequest:
    """Return a request as `own` is asked, without what `other` does not offer of it.

    Where `other` cannot be asked at all - it may know the page by another document - only what `own` lacks is left out.

    Raises:
        UsageError: the text is no GraphQL document.
    """
    mine = own.adapter.request(document, variables)
    if mine.missing:
        return mine
    theirs = other.adapter.request(document, variables)
    if theirs.missing:
        return mine
    both = own.adapter.request(shared_document(mine.text, theirs.text), mine.variables)
    left_out = tuple(sorted({*mine.left_out, *theirs.left_out}))
    return AdaptedRequest(text=both.text, variables=both.variables, left_out=left_out, missing=both.missing)
