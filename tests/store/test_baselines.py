from __future__ import annotations

import msgspec
import pytest

from stashbench.errors import StoreError, UsageError
from stashbench.model.target import LibrarySize, TargetKind
from stashbench.store import baselines

replace = msgspec.structs.replace


def test_a_baseline_comes_back_as_it_was(tmp_path, make_baseline):
    baseline = make_baseline("v0.30.1_fresh")
    path = baselines.save(tmp_path / "new", baseline)
    assert path.name == "v0.30.1_fresh.json"
    assert baselines.load(tmp_path / "new", "v0.30.1_fresh") == baseline


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a b", "a\n", "-x", "x" * 101, "ü", "a\x00"])
def test_a_name_that_is_no_plain_file_name_is_refused(tmp_path, make_baseline, name):
    with pytest.raises(UsageError, match="cannot be a baseline's name"):
        baselines.save(tmp_path, make_baseline(name))
    with pytest.raises(UsageError):
        baselines.load(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_one_names_those_that_are_there(tmp_path, make_baseline):
    with pytest.raises(StoreError, match=r"no baseline 'x' in .* \(there: none\)"):
        baselines.load(tmp_path, "x")
    baselines.save(tmp_path, make_baseline("good"))
    with pytest.raises(StoreError, match=r"\(there: good\)"):
        baselines.load(tmp_path, "x")


def test_damaged_and_newer_files_are_refused(tmp_path, make_baseline):
    path = baselines.save(tmp_path, make_baseline("good"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError, match="not a stashbench baseline"):
        baselines.load(tmp_path, "good")
    baselines.save(tmp_path, make_baseline("good", schema_version=99))
    with pytest.raises(StoreError, match="newer stashbench"):
        baselines.load(tmp_path, "good")


def test_the_list_is_by_age_and_passes_over_other_files(tmp_path, make_baseline):
    for name, month in (("b", "03"), ("a", "01"), ("c", "02")):
        baselines.save(tmp_path, make_baseline(name, created_at=f"2026-{month}-01T00:00:00Z"))
    (tmp_path / "other.json").write_text('{"benchmarks": []}')
    (tmp_path / "README.md").write_text("")
    assert [item.name for item in baselines.list_baselines(tmp_path)] == ["a", "c", "b"]
    assert baselines.list_baselines(tmp_path / "none") == ()


def test_the_newest_match_is_found(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline("old"))
    baselines.save(tmp_path, make_baseline("newer", created_at="2026-02-01T00:00:00Z"))
    other = replace(environment, fingerprint="0" * 16, cpu_model="Another")
    baselines.save(tmp_path, make_baseline("elsewhere", created_at="2026-03-01T00:00:00Z", environment=other))
    found, reason = baselines.newest_matching(tmp_path, environment, target)
    assert found.name == "newer"
    assert "the newest of 2 that match" in reason


def test_no_baseline_at_all_and_why(tmp_path, environment, target):
    assert baselines.newest_matching(tmp_path, environment, target) == (None, f"there are no baselines in {tmp_path}")
    (tmp_path / "x.json").write_text("{")
    found, reason = baselines.newest_matching(tmp_path, environment, target)
    assert found is None
    assert "1 files there cannot be read" in reason


def test_each_kind_of_mismatch_is_told_in_words(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline())
    cases = {
        "another machine (CPU Processor, now Quick)": (
            replace(environment, fingerprint="0", cpu_model="Quick"),
            target,
        ),
        "another machine (its fingerprint differs)": (replace(environment, fingerprint="0"), target),
        "another kind of target (attached, now embedded)": (environment, replace(target, kind=TargetKind.EMBEDDED)),
        "another address (http://stash.local:9999)": (environment, replace(target, url="http://other:9999")),
        "another database schema (75, now 76)": (environment, replace(target, schema_version=76)),
        "another size (1000 scenes, now 2000)": (environment, replace(target, library=LibrarySize(scene_count=2000))),
        "another size (1000 scenes, now None)": (environment, replace(target, library=LibrarySize())),
    }
    for words, (machine, server) in cases.items():
        found, reason = baselines.newest_matching(tmp_path, machine, server)
        assert found is None
        assert words in reason
        assert "the nearest, good" in reason


def test_a_named_one_is_compared_in_any_case_and_what_is_unlike_is_said(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline("before"))
    assert baselines.load_for(tmp_path, "before", environment, target)[1] == "chosen by name"
    machine = replace(environment, fingerprint="another", cpu_count=64)
    found, reason = baselines.load_for(tmp_path, "before", machine, target)
    assert found.name == "before"
    assert reason.startswith("chosen by name; mind that it has another machine (cores ")


def test_small_growth_and_a_slash_at_the_end_do_not_matter(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline())
    grown = replace(target, url="HTTP://stash.local:9999/", library=LibrarySize(scene_count=1100))
    assert baselines.newest_matching(tmp_path, environment, grown)[0] is not None


def test_the_embedded_servers_port_does_not_matter(tmp_path, make_baseline, environment, target):
    embedded = replace(target, kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1111")
    baselines.save(tmp_path, make_baseline(target=embedded))
    again = replace(embedded, url="http://127.0.0.1:2222")
    assert baselines.newest_matching(tmp_path, environment, again)[0] is not None


def test_a_program_we_started_is_told_by_its_release_and_library_not_by_its_port(
    tmp_path, make_baseline, environment, target
):
    started = replace(target, kind=TargetKind.MANAGED, url="http://127.0.0.1:1111", library_seed=1)
    baselines.save(tmp_path, make_baseline(target=started))
    again = replace(started, url="http://127.0.0.1:2222")
    assert baselines.newest_matching(tmp_path, environment, again)[0] is not None
    for changes, words in (
        ({"server_version": "v0.31.0"}, "another release (v0.30.1, now v0.31.0)"),
        ({"library_seed": 2}, "a library of another seed (1, now 2)"),
        ({"library": LibrarySize(scene_count=5)}, "a library of another size (1000 scenes, now 5)"),
    ):
        found, why = baselines.newest_matching(tmp_path, environment, replace(again, **changes))
        assert found is None
        assert words in why
