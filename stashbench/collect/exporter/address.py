"""The address of a node_exporter, as a user writes it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from stashbench.errors import UsageError

DEFAULT_PORT = 9100
DEFAULT_PATH = "/metrics"
_HOW = "write it like http://nas:9100"


class ExporterAddress(NamedTuple):
    """Where a node_exporter answers."""

    is_tls: bool
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The whole address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_tls else 'http'}://{host}:{self.port}{self.path}"


def parse_address(text: str) -> ExporterAddress:
    """Read an address such as `nas`, `nas:9100` or `https://nas:9100/metrics`.

    Raises:
        UsageError: it is no such address, or carries a password or parameters; what it carries is not repeated.
    """
    text = text.strip()
    # An @ anywhere: with a slash too few, a password would be taken for a path.
    if "@" in text or "?" in text or "#" in text:
        message = (
            "The address given by --stash-node-exporter must not carry a user name or parameters, because it is shown "
            f"in reports; {_HOW} and let it listen where only this machine can reach it."
        )
        raise UsageError(message)
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
        host = parts.hostname
    except ValueError:
        port, host, parts = None, None, urlsplit("")
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if not host or not is_plain or parts.scheme not in {"http", "https"} or port == 0:
        message = f"The address given by --stash-node-exporter cannot be read; {_HOW}."
        raise UsageError(message)
    path = parts.path.rstrip("/") or DEFAULT_PATH
    return ExporterAddress(parts.scheme == "https", host, port or DEFAULT_PORT, path)
