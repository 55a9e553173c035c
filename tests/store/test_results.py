from __future__ import annotations

import json

import pytest

from stashbench.errors import StoreError
from stashbench.model.result import SCHEMA_VERSION
from stashbench.store.results import encode_result, read_result, write_result


def test_a_result_comes_back_as_it_was(tmp_path, make_result):
    result = make_result()
    path = write_result(tmp_path / "run-1", result)
    assert path.name == "result.json"
    assert read_result(path) == result
    assert read_result(path.parent) == result


def test_equal_results_are_equal_bytes(make_result):
    assert encode_result(make_result()) == encode_result(make_result())


def test_the_document_is_readable_json_with_its_version(tmp_path, make_result):
    path = write_result(tmp_path, make_result())
    document = json.loads(path.read_text())
    assert document["schema_version"] == SCHEMA_VERSION
    assert path.read_text().count("\n") > 50


def test_fields_of_later_minor_versions_are_passed_over_and_missing_ones_get_defaults(tmp_path, make_result):
    path = write_result(tmp_path, make_result())
    document = json.loads(path.read_text())
    document["something_new"] = {"a": 1}
    del document["trends"], document["timeline"]
    path.write_text(json.dumps(document))
    found = read_result(path)
    assert found.trends == ()
    assert found.timeline.series == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a stashbench result"),
        (b"<html>", "not a stashbench result"),
        (b"[]", "not a stashbench result"),
        (b'{"a": 1}', "not a stashbench result"),
        (b'{"schema_version": 99}', "newer stashbench"),
        (b'{"schema_version": 0}', "never existed"),
        (b'{"schema_version": 1}', "not a whole stashbench result"),
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path, content, words):
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        read_result(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_result(tmp_path):
    with pytest.raises(StoreError, match="Cannot read the result"):
        read_result(tmp_path)
