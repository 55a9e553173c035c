"""What an import costs others: nothing heavy until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import stashbench

HEAVY = (
    *("gql", "jinja2", "sqlite_utils", "apsw", "numpy", "hypothesis", "psutil", "rich", "sqlglot"),
    *("strawberry", "uvicorn", "msgspec", "click"),
)

REPORT = f"import sys; print([name for name in {HEAVY!r} if name in sys.modules])"


def run(*arguments: str, cwd=None) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, check=True)
    return done.stdout


def test_importing_the_package_imports_nothing_heavy():
    assert run("-c", f"import stashbench; {REPORT}").strip() == "[]"


def test_importing_the_plugin_imports_nothing_heavy():
    assert run("-c", f"import stashbench.plugin; {REPORT}").strip() == "[]"


def test_a_pytest_run_that_does_not_use_the_plugin_pays_nothing(tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_nothing_heavy(request):\n"
        "    assert request.config.pluginmanager.hasplugin('stashbench')\n"
        f"    assert [name for name in {HEAVY!r} if name in sys.modules] == []\n"
    )
    # Other plugins of this environment may import some of these themselves; only ours is under test.
    out = run("-m", "pytest", "-q", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", str(tmp_path), cwd=tmp_path)
    assert "1 passed" in out
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("name", ["AuditResult", "StashbenchError"])
def test_public_names_are_found_on_first_use(name):
    assert name in run("-c", f"import stashbench; print(stashbench.{name}.__name__)")


def test_unknown_names_say_so():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        stashbench.nothing  # noqa: B018 - looking is the test
