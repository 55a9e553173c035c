"""Takes a key out of whatever a server sends back, in the ways a key can be written."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

from stashbench.model.secret import MASK, Secret

# A shorter one may be part of any word, and masking it would break answers; Stash's own have over a hundred characters.
SHORTEST_IN_ANSWERS = 8


class Redaction:
    """Replaces one key by the mask; holds it so that no traceback with local variables shows it."""

    __slots__ = ("_forms", "_is_long")

    def __init__(self, secret: Secret | None) -> None:
        key = secret.reveal() if secret else ""
        self._forms = tuple(Secret(form) for form in _spellings(key)) if key else ()
        self._is_long = len(key) >= SHORTEST_IN_ANSWERS

    def in_text(self, text: str) -> str:
        """Return the text without the key."""
        for form in self._forms:
            text = text.replace(form.reveal(), MASK)
        return text

    def in_answer(self, body: bytes) -> bytes:
        """Return the body without the key, before anything of it is decoded, cut or kept."""
        if not self._is_long:
            return body
        for form in self._forms:
            if form.reveal().encode() in body:
                body = body.replace(form.reveal().encode(), MASK.encode())
        return body


def _spellings(key: str) -> tuple[str, ...]:
    """Return the key as it is, and as JSON, URLs and base64 write it; the longest first."""
    in_json = json.dumps(key)[1:-1]
    in_go = in_json.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    coded = [base64.b64encode(key.encode()).decode(), base64.urlsafe_b64encode(key.encode()).decode()]
    bare = [form.rstrip("=") for form in coded]
    found = {key, in_json, in_json.replace("/", r"\/"), in_go, quote(key, safe=""), quote_plus(key), *bare}
    return tuple(sorted(found, key=lambda form: (-len(form), form)))
