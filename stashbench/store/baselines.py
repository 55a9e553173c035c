"""Baselines: sessions kept under a name or as the rolling baseline, and which of them fit a run."""

from stashbench.store.matching import FoundSessions, find_sessions, unlike
from stashbench.store.named import check_name, list_baselines, load, load_sessions, named, paths_of, save
from stashbench.store.rolling import feed, session_of
from stashbench.store.session_file import BASELINE_VERSION

__all__ = [
    "BASELINE_VERSION",
    "FoundSessions",
    "check_name",
    "feed",
    "find_sessions",
    "list_baselines",
    "load",
    "load_sessions",
    "named",
    "paths_of",
    "save",
    "session_of",
    "unlike",
]
