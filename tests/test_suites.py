"""Where the suites are found, and that a copy of them is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashbench import suites
from stashbench.errors import UsageError


def make_suite(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def test_named_paths_win_and_may_name_one_test(tmp_path):
    file = make_suite(tmp_path / "mine") / "bench_x.py"
    file.write_text("")
    make_suite(tmp_path / "suites")
    chosen = (Path(f"{file}::bench_one"),)
    assert suites.find_suites(chosen, directory=tmp_path) == chosen


def test_the_working_directory_goes_before_what_is_installed(tmp_path):
    assert suites.find_suites(directory=make_suite(tmp_path / "suites").parent) == (tmp_path / "suites",)


def test_a_folder_that_only_happens_to_be_called_suites_is_not_taken(tmp_path):
    (tmp_path / "suites").mkdir()
    (found,) = suites.find_suites(directory=tmp_path)
    assert found in {suites.PACKAGED, suites.BESIDE_CHECKOUT}
    assert (found / "conftest.py").is_file()


def test_the_packaged_copy_goes_before_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(suites, "PACKAGED", make_suite(tmp_path / "_suites"))
    assert suites.find_suites(directory=tmp_path / "elsewhere") == (tmp_path / "_suites",)


def test_a_missing_path_says_which_and_what_to_do(tmp_path):
    with pytest.raises(UsageError, match=r"no suite at .*nothing.py.*stashbench init"):
        suites.find_suites((tmp_path / "nothing.py",))


def test_no_suites_at_all_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(suites, "PACKAGED", tmp_path / "a")
    monkeypatch.setattr(suites, "BESIDE_CHECKOUT", tmp_path / "b")
    with pytest.raises(UsageError, match="no suites were found"):
        suites.find_suites(directory=tmp_path)


def test_a_copy_has_every_file_and_no_leftovers(tmp_path):
    target = tmp_path / "new" / "suites"
    files = suites.copy_to(target)
    source = suites.find_suites(directory=tmp_path)[0]
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {path.relative_to(target) for path in files} == wanted
    assert Path("benchmarks/bench_scenes.py") in wanted


def test_nothing_of_the_users_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        suites.copy_to(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_copy_is_of_ours_even_beside_an_edited_one(tmp_path, monkeypatch):
    (make_suite(tmp_path / "suites") / "bench_mine.py").write_text("")
    monkeypatch.chdir(tmp_path)
    files = suites.copy_to(tmp_path / "fresh")
    assert "bench_mine.py" not in {path.name for path in files}
