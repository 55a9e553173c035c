"""The address of a Stash server, as a user writes it and as requests need it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from stashbench.errors import UsageError

DEFAULT_PORTS = {"http": 80, "https": 443}
GRAPHQL_SUFFIX = "/graphql"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server is: scheme, host, port, and the path a reverse proxy put in front (empty or `/stash`)."""

    scheme: str
    host: str
    port: int
    base_path: str = ""

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """Read an address such as `localhost:9999`, `https://nas/stash` or `http://[::1]:9999/graphql`.

        Raises:
            UsageError: the text is no such address, or carries a key or a password.
        """
        text = text.strip()
        parts = _split(text)
        scheme = parts.scheme.lower()
        if scheme not in DEFAULT_PORTS:
            message = f"The address must begin with http:// or https://, not {scheme}://; correct --stash-url."
            raise UsageError(message)
        # An @ anywhere: with a slash too few, a password would be taken for a path.
        if "@" in text or parts.query or parts.fragment:
            message = (
                "The address must not carry a user name, a key or other parameters, because it is shown in reports; "
                "pass the key with --stash-api-key or STASH_API_KEY."
            )
            raise UsageError(message)
        try:
            port = DEFAULT_PORTS[scheme] if parts.port is None else parts.port
        except ValueError:
            port = 0
        if port == 0:
            message = f"The address {text!r} has no valid port (1 to 65535); correct --stash-url."
            raise UsageError(message)
        host = parts.hostname
        if not text.isascii():
            message = f"The address {text!r} must be written in ASCII: the host in its xn-- form, the path with %."
            raise UsageError(message)
        if not host or any(character.isspace() or not character.isprintable() for character in text):
            message = f"The address {text!r} names no host; write it like http://localhost:9999."
            raise UsageError(message)
        return cls(scheme, host, port, parts.path.rstrip("/").removesuffix(GRAPHQL_SUFFIX).rstrip("/"))

    @property
    def is_tls(self) -> bool:
        """Say whether the connection is encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as the Host header and an address hold them; the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without the GraphQL path, without trailing slash."""
        return f"{self.scheme}://{self.authority}{self.base_path}"

    @property
    def graphql_path(self) -> str:
        """The path that takes GraphQL requests."""
        return self.base_path + GRAPHQL_SUFFIX

    @property
    def websocket_url(self) -> str:
        """The address of the subscriptions."""
        return f"{'wss' if self.is_tls else 'ws'}://{self.authority}{self.graphql_path}"

    @property
    def is_loopback(self) -> bool:
        """Say whether the server is on this machine by its address alone."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def _split(text: str) -> SplitResult:
    """Split an address; without a scheme it is taken as http."""
    try:
        return urlsplit(text if "://" in text else f"http://{text}")
    except ValueError as error:
        message = "The address cannot be read; write it like http://localhost:9999."
        raise UsageError(message) from error
