from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from stashbench.report.html import render_html
from stashbench.store.results import read_result

DOCUMENT = Path(__file__).parent.parent / "golden" / "result-1.json"


def run(*arguments):
    command = [sys.executable, "-m", "stashbench", "report", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False)


def test_the_report_is_made_again_byte_for_byte_beside_its_result(tmp_path):
    shutil.copy(DOCUMENT, tmp_path / "result.json")
    expected = render_html(read_result(tmp_path)).encode()
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
