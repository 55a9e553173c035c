"""Who is let in: the key or the user name and password that a server asks for, and its sessions."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

DEFAULT_SESSION_SECONDS = 3600
COOKIE_NAME = "session"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a server asks for; without key and user name everybody is let in.

    `session_seconds` is how long a session lasts without a request. `is_before_026` refuses as releases before v0.26
    did: a wrong key with status 500, a wrong password with the form again, and a log-in leads to the start page.
    """

    api_key: str | None = field(default=None, repr=False)
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    session_seconds: float = DEFAULT_SESSION_SECONDS
    is_before_026: bool = False
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def has_credentials(self) -> bool:
        """Say whether a user name and a password are asked for."""
        return bool(self.username and self.password)

    @property
    def is_restricted(self) -> bool:
        """Say whether anything is asked for."""
        return self.has_credentials or self.api_key is not None

    def knows_key(self, key: str) -> bool:
        """Say whether this is the key; none is right where there is none."""
        return self.api_key is not None and _are_equal(key, self.api_key)

    def knows_user(self, username: str, password: str) -> bool:
        """Say whether these are user name and password; anybody's are, where nothing is asked for."""
        if not self.has_credentials:
            return not self.is_restricted
        return _are_equal(username, self.username or "") and _are_equal(password, self.password or "")

    def new_cookie(self) -> str:
        """Return the Set-Cookie line of a session that begins or goes on now."""
        begun = f"{time.time():.3f}"
        life_seconds = max(1, int(self.session_seconds))
        return f"{COOKIE_NAME}={begun}-{self._signature(begun)}; Path=/; Max-Age={life_seconds}; SameSite=Lax"

    def is_session(self, cookies: str) -> bool:
        """Say whether a Cookie header holds a session of ours that lasts."""
        try:
            found = SimpleCookie(cookies).get(COOKIE_NAME)
        except CookieError:
            return False
        begun, _, signature = (found.value if found else "").partition("-")
        if not _are_equal(signature, self._signature(begun)):
            return False
        return time.time() - float(begun) <= self.session_seconds

    def _signature(self, text: str) -> str:
        return hmac.digest(self._secret, text.encode(), "sha256").hex()


def _are_equal(given: str, right: str) -> bool:
    """Compare without telling by the time it takes how much is right."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), right.encode(errors="surrogateescape"))
