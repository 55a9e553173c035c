"""Every exception that leaves stashbench, in one leaf module.

::

    StashbenchError                   exit 4, a fault of ours unless a subclass says otherwise
    |-- UsageError                    exit 2, options that contradict or miss something
    |   `-- ConfigurationError        exit 2, a setting that cannot be read or makes no sense
    |-- TargetError                   exit 3, the server under audit cannot be used
    |   |-- TargetUnreachableError    nothing answers at the address, or not in time
    |   |-- TargetRefusedError        it answers, but refuses our key or our address
    |   |-- NotStashError             it answers, but does not speak Stash's GraphQL
    |   `-- TargetNotReadyError       set-up or migration pending: no data to measure
    |-- RequestError                  one GraphQL request failed although the server is fine
    |   |-- RequestTimeoutError       it was given up; the server may still be working on it
    |   |-- NotOfferedError           it was not sent: the server's API lacks what it is about
    |   `-- SessionRenewedError       it came without a valid session; we have logged in, and it can be repeated
    |-- DatabaseFileError             the database file is missing, locked, damaged or too old to read
    |-- StoreError                    a result, baseline or history cannot be read or written
    |-- NotRestoredError              what a benchmark changed for a while is not as it was before
    |-- LibraryError                  a generated library cannot be made or opened
    `-- RefusedError                  exit 2, an operation we will not do (unsafe or too large), with the reason

A message says what happened, to which object, and what to do next, and never holds a key, a token or a password.
"""

from __future__ import annotations

from typing import ClassVar


class StashbenchError(Exception):
    """Base of all errors shown to a user: one clear sentence with the next step."""

    exit_status: ClassVar[int] = 4


class UsageError(StashbenchError):
    """Options contradict each other or something required is missing."""

    exit_status = 2


class ConfigurationError(UsageError):
    """A setting cannot be read, is unknown, or makes no sense."""


class TargetError(StashbenchError):
    """The server under audit cannot be used."""

    exit_status = 3


class TargetUnreachableError(TargetError):
    """Nothing answers at the address, or not in time."""


class TargetRefusedError(TargetError):
    """The server answers but refuses us (wrong or missing key, address guard)."""


class NotStashError(TargetError):
    """Something answers that does not speak Stash's GraphQL."""


class TargetNotReadyError(TargetError):
    """The server waits for its set-up or a migration and has no data to measure."""


class RequestError(StashbenchError):
    """One GraphQL request failed although the server is there."""


class RequestTimeoutError(RequestError):
    """One request was given up after the time allowed; the server may go on working on it."""


class NotOfferedError(RequestError):
    """A request was not sent, because the server's API lacks what it is about."""


class SessionRenewedError(RequestError):
    """One request came without a valid session; we have logged in meanwhile, and it can be repeated."""


class DatabaseFileError(StashbenchError):
    """The database file is missing, locked, damaged, or of a schema we cannot read."""


class StoreError(StashbenchError):
    """A result, a baseline or the history cannot be read or written."""


class NotRestoredError(StashbenchError):
    """A benchmark that changes data could not show that all of it is as it was before."""


class LibraryError(StashbenchError):
    """A generated library cannot be made or opened."""


class RefusedError(StashbenchError):
    """An operation that would harm or exhaust something; the message has the reason."""

    exit_status = 2
