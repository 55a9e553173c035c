"""Runs pytest inside this process, with none of the plugins that happen to be installed, and its words in a buffer."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence

import pytest


def run_pytest(arguments: Sequence[str], plugin: object, output: io.StringIO) -> int:
    """Run pytest with what the arguments load and this plugin alone, its words in `output`; return its exit status.

    What else is installed on the machine must not change what is measured or asked.
    """
    before = {name: os.environ.get(name) for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS")}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        return int(pytest.main([*arguments], plugins=[plugin, _Quiet(output)]))
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Quiet:
    """Routes pytest's own words into a buffer."""

    def __init__(self, output: io.StringIO) -> None:
        self._output = output

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Exchange the terminal for the buffer."""
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)
            config.pluginmanager.register(pytest.TerminalReporter(config, self._output), "terminalreporter")
