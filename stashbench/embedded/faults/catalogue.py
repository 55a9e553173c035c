"""Which faults there are and how they are written: `name` or `name=argument`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stashbench.errors import UsageError

WEBSOCKET_PROTOCOLS = ("graphql-transport-ws", "graphql-ws", "none")


@dataclass(frozen=True)
class Fault:
    """One fault to plant: `subject` is the index or operation in its argument, `amount` the number, if there is one."""

    name: str
    subject: str = ""
    amount: float = 0.0


@dataclass(frozen=True)
class FaultMeta:
    """What a fault does, how its argument is written ("" for none), and whether it changes the database file."""

    name: str
    description: str
    argument: str
    parse: Callable[[str], tuple[str, float]]
    alters_file: bool = False

    @property
    def usage(self) -> str:
        """How the fault is written on a command line."""
        return f"{self.name}={self.argument}" if self.argument else self.name


def _nothing(text: str) -> tuple[str, float]:
    if text:
        message = "takes no argument"
        raise ValueError(message)
    return "", 0.0


def _name(text: str) -> tuple[str, float]:
    if not text.isidentifier():
        message = "needs a name"
        raise ValueError(message)
    return text, 0.0


def _positive(text: str) -> tuple[str, float]:
    amount = float(text)
    if not 0 < amount < float("inf"):
        message = "needs a number above 0"
        raise ValueError(message)
    return "", amount


def _share(text: str) -> tuple[str, float]:
    amount = float(text)
    if not 0 < amount <= 1:
        message = "needs a rate above 0 and up to 1"
        raise ValueError(message)
    return "", amount


def _protocol(text: str) -> tuple[str, float]:
    if text not in WEBSOCKET_PROTOCOLS:
        message = f"knows {', '.join(WEBSOCKET_PROTOCOLS)}"
        raise ValueError(message)
    return text, 0.0


def _operation_and_amount(text: str) -> tuple[str, float]:
    operation, _, amount = text.rpartition(":")
    return _name(operation)[0], _positive(amount)[1]


_ALL = (
    FaultMeta("drop-index", "that index is dropped from the database", "NAME", _name, alters_file=True),
    FaultMeta(
        "stale-statistics",
        "the planner's statistics are those of an almost empty library",
        "",
        _nothing,
        alters_file=True,
    ),
    FaultMeta("fragmented-file", "more than 30 % of the file's pages are free", "", _nothing, alters_file=True),
    FaultMeta("oversized-wal", "the write-ahead log is above 64 MiB and never shrinks", "", _nothing, alters_file=True),
    FaultMeta("tiny-page-cache", "each connection caches 10 pages", "", _nothing),
    FaultMeta("latency", "that operation is delayed", "OPERATION:MS", _operation_and_amount),
    FaultMeta(
        "busy", "that operation does so many turns of useless work more", "OPERATION:TURNS", _operation_and_amount
    ),
    FaultMeta("errors", "that share of requests fails in a resolver", "RATE", _share),
    FaultMeta("n-plus-one", "that operation runs one more statement per row of its answer", "OPERATION", _name),
    FaultMeta("memory-leak", "each request leaves that much memory behind", "BYTES_PER_REQUEST", _positive),
    FaultMeta("cpu-burner", "a child process keeps one core busy", "", _nothing),
    FaultMeta("disk-writer", "a thread writes and syncs that much to disk", "BYTES_PER_SECOND", _positive),
    FaultMeta("stalled-scan", "a scan runs from the start and makes no progress", "", _nothing),
    FaultMeta("failing-job", "a job has failed right after the start", "", _nothing),
    FaultMeta("log-flood", "that many lines a second are logged at level Info", "LINES_PER_SECOND", _positive),
    FaultMeta("slow-hook", "a hook runs that long after each sceneUpdate, before the answer", "MS", _positive),
    FaultMeta(
        "websocket-protocol",
        "subscriptions speak that protocol only, `none` the old one unnamed",
        "PROTOCOL",
        _protocol,
    ),
    FaultMeta("cut-websockets", "each websocket is closed after that time", "SECONDS", _positive),
)

FAULTS: dict[str, FaultMeta] = {meta.name: meta for meta in _ALL}


def parse_fault(text: str) -> Fault:
    """Read one fault as written on a command line. UsageError for an unknown name or an argument that does not fit."""
    name, _, argument = text.partition("=")
    meta = FAULTS.get(name)
    if meta is None:
        message = f"There is no fault {name!r}; known are {', '.join(meta.usage for meta in _ALL)}."
        raise UsageError(message)
    try:
        subject, amount = meta.parse(argument)
    except ValueError as error:
        message = f"The fault {text!r} cannot be planted ({error}); write {meta.usage}."
        raise UsageError(message) from error
    return Fault(name, subject, amount)
