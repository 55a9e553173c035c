"""The `changes` fixture: nothing is changed without leave, and afterwards the database proves what was put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from stashbench.errors import NotRestoredError, StashbenchError
from stashbench.model.target import Facility

if TYPE_CHECKING:
    from stashbench.collect.content import Cell
    from stashbench.harness.session import AuditSession

NO_LEAVE = "it changes data, and runs with --allow-writes only"
_HASH_DIGITS = 12


class Changes:
    """Guards benchmarks that change data: without leave they are skipped, before anything is asked of the server.

    On a server we started too, so that all runs without leave are comparable.
    """

    def __init__(self, session: AuditSession) -> None:
        self._session = session
        target = session.target.info
        if not session.settings.target.allow_writes:
            pytest.skip(NO_LEAVE)
        if not target.can(Facility.WRITES):
            pytest.skip(target.reason(Facility.WRITES) or NO_LEAVE)

    def warn(self, text: str) -> None:
        """Tell in the report what was not put back."""
        self._session.warn(text)

    @contextmanager
    def only(self, *cells: Cell, may_add: bool = False) -> Iterator[None]:
        """Run the block, and prove afterwards that the database holds what it held before.

        But for `cells`, and with `may_add` for rows that were not there before. Where the file is out of reach nothing
        can be proven, and the measurement says so. After an error in the block the report warns of what was left.

        Raises:
            NotRestoredError: something else has changed.
        """
        target = self._session.target
        path = target.database_path
        if path is None:
            yield
            self._keep(f"not proven that all was put back: {target.info.reason(Facility.DATABASE_FILE)}")
            return
        proof = _Proof(path, cells, may_add=may_add)
        try:
            yield
        except KeyboardInterrupt:
            # Reading a whole database is more than somebody who wants to end waits for.
            self.warn(f"interrupted while data was changed: it was not proven that {path} holds what it held before")
            raise
        except Exception:
            # What broke the block is told by itself; this is about what it left.
            try:
                proof.conclude()
            except StashbenchError as error:
                self._session.warn(str(error))
            raise
        self._keep(proof.conclude())

    def _keep(self, proof: str) -> None:
        record = self._session.current
        assert record is not None
        if record.measurement is not None:
            record.measurement = msgspec.structs.replace(record.measurement, proof=proof)


class _Proof:
    """The hash of a database at the beginning, to be held against the one at the end."""

    def __init__(self, path: Path, cells: tuple[Cell, ...], *, may_add: bool) -> None:
        from stashbench.collect.content import Disregard, content_hash, highest_rows

        self._path = path
        self._cells = cells
        self._may_add = may_add
        highest = highest_rows(path) if may_add else {}
        self._disregard = Disregard(cells=frozenset(cells), highest_rows=highest)
        self._before = content_hash(path, self._disregard)

    def conclude(self) -> str:
        """Return in words what is as it was; NotRestoredError if it is not."""
        from stashbench.collect.content import content_hash

        after = content_hash(self._path, self._disregard)
        apart = f", but for {', '.join(map(str, self._cells))}" if self._cells else ""
        if after != self._before:
            message = (
                f"{self._path} does not hold what it held before{apart}: either others changed it meanwhile, or "
                "something was not put back; compare it with your backup."
            )
            raise NotRestoredError(message)
        what = "every row that was there before is as it was" if self._may_add else "the database holds what it held"
        return f"{what}{apart}: the same hash of all rows before and after, {after[:_HASH_DIGITS]}"
