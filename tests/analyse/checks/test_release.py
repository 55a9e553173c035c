from __future__ import annotations

from stashbench.analyse.checks.release import outdated_release
from stashbench.model.finding import Outcome


def test_the_newest_known_release_lacks_nothing():
    assert outdated_release(75, "v0.30.1").value == 0.0
    assert outdated_release(80, "v0.32.0").value == 0.0


def test_an_old_release_lists_what_later_ones_cured():
    observation = outdated_release(67, "v0.27.0")
    assert observation.value == 3.0
    assert "stashapp/stash#5335" in [row["reference"] for row in observation.fact("fixes")]
    assert outdated_release(48, "v0.22.1").value > observation.value


def test_no_schema_version_is_not_measured():
    assert outdated_release(None, "dev").outcome is Outcome.NOT_MEASURED
