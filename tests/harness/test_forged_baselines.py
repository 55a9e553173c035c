"""Sessions whose times cannot be this machine's are told apart in whole audits, and never judged by the clock."""

from __future__ import annotations

import gzip
import json

import msgspec
import pytest

from stashbench.model.baseline import Verdict
from stashbench.model.environment import fingerprint_of
from stashbench.store import baselines

replace = msgspec.structs.replace
PAGES = """
def bench_scenes(measure):
    measure("scenes", {"filter": {"per_page": 40}}, page="Scenes", title="Scenes")
"""


def scaled(path, factor):
    """Change the times in a file by hand; its fingerprint stays that of this machine."""
    document = json.loads(gzip.decompress(path.read_bytes()))
    session = document["session"]
    session["samples_ns"] = [[round(value * factor) for value in samples] for samples in session["samples_ns"]]
    path.write_bytes(gzip.compress(json.dumps(document).encode()))


def with_times(session, factor):
    return tuple(
        replace(item, rounds_seconds=tuple(value * factor for value in item.rounds_seconds))
        for item in session.measurements
    )


def of_another_machine(session, factor, *, is_forged):
    """Make a session of a faster or slower machine; forged, it claims the fingerprint of this one."""
    own = session.environment
    facts = {**own.hard_facts, "cpu_model": "Another CPU"}
    fingerprint = own.fingerprint if is_forged else fingerprint_of(facts)
    machine = replace(own, cpu_model="Another CPU", hard_facts=facts, fingerprint=fingerprint)
    return replace(session, environment=machine, measurements=with_times(session, factor))


@pytest.fixture
def stored(server, run, suite, tmp_path):
    """Audit once and keep the run as `mine`; give what audits again and returns its result."""
    folder = suite(PAGES, "bench_pages.py")
    options = ("--quick", "--no-profile", "--fail-on", "regression")
    words = ("stashbench", "audit", "--suite", folder, "--stash-url", server.url, *options)
    done = run(*words, "--baseline", "none")
    assert done.returncode == 0, done.stderr
    kept = run("stashbench", "baseline", "save", "mine")
    assert kept.returncode == 0, kept.stderr
    return lambda name: run(*words, "--baseline", name)


def test_forged_fingerprints_are_not_comparable(stored, latest, tmp_path):
    kept = tmp_path / "baselines"
    mine = baselines.load(kept, "mine")
    scaled(baselines.save(kept, replace(mine, name="by-hand")), 0.7)
    copied = of_another_machine(mine, 1.3, is_forged=True)
    baselines.save(kept, replace(copied, name="copied"))
    for name, words in (
        ("by-hand", "it was changed after it was saved"),
        ("copied", "its fingerprint does not belong to the machine it tells of"),
    ):
        done = stored(name)
        assert done.returncode == 0, done.stdout + done.stderr
        result = latest()
        assert result.baseline_name == name
        assert words in result.baseline_reason
        assert [item.verdict for item in result.comparisons] == [Verdict.NOT_COMPARABLE]
        assert result.comparisons[0].ratio is None
        assert result.suite_shift is None


def test_another_machines_times_are_not_judged_by_name_or_by_itself(stored, latest, tmp_path):
    mine = baselines.load(tmp_path / "baselines", "mine")
    baselines.save(tmp_path / "baselines", of_another_machine(mine, 0.7, is_forged=False))
    done = stored("auto")
    assert done.returncode == 0, done.stdout + done.stderr
    result = latest()
    assert (result.baseline_name, [item.verdict for item in result.comparisons]) == ("mine", [Verdict.NOT_COMPARABLE])
    assert "another machine (CPU Another CPU, now " in result.baseline_reason
