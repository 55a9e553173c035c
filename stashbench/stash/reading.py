"""Says in one sentence that an answer has not the form Stash gives it, wherever answers are taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stashbench.errors import RequestError

_FORM_ERRORS = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@contextmanager
def reading(url: str, what: str) -> Iterator[None]:
    """Wrap the code that takes an answer apart, and nothing else.

    Raises:
        RequestError: a part is missing or of another kind than Stash's.
    """
    try:
        yield
    except _FORM_ERRORS as error:
        message = (
            f"{url} answered {what} in another form than Stash does ({type(error).__name__}): "
            "see whether a proxy or a changed server stands at this address."
        )
        raise RequestError(message) from error
