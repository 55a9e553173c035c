"""Settings with their sources: default < file < environment < command line."""

from stashbench.config.load import find_file, load_settings
from stashbench.config.settings import Settings

__all__ = ["Settings", "find_file", "load_settings"]
