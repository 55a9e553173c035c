"""Times as people write them: `90s`, `5m`, `1h`, or plain seconds."""

from __future__ import annotations

import math
import re

from stashbench.errors import ConfigurationError
from stashbench.model.text import one_line

_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
_SHOWN = 40


def parse_duration(text: str, option: str) -> float:
    """Return seconds.

    Raises:
        ConfigurationError: it is no such time; `option` is what the message calls it.
    """
    found = _WRITTEN.fullmatch(text.strip().lower())
    seconds = float(found[1]) * _SECONDS.get(found[2], math.nan) if found else math.nan
    if not math.isfinite(seconds):
        message = f"{option}: {one_line(text, _SHOWN)!r} is no time; write 90s, 5m or 1h"
        raise ConfigurationError(message)
    return seconds
