from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from stashbench.report.html import render_html
from stashbench.store.results import write_result


@pytest.fixture(scope="module")
def result():
    path = Path(__file__).parent.parent / "report" / "sample_result.py"
    spec = importlib.util.spec_from_file_location("sample_result", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.build_partial()


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "stashbench", "report", *map(str, arguments)], capture_output=True)


def test_the_report_is_made_again_byte_for_byte_beside_its_result(result, tmp_path):
    write_result(tmp_path, result)
    expected = render_html(result).encode()
    assert run(tmp_path).returncode == 0
    assert (tmp_path / "report.html").read_bytes() == expected
    done = run(tmp_path / "result.json", "--out", tmp_path / "other" / "r.html")
    assert done.returncode == 0
    assert (tmp_path / "other" / "r.html").read_bytes() == expected
    assert run(tmp_path, "--out", "-").stdout == expected


def test_a_missing_result_is_one_sentence(tmp_path):
    done = run(tmp_path / "none")
    assert done.returncode == 4
    assert b"Cannot read the result" in done.stderr
    assert b"Traceback" not in done.stderr
