"""Keeps the tree's counters from falling when a process ends whose parent did not collect its times."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.collect.sampler.process import TrackedProcess


class Totals(NamedTuple):
    """What a process has used so far, the children it collected included."""

    cpu_seconds: float = 0.0
    logical_read_bytes: int = 0
    read_bytes: int = 0
    written_bytes: int = 0

    def plus(self, other: Totals) -> Totals:
        """Add two totals."""
        return Totals(
            self.cpu_seconds + other.cpu_seconds,
            self.logical_read_bytes + other.logical_read_bytes,
            self.read_bytes + other.read_bytes,
            self.written_bytes + other.written_bytes,
        )


class Account(NamedTuple):
    """The last known state of one process: enough to see, after its end, whether its parent collected it."""

    parent_pid: int
    fault_count: int
    child_fault_count: int
    totals: Totals


def account_of(process: TrackedProcess) -> Account:
    """Take down what a living process has used."""
    stat, io = process.stat, process.io
    totals = Totals(process.cpu_seconds)
    if io is not None:
        totals = Totals(process.cpu_seconds, io.logical_read_bytes, io.read_bytes, io.written_bytes)
    return Account(stat.parent_pid, stat.fault_count, stat.child_fault_count, totals)


def lost_totals(before: dict[int, Account], now: dict[int, Account]) -> Totals:
    """Sum what ended processes had used and no living ancestor took over.

    A parent that waits for a child takes over its CPU time, I/O and page faults in one step, so the exact integer
    page faults tell whether it did: children of a parent that ignores SIGCHLD, and orphans handed to init, are not
    taken over. Both arguments map pids to accounts at two consecutive readings.
    """
    ended: dict[int | None, list[Account]] = {}
    for pid, account in before.items():
        if pid not in now:
            ended.setdefault(_living_ancestor(account, before, now), []).append(account)
    lost = Totals()
    for ancestor, accounts in ended.items():
        taken_over = 0
        if ancestor is not None:
            taken_over = now[ancestor].child_fault_count - before[ancestor].child_fault_count
        for account in sorted(accounts, key=_faults, reverse=True):
            if _faults(account) <= taken_over:
                taken_over -= _faults(account)
            else:
                lost = lost.plus(account.totals)
    return lost


def _faults(account: Account) -> int:
    return account.fault_count + account.child_fault_count


def _living_ancestor(account: Account, before: dict[int, Account], now: dict[int, Account]) -> int | None:
    parent = account.parent_pid
    while parent in before and parent not in now:
        parent = before[parent].parent_pid
    return parent if parent in before and parent in now else None
