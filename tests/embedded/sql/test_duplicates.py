from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.embedded.sql.duplicates import HashedFile, hashed_files, near_groups

hashes = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sets(st.integers(0, 63), max_size=6).map(lambda bits: sum(1 << bit for bit in bits)),  # near each other
)
libraries = st.lists(st.tuples(st.integers(1, 12), hashes, st.sampled_from([10.0, 12.0, 60.0])), max_size=25)


def groups_by_brute_force(files, distance, difference):
    """Scenes of connected files, all pairs compared."""
    waiting = set(range(len(files)))
    groups = []
    while waiting:
        group, edge = set(), {min(waiting)}
        while edge:
            group |= edge
            edge = {
                other
                for one in edge
                for other in waiting - group
                if (files[one].phash ^ files[other].phash).bit_count() <= distance
                and (difference < 0 or abs(files[one].duration_seconds - files[other].duration_seconds) <= difference)
            }
        waiting -= group
        scenes = {files[number].scene_id for number in group}
        if len(scenes) > 1:
            groups.append(scenes)
    return groups


@given(libraries, st.integers(0, 66), st.sampled_from([-1.0, 0.0, 2.0]))
def test_groups_are_those_of_comparing_all_pairs(rows, distance, difference):
    files = [HashedFile(*row) for row in rows]
    groups = near_groups(files, distance, difference)
    assert [set(group) for group in groups] == groups_by_brute_force(files, distance, difference)
    assert all(len(set(group)) == len(group) for group in groups)


def test_signed_hashes_of_the_database_become_unsigned():
    assert hashed_files([(1, -1, 2.5)]) == [HashedFile(1, 2**64 - 1, 2.5)]


def test_groups_are_chained_as_a_real_server_chains_them():
    files = [HashedFile(11, 0, 100), HashedFile(12, 63, 110), HashedFile(13, 7, 200), HashedFile(13, 7, 100)]
    assert near_groups(files, 3) == [[11, 13, 12]]
    assert near_groups(files, 2) == []
    assert near_groups(files, 3, 9.5) == [[11, 13]]
    assert near_groups(files, 6) == [[11, 12, 13]]


def test_twenty_thousand_hashes_are_compared_in_seconds():
    files = [HashedFile(number, number * 0x9E3779B97F4A7C15 & (2**64 - 1), 1.0) for number in range(20_000)]
    assert near_groups(files, 4) == []
