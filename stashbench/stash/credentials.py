"""What a request carries to be let in: one header line, which a renewed session changes in place."""

from __future__ import annotations

from stashbench.errors import UsageError
from stashbench.model.secret import Secret


class HiddenBytes(bytes):
    """Bytes with a secret in them; a traceback that shows local variables must not show them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


class Credentials:
    """The header line that a connection puts into each request: a key, a cookie, or none.

    Connections that share one of these follow a renewed session at no cost: the line is ready to be sent.
    """

    __slots__ = ("line",)

    def __init__(self, line: str = "") -> None:
        self.line = HiddenBytes(line.encode("latin-1"))

    @classmethod
    def of_key(cls, api_key: Secret | str | None) -> Credentials:
        """Return the header line of an API key.

        Raises:
            UsageError: the key holds what no header may carry; it is not repeated.
        """
        key = Secret(api_key) if isinstance(api_key, str) else api_key
        if not key:
            return cls()
        if not (key.reveal().isascii() and key.reveal().isprintable()):
            message = "The API key holds characters that no HTTP header may carry: copy it again from Stash's settings."
            raise UsageError(message)
        return cls(f"ApiKey: {key.reveal()}\r\n")

    def use_cookie(self, cookie: Secret) -> None:
        """Send this session cookie (its value, already checked) from now on."""
        self.line = HiddenBytes(f"Cookie: session={cookie.reveal()}\r\n".encode("latin-1"))
