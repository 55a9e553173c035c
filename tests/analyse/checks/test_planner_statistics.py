from __future__ import annotations

import sqlite3

import pytest

from stashbench.analyse.checks.planner_statistics import missing_statistics, stale_statistics
from stashbench.collect.database import read_database_facts
from stashbench.model.finding import Outcome


@pytest.fixture
def library_file(tmp_path):
    def make(rows, *, analysed_at=None):
        path = tmp_path / "stash-go.sqlite"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE schema_migrations (version, dirty)")
        connection.execute("INSERT INTO schema_migrations VALUES (75, 0)")
        connection.execute("CREATE TABLE scenes (id INTEGER PRIMARY KEY, studio_id INTEGER)")
        connection.execute("CREATE INDEX index_scenes_on_studio_id ON scenes (studio_id)")
        for number in range(rows):
            connection.execute("INSERT INTO scenes (studio_id) VALUES (?)", (number % 7,))
            if number + 1 == analysed_at:
                connection.execute("ANALYZE")
        connection.commit()
        connection.close()
        return read_database_facts(path)

    return make


def test_fresh_statistics_pass_both_checks(library_file):
    facts = library_file(5000, analysed_at=5000)
    assert stale_statistics(facts).value == 0.0
    assert missing_statistics(facts).value == 0.0


def test_statistics_of_an_almost_empty_library_are_stale(library_file):
    observation = stale_statistics(library_file(5000, analysed_at=3))
    assert observation.value == 1.0
    (row,) = observation.fact("tables")
    assert (row["table"], row["real_rows"], row["believed_rows"]) == ("scenes", 5000, 3)
    assert "the planner believes 3" in observation.message


def test_a_library_that_doubled_is_not_called_stale(library_file):
    assert stale_statistics(library_file(5000, analysed_at=2500)).value == 0.0


def test_no_statistics_at_all_are_missing_not_stale(library_file):
    facts = library_file(5000)
    assert missing_statistics(facts).value == 1.0
    assert "None of the 1 large table has statistics" in missing_statistics(facts).message
    assert stale_statistics(facts).outcome is Outcome.NOT_APPLICABLE


def test_small_libraries_are_left_alone(library_file):
    facts = library_file(500, analysed_at=3)
    assert stale_statistics(facts).outcome is Outcome.NOT_APPLICABLE
    assert missing_statistics(facts).outcome is Outcome.NOT_APPLICABLE
