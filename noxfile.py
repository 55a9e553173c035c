"""Everything that can be done with this checkout, each session with its own set-up: `nox -l` lists them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYTHON = sys.executable
QUICK = ("--stash-library", "500", "--quick")
nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "typing", "tests"]


@nox.session
def audit(session: nox.Session) -> None:
    """Audit the embedded server and say where the report lies; arguments go to `stashbench audit`."""
    session.install("-e", ".")
    session.run("stashbench", "audit", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install("ruff>=0.17,<0.18")  # a newer ruff has newer rules; moving on is a change of its own
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install("-e", ".[test]", "mypy>=2.4", "nox")
    session.run("mypy", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist, then audit with the wheel in a fresh environment, the source tree out of reach."""
    session.install("build>=1.3")
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist))
    (wheel,) = dist.glob("*.whl")
    (sdist,) = dist.glob("*.tar.gz")
    for package in (wheel, sdist):
        with tempfile.TemporaryDirectory(prefix="stashbench-build-") as folder:  # far from the source tree
            audit_installed(session, package, Path(folder))


def audit_installed(session: nox.Session, package: Path, home: Path) -> None:
    """Install a built package in a fresh environment and run an audit with it in an empty folder."""
    session.run(PYTHON, "-m", "venv", str(home / "venv"), external=True)
    programs = home / "venv" / "bin"
    session.run(str(programs / "python"), "-m", "pip", "install", "--quiet", str(package), external=True)
    empty = home / "empty"
    empty.mkdir()
    with session.chdir(empty):
        session.run(str(programs / "stashbench"), "audit", *(session.posargs or QUICK), external=True)
    reports = sorted((empty / "reports").glob("2*/report.html"))
    if not reports:
        session.error(f"{package.name} was installed and ran, but left no report in {empty / 'reports'}")
    session.log(f"{package.name} left {reports[0].name} of {reports[0].stat().st_size} bytes")


@nox.session
def docs(session: nox.Session) -> None:
    """Write what is generated into docs/ (result schema, command line); with --check only compare."""
    session.install("-e", ".")
    session.run("python", "docs/generate.py", *session.posargs)


@nox.session
def study(session: nox.Session) -> None:
    """Show how often our verdicts are false and what they find, beside peers (80 minutes on a quiet machine)."""
    session.install("-e", ".[test]")
    out = Path(session.posargs[0] if session.posargs else "study.jsonl")
    session.run("python", "studies/verdicts/study.py", "--out", str(out), *session.posargs[1:])
    truth = out.with_suffix(".truth.json")
    kept = out.with_suffix(".calibration.json")
    session.run("python", "studies/verdicts/truth.py", "--calibration", str(kept), "--out", str(truth))
    session.run("python", "studies/verdicts/table.py", str(out), str(truth))


@nox.session
def stored_study(session: nox.Session) -> None:
    """Show the same of audits against stored sessions (45 of them, over two hours, on a quiet machine)."""
    session.install("-e", ".[test]")
    out = Path(session.posargs[0] if session.posargs else "stored.jsonl")
    kept = out.with_suffix(".baselines")
    session.run(
        "python", "studies/verdicts/stored.py", "--out", str(out), "--baselines", str(kept), *session.posargs[1:]
    )
    session.run("python", "studies/verdicts/stored_table.py", str(out))


@nox.session
def picture(session: nox.Session) -> None:
    """Make the README's picture of a report anew from a real audit (needs a Chromium)."""
    session.install("-e", ".[test]")
    session.run("stashbench", "audit", *session.posargs)
    session.run("python", "docs/make_picture.py", "reports/latest/report.html", "docs/images/report.png")


if os.environ.get("CI"):
    nox.options.reuse_existing_virtualenvs = False
