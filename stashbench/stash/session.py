"""The session of one log-in, shared by a client and its clones: begun when the server asks for it, then kept alive."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from contextlib import closing

from stashbench.stash.credentials import Credentials
from stashbench.stash.login import Login, SessionCookie, log_in, read_cookie
from stashbench.stash.redaction import Redaction
from stashbench.stash.transport import Connection

# The server sends a fresh cookie with each answer. Ours is exchanged this seldom, so that requests stay alike.
EXCHANGE_SECONDS = 60.0
EXCHANGE_SHARE = 0.1
OLD_SHARE = 0.5


class Session:
    """Holds the cookie; `credentials` is what connections send. Nothing is sent before `begin`.

    `login_count` says how often we logged in. `is_needed` is None until the server has been asked.
    """

    def __init__(
        self,
        login: Login,
        connect: Callable[[], Connection],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.credentials = Credentials()
        self.redaction = Redaction(login.password, username=login.username)
        self.login_count = 0
        self.is_needed: bool | None = None
        self._login = login
        self._connect = connect
        self._clock = clock
        self._lock = threading.Lock()
        self._taken_at = 0.0
        self._life_seconds = 0.0

    def begin(self) -> None:
        """Log in, for the first time or again; over a connection of its own, so that a timed one stays as it is.

        Raises:
            TargetRefusedError: user name or password are wrong, or the server cannot log anybody in.
            StashbenchError: no answer, or none of Stash's.
        """
        with self._lock, closing(self._connect()) as connection:
            self._adopt(log_in(connection, self._login))
            self.is_needed = True
            self.login_count += 1

    @property
    def is_old(self) -> bool:
        """Say whether the session has used up half of its life since the server last prolonged it."""
        return self.login_count > 0 and self._age_seconds() > OLD_SHARE * self._life_seconds

    def note_answer(self, headers: http.client.HTTPMessage) -> None:
        """Note that we were let in, and take the answer's fresh cookie if ours is due for exchange."""
        self.is_needed = self.login_count > 0
        if self.login_count == 0 or self._age_seconds() < min(EXCHANGE_SECONDS, EXCHANGE_SHARE * self._life_seconds):
            return
        cookie = read_cookie(headers)
        if cookie is not None and cookie.life_seconds > 0:
            with self._lock:
                self._adopt(cookie)

    def _adopt(self, cookie: SessionCookie) -> None:
        self.redaction.learn(cookie.value)
        self.credentials.use_cookie(cookie.value)
        self._taken_at = self._clock()
        self._life_seconds = cookie.life_seconds

    def _age_seconds(self) -> float:
        return self._clock() - self._taken_at
