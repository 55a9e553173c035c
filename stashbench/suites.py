"""Finds the suites to run: those named, else ./suites, else those in the package, else those beside the checkout."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from stashbench.errors import UsageError

PACKAGED = Path(__file__).parent / "_suites"
BESIDE_CHECKOUT = Path(__file__).parent.parent / "suites"
_MARKER = "pytest.ini"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".pytest_cache")


def find_suites(explicit: Sequence[Path] = (), *, directory: Path | None = None) -> tuple[Path, ...]:
    """Return the files and folders to run.

    A wheel carries the suites as `_suites`; an editable install has them beside the checkout. A folder `suites` in the
    working directory (made by `stashbench init`) goes before both, so that edited copies are the ones that run.

    Raises:
        UsageError: a named path does not exist, or no suites are installed.
    """
    if explicit:
        missing = [path for path in explicit if not Path(str(path).split("::", 1)[0]).exists()]
        if missing:
            message = f"there is no suite at {missing[0]}; `stashbench init DIR` copies the ones that come with it"
            raise UsageError(message)
        return tuple(explicit)
    for folder in ((directory or Path.cwd()) / "suites", PACKAGED, BESIDE_CHECKOUT):
        if (folder / _MARKER).is_file():
            return (folder,)
    message = (
        "no suites were found beside or inside the installed package; install stashbench again, or use --suite PATH"
    )
    raise UsageError(message)


def benchmark_folders(explicit: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Find the suites' benchmarks only: checks judge one server, and are of no use where two are compared.

    Errors as for `find_suites`.
    """
    found = find_suites(explicit)
    return tuple(path / "benchmarks" if (path / "benchmarks").is_dir() else path for path in found)


def copy_to(directory: Path) -> tuple[Path, ...]:
    """Copy the suites that come with stashbench into a folder for editing; return the files made.

    Raises:
        UsageError: the folder exists and is not empty, or cannot be written.
    """
    (source,) = find_suites(directory=PACKAGED)  # a folder that never holds ./suites: only ours are copied
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        message = f"{directory} exists and is not empty; choose a new folder so that nothing of yours is overwritten"
        raise UsageError(message)
    try:
        shutil.copytree(source, directory, ignore=_NOT_COPIED, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        message = f"the suites could not be copied to {directory} ({error}); choose a folder you can write to"
        raise UsageError(message) from error
    return tuple(sorted(path for path in directory.rglob("*") if path.is_file()))
