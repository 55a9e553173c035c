"""A value that must never be shown: an API key, a password."""

from __future__ import annotations

from typing import Never

MASK = "***"
KEY_VARIABLE = "STASH_API_KEY"
"""The environment variable that gives us the key."""
USERNAME_VARIABLE = "STASH_USERNAME"
PASSWORD_VARIABLE = "STASH_PASSWORD"  # noqa: S105 - the name of a variable
_PAIRED = (KEY_VARIABLE, USERNAME_VARIABLE, PASSWORD_VARIABLE)
SECRET_VARIABLES = frozenset(f"{name}{side}" for name in _PAIRED for side in ("", "_A", "_B"))
"""The environment variables that hold secrets; processes we start do not get them. `_A` and `_B` are for `compare`."""


class Secret:
    """Holds a secret so that printing, logging, formatting or serialising it shows a mask; `reveal` gives the value.

    Two secrets are equal when their values are, so that settings can be compared and hashed.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value; call this only where it is sent to the server it belongs to."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> Never:
        message = "a secret cannot be pickled: it would leave this process in plain text"
        raise TypeError(message)
