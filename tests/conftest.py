"""What several folders of tests share: the sample results, loaded by path because tests are not a package."""

from __future__ import annotations

import gc
import importlib.util
import json
import lzma
import sys
from pathlib import Path

import pytest


def pytest_collection_finish():
    """Take what collecting four thousand tests left out of later garbage collections: each would look at all of it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def samples():
    """Give the module that builds sample results."""
    if "sample_result" not in sys.modules:
        path = Path(__file__).parent / "report" / "sample_result" / "__init__.py"
        spec = importlib.util.spec_from_file_location("sample_result", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["sample_result"] = module  # before it runs: its parts import one another
        spec.loader.exec_module(module)
    return sys.modules["sample_result"]


@pytest.fixture(scope="session")
def comparisons():
    """Give the module that builds sample comparisons of two servers."""
    path = Path(__file__).parent / "report" / "sample_comparison.py"
    spec = importlib.util.spec_from_file_location("sample_comparison", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def result(samples):
    """Give one result with everything in it."""
    return samples.build_sample()


@pytest.fixture(scope="session")
def stash_apis():
    """Give the APIs of ten releases of Stash as introspection tells them: `{"v0.17.2": {"queryType": ...}, ...}`."""
    packed = (Path(__file__).parent / "data" / "stash-api.json.xz").read_bytes()
    return json.loads(lzma.decompress(packed))


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Give a certificate authority of our own: `authority.context(...)` for a server, `authority.file` for a client."""
    spec = importlib.util.spec_from_file_location("certificates", Path(__file__).parent / "certificates.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module.Authority(tmp_path_factory.mktemp("authority"))
