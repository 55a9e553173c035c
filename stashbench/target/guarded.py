"""Which settings and variables of a server we start must stay ours: where it lives and listens, what it may reach.

Stash takes any setting out of the environment too, as STASH_<KEY>, so one rule serves both.
"""

from __future__ import annotations

import re

STASH_PREFIX = "STASH_"
_SECRET = re.compile(r"key|secret|token|passw|username|credential|auth|cookie|session_store|jwt", re.IGNORECASE)
# Whatever leads to a place (a file, a folder, another machine, a program), and what our own reading goes by.
_PLACE = re.compile(
    r"path|dir(ectory)?$|folder|file(name)?s?$|database|^generated$|^cache$|^metadata$|^stash$|stash_?box|host|port$"
    r"|proxy|url|source|ffmpeg|ffprobe|python|^exec|script|plugin|scraper|dlna|blobs_storage|^nobrowser$|security"
    r"|^logout$|^video_file_naming_algorithm$|tripwire|^ssl|setup|certificate",
    re.IGNORECASE,
)
_OURS = frozenset({"HOME", "TMPDIR", "PATH", "PWD", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
_PREFIXES_OF_OURS = ("STASHBENCH_", "LD_", "DYLD_", "PYTHON")


def is_secret(name: str) -> bool:
    """Say whether the name of a variable or setting sounds like a secret."""
    return bool(_SECRET.search(name))


def is_guarded_setting(name: str) -> bool:
    """Say whether a setting of Stash must stay ours."""
    return is_secret(name) or bool(_PLACE.search(name))


def is_guarded_variable(name: str) -> bool:
    """Say whether a variable of the environment must stay ours."""
    upper = name.upper()
    if upper.startswith(STASH_PREFIX):
        return is_guarded_setting(upper.removeprefix(STASH_PREFIX).lower())
    return upper in _OURS or upper.startswith(_PREFIXES_OF_OURS) or upper.endswith("_PROXY") or is_secret(name)
