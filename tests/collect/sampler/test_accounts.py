from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.sampler.accounts import Account, Totals, lost_totals

SERVER = 1


def account(parent, *, faults=100, child_faults=0, cpu=0.0, written=0):
    return Account(parent, faults, child_faults, Totals(cpu, 0, 0, written))


def test_a_collected_child_is_not_lost():
    before = {1: account(0), 2: account(SERVER, faults=50, cpu=3.0)}
    now = {1: account(0, child_faults=50, cpu=3.0)}
    assert lost_totals(before, now) == Totals()


def test_an_uncollected_child_is_lost_whole():
    before = {1: account(0), 2: account(SERVER, faults=50, cpu=3.0, written=7)}
    assert lost_totals(before, {1: account(0)}) == Totals(3.0, 0, 0, 7)


def test_of_two_children_only_the_uncollected_one_is_lost():
    before = {1: account(0), 2: account(SERVER, faults=50, cpu=3.0), 3: account(SERVER, faults=20, cpu=1.0)}
    now = {1: account(0, child_faults=20, cpu=1.0)}
    assert lost_totals(before, now).cpu_seconds == 3.0


def test_a_whole_branch_is_taken_over_by_the_living_ancestor():
    before = {1: account(0), 2: account(SERVER, faults=50, cpu=3.0), 3: account(2, faults=20, cpu=1.0)}
    now = {1: account(0, child_faults=70, cpu=4.0)}
    assert lost_totals(before, now) == Totals()


def test_when_the_server_itself_ends_all_it_used_stays_counted():
    before = {1: account(0, cpu=5.0), 2: account(SERVER, cpu=1.0)}
    assert lost_totals(before, {}).cpu_seconds == 6.0


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.floats(0, 10**6), st.booleans()),
        max_size=8,
        unique_by=lambda child: child[0],
    )
)
def test_the_trees_total_never_falls(children):
    """Whatever mix of collected and uncollected children ends, living plus lost is what it was before."""
    before = {1: account(0, cpu=1.0)}
    taken_faults, taken_cpu = 0, 0.0
    for pid, (faults, cpu, is_collected) in enumerate(children, start=2):
        before[pid] = account(SERVER, faults=faults, cpu=cpu)
        if is_collected:
            taken_faults += faults
            taken_cpu += cpu
    now = {1: account(0, child_faults=taken_faults, cpu=1.0 + taken_cpu)}
    lost = lost_totals(before, now).cpu_seconds
    uncollected = sum(cpu for _, cpu, is_collected in children if not is_collected)
    if all(is_collected for *_, is_collected in children) or not any(is_collected for *_, is_collected in children):
        assert abs(lost - uncollected) <= 1e-6 * max(1.0, uncollected)
    assert 0 <= lost <= sum(cpu for _, cpu, _ in children) * 1.000001
