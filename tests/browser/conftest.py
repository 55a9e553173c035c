"""A browser, and the sample results, which are loaded by path because tests are not a package."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

ARGUMENTS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def samples():
    if "sample_result" not in sys.modules:
        path = Path(__file__).parent.parent / "report" / "sample_result" / "__init__.py"
        spec = importlib.util.spec_from_file_location("sample_result", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["sample_result"] = module  # before it runs: its parts import one another
        spec.loader.exec_module(module)
    return sys.modules["sample_result"]


@pytest.fixture(scope="session")
def result(samples):
    return samples.build_sample()


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if path is None:
        message = "there is no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{message}, and CI must look at the report")
        pytest.skip(message)
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()
