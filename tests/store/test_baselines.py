from __future__ import annotations

import msgspec
import pytest

from stashbench.errors import StoreError, UsageError
from stashbench.model.environment import fingerprint_of
from stashbench.model.target import LibrarySize, TargetKind
from stashbench.store import baselines

replace = msgspec.structs.replace


def test_a_baseline_comes_back_as_it_was(tmp_path, make_baseline):
    baseline = make_baseline("v0.30.1_fresh", schema_version=2)
    path = baselines.save(tmp_path / "new", baseline)
    assert path == tmp_path / "new" / "v0.30.1_fresh" / "run-1.json.gz"
    found = baselines.load(tmp_path / "new", "v0.30.1_fresh")
    # what a run used is for its report
    slim = tuple(replace(item, looks=(), work=None) for item in baseline.measurements)
    assert found == replace(baseline, measurements=slim)


def old_file(directory, baseline):
    """Write the older format: the bare struct as NAME.json."""
    directory.mkdir(exist_ok=True)
    (directory / f"{baseline.name}.json").write_bytes(msgspec.json.encode(baseline))


def test_saving_replaces_and_adding_adds_also_to_the_older_format(tmp_path, make_baseline):
    old_file(tmp_path, make_baseline("x", run_id="old", created_at="2025-01-01T00:00:00Z"))
    assert baselines.load(tmp_path, "x").run_id == "old"
    baselines.save(tmp_path, make_baseline("x", run_id="b"), is_added=True)
    assert [item.run_id for item in baselines.load_sessions(tmp_path, "x")[0]] == ["old", "b"]
    baselines.save(tmp_path, make_baseline("x", run_id="c"))
    assert [item.run_id for item in baselines.load_sessions(tmp_path, "x")[0]] == ["c"]
    assert [path.name for path in tmp_path.rglob("*.*")] == ["c.json.gz"]


@pytest.mark.parametrize("name", ["auto", "none", "rolling", "Rolling", "selftest"])
def test_names_with_a_meaning_of_their_own_are_refused(tmp_path, make_baseline, name):
    with pytest.raises(UsageError, match="has a meaning of its own"):
        baselines.save(tmp_path, make_baseline(name))


def test_a_run_of_a_stranger_cannot_choose_where_it_is_written(tmp_path, make_baseline):
    with pytest.raises(UsageError, match="cannot be a run id"):
        baselines.save(tmp_path / "in", make_baseline("x", run_id="../../out"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_renamed_is_called_by_its_new_name(tmp_path, make_baseline):
    baselines.save(tmp_path, make_baseline("before"))
    (tmp_path / "before").rename(tmp_path / "after")
    assert baselines.load(tmp_path, "after").name == "after"
    assert baselines.named(tmp_path) == ("after",)


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


def test_a_damaged_file_among_others_is_told(tmp_path, make_baseline, environment, target):
    path = baselines.save(tmp_path, make_baseline("good"))
    content = path.read_bytes()
    path.write_bytes(content[:100])
    with pytest.raises(StoreError, match="not a whole baseline"):
        baselines.load(tmp_path, "good")
    (path.parent / "run-2.json.gz").write_bytes(content)
    found = baselines.find_sessions(tmp_path, "good", environment, target)
    assert len(found.sessions) == 1
    assert "1 of its files cannot be read" in found.reason


def test_the_list_is_by_age_and_passes_over_other_files(tmp_path, make_baseline):
    for name, month in (("b", "03"), ("a", "01"), ("c", "02")):
        baselines.save(tmp_path, make_baseline(name, created_at=f"2026-{month}-01T00:00:00Z"))
    (tmp_path / "other.json").write_text('{"benchmarks": []}')
    (tmp_path / "README.md").write_text("")
    assert [item.name for item in baselines.list_baselines(tmp_path)] == ["a", "c", "b"]
    assert baselines.list_baselines(tmp_path / "none") == ()


def find(directory, environment, target, name="auto"):
    return baselines.find_sessions(directory, name, environment, target)


def test_the_newest_match_is_found_with_all_its_sessions(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline("old"))
    baselines.save(tmp_path, make_baseline("newer", run_id="b", created_at="2026-02-02T00:00:00Z"))
    baselines.save(tmp_path, make_baseline("newer", run_id="a", created_at="2026-02-01T00:00:00Z"), is_added=True)
    other = replace(environment, fingerprint="0" * 16, cpu_model="Another")
    baselines.save(tmp_path, make_baseline("elsewhere", created_at="2026-03-01T00:00:00Z", environment=other))
    found = find(tmp_path, environment, target)
    assert (found.name, found.is_same_machine, found.differences) == ("newer", True, ())
    assert [item.run_id for item in found.sessions] == ["a", "b"]
    assert "the newest of 2 that match" in found.reason


def test_no_baseline_at_all_and_why(tmp_path, environment, target):
    assert find(tmp_path, environment, target).reason == f"there are no baselines in {tmp_path}"
    (tmp_path / "x.json").write_text("{")
    found = find(tmp_path, environment, target)
    assert found.sessions == ()
    assert "1 files there cannot be read" in found.reason
    assert find(tmp_path, environment, target, "none").sessions == ()


def test_the_same_server_on_another_machine_is_good_for_counters_only(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline())
    for machine, words in (
        (replace(environment, fingerprint="0", cpu_model="Quick"), "another machine (CPU Processor, now Quick)"),
        (replace(environment, fingerprint="0"), "another machine (its fingerprint differs)"),
        (replace(environment, cpu_count=64), "another machine (cores 2, now 64)"),
    ):
        found = find(tmp_path, machine, target)
        assert [item.name for item in found.sessions] == ["good"]
        assert (found.is_same_machine, found.differences) == (False, (words,))
        assert "times are not judged" in found.reason


def test_each_kind_of_other_server_is_told_in_words(tmp_path, make_baseline, environment, target):
    target = replace(target, speed_settings={"logLevel": "Info", "parallelTasks": "1"})
    baselines.save(tmp_path, make_baseline(target=target))
    cases = {
        "another kind of target (attached, now embedded)": {"kind": TargetKind.EMBEDDED},
        "another address (http://stash.local:9999)": {"url": "http://other:9999"},
        "another release (v0.30.1, now v0.31.0)": {"server_version": "v0.31.0"},
        "another database schema (75, now 76)": {"schema_version": 76},
        "another size (1000 scenes, now 2000)": {"library": LibrarySize(scene_count=2000)},
        "another size (1000 scenes, now unknown)": {"library": LibrarySize()},
        "other settings of the server (logLevel Info, now Trace, parallelTasks 1, now unset)": {
            "speed_settings": {"logLevel": "Trace"}
        },
    }
    for words, changes in cases.items():
        found = find(tmp_path, environment, replace(target, **changes))
        assert found.sessions == ()
        assert words in found.reason
        assert "the nearest, good" in found.reason
        assert "--baseline good" in found.reason


def test_a_named_one_is_returned_in_any_case_and_what_is_unlike_is_said(tmp_path, make_baseline, environment, target):
    baselines.save(tmp_path, make_baseline("before"))
    same = find(tmp_path, environment, target, "before")
    assert (same.reason, same.is_same_machine) == ("chosen by name", True)
    machine = replace(environment, fingerprint="another", cpu_count=64)
    found = find(tmp_path, machine, target, "before")
    assert found.name == "before"
    assert not found.is_same_machine
    assert found.reason.startswith("chosen by name; mind that it has another machine (cores ")
    upgraded = find(tmp_path, environment, replace(target, server_version="v9"), "before")
    assert upgraded.is_same_machine
    assert upgraded.differences == ("another release (v0.30.1, now v9)",)


def test_of_a_named_one_only_the_sessions_most_alike_are_taken(tmp_path, make_baseline, environment, target):
    other = replace(environment, fingerprint="0" * 16, cpu_model="Another")
    baselines.save(tmp_path, make_baseline("x", run_id="here"))
    later = make_baseline("x", run_id="there", created_at="2026-03-01T00:00:00Z", environment=other)
    baselines.save(tmp_path, later, is_added=True)
    found = find(tmp_path, environment, target, "x")
    assert [item.run_id for item in found.sessions] == ["here"]
    assert "1 of its 2 sessions" in found.reason
    assert baselines.unlike(tmp_path, make_baseline("x")) == ("another machine (CPU Another, now Processor)",)


def test_a_forged_session_is_of_another_machine(tmp_path, make_baseline, environment, target):
    facts = {"cpu_model": "Processor"}
    forged = replace(environment, hard_facts={"cpu_model": "Quick"}, fingerprint=fingerprint_of(facts))
    here = replace(environment, hard_facts=facts, fingerprint=fingerprint_of(facts))
    baselines.save(tmp_path, make_baseline("x", environment=forged))
    for name in ("auto", "x"):
        found = find(tmp_path, here, target, name)
        assert not found.is_same_machine
        assert found.differences[0] == "its fingerprint does not belong to the machine it tells of"


def test_small_growth_and_a_slash_at_the_end_do_not_matter(tmp_path, make_baseline, environment, target):
    before = replace(target, library=LibrarySize(scene_count=1000, tag_count=3))
    baselines.save(tmp_path, make_baseline(target=before))
    grown = replace(target, url="HTTP://stash.local:9999/", library=LibrarySize(scene_count=1100, tag_count=8))
    assert find(tmp_path, environment, grown).sessions
    more_tags = replace(grown, library=LibrarySize(scene_count=1100, tag_count=9))
    assert "(3 tags, now 9)" in find(tmp_path, environment, more_tags).reason


def test_the_embedded_servers_port_does_not_matter(tmp_path, make_baseline, environment, target):
    embedded = replace(target, kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1111")
    baselines.save(tmp_path, make_baseline(target=embedded))
    again = replace(embedded, url="http://127.0.0.1:2222")
    assert find(tmp_path, environment, again).sessions


def test_a_program_we_started_is_told_by_its_release_and_library_not_by_its_port(
    tmp_path, make_baseline, environment, target
):
    started = replace(
        target, kind=TargetKind.MANAGED, url="http://127.0.0.1:1111", library_seed=1, program_sha256="a" * 64
    )
    baselines.save(tmp_path, make_baseline(target=started))
    # another build of the same release is what one wants to hold against the last
    again = replace(started, url="http://127.0.0.1:2222", program_sha256="b" * 64)
    assert find(tmp_path, environment, again).sessions
    for changes, words in (
        ({"server_version": "v0.31.0"}, "another release (v0.30.1, now v0.31.0)"),
        ({"library_seed": 2}, "a library of another seed (1, now 2)"),
        ({"library": LibrarySize(scene_count=1001)}, "a library of another size (1000 scenes, now 1001)"),
    ):
        found = find(tmp_path, environment, replace(again, **changes))
        assert found.sessions == ()
        assert words in found.reason
