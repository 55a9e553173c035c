"""The sample results, loaded by path because tests are not a package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def samples():
    path = Path(__file__).parent.parent / "report" / "sample_result.py"
    spec = importlib.util.spec_from_file_location("sample_result", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def result(samples):
    return samples.build_sample()
