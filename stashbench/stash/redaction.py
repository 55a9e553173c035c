"""Takes secrets out of whatever a server sends back, in the ways a secret can be written."""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from urllib.parse import quote, quote_plus

from stashbench.model.secret import MASK, Secret
from stashbench.stash.credentials import HiddenBytes

# A shorter one may be part of any word, and masking it would break answers; Stash's own have over a hundred characters.
SHORTEST_IN_ANSWERS = 8
COOKIES_KEPT = 4


class Redaction:
    """Replaces a key, a password and session cookies by the mask; no traceback with local variables shows them.

    A user name is masked where it stands alone: as a part of a word or of a path (`/home/NAME`) it is somebody's word.
    """

    __slots__ = ("_cookies", "_fixed", "_name")

    def __init__(self, *secrets: Secret | None, username: Secret | None = None) -> None:
        self._fixed = tuple(_Hidden(secret) for secret in secrets if secret)
        self._name = _HiddenName(username) if username else None
        self._cookies: deque[_Hidden] = deque(maxlen=COOKIES_KEPT)

    def learn(self, cookie: Secret) -> None:
        """Mask this session cookie too; the oldest are forgotten, because a server prolongs a session for ever."""
        if cookie:
            self._cookies.append(_Hidden(cookie))

    def in_text(self, text: str) -> str:
        """Return the text without secrets."""
        for hidden in (*self._fixed, *self._cookies):
            for form in hidden.forms:
                text = text.replace(form.reveal(), MASK)
        return self._name.in_text(text) if self._name else text

    def in_answer(self, body: bytes) -> bytes:
        """Return the body without secrets, before anything of it is decoded, cut or kept."""
        for hidden in (*self._fixed, *self._cookies):
            for form in hidden.forms if hidden.is_long else ():
                if _coded(form) in body:
                    body = body.replace(_coded(form), MASK.encode())
        return self._name.in_answer(body) if self._name and self._name.is_long else body


class _Hidden:
    """One secret in all its spellings."""

    __slots__ = ("forms", "is_long")

    def __init__(self, secret: Secret) -> None:
        self.forms = tuple(Secret(form) for form in _spellings(secret))
        self.is_long = len(secret.reveal()) >= SHORTEST_IN_ANSWERS


class _HiddenName:
    """A user name that stands alone: no letter, digit, or separator of a path beside it."""

    __slots__ = ("_name", "is_long")

    def __init__(self, name: Secret) -> None:
        self._name = name
        self.is_long = len(name.reveal()) >= SHORTEST_IN_ANSWERS

    def in_text(self, text: str) -> str:
        if self._name.reveal() not in text:
            return text
        return re.sub(rf"(?<![\w/\\-]){re.escape(self._name.reveal())}(?![\w/\\-])", MASK, text)

    def in_answer(self, body: bytes) -> bytes:
        if _coded(self._name) not in body:
            return body
        pattern = rb"(?<![\w/\\-])%b(?![\w/\\-])" % re.escape(_coded(self._name))
        return re.sub(pattern, MASK.encode(), body)


def _coded(secret: Secret) -> bytes:
    """Return its bytes; what came from the environment may be no UTF-8."""
    return HiddenBytes(secret.reveal().encode(errors="surrogateescape"))


def _spellings(secret: Secret) -> tuple[str, ...]:
    """Return the secret as it is, and as JSON, URLs and base64 write it; the longest first."""
    in_json = json.dumps(secret.reveal())[1:-1]
    in_go = in_json.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    in_url = {quote(_coded(secret), safe=""), quote_plus(_coded(secret))}
    in_base64 = {base64.b64encode(_coded(secret)), base64.urlsafe_b64encode(_coded(secret))}
    bare = {form.decode().rstrip("=") for form in in_base64}
    found = {secret.reveal(), in_json, in_json.replace("/", r"\/"), in_go, *in_url, *bare}
    return tuple(sorted(found, key=lambda form: (-len(form), form)))
