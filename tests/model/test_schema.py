from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from stashbench.model.schema import result_schema

ROOT = Path(__file__).parent.parent.parent
REQUIRED = (
    *("schema_version", "run_id", "target", "environment", "score", "measurements", "findings"),
    *("recommendations", "comparisons", "alerts", "partial"),
)


@pytest.fixture
def document():
    return json.loads((ROOT / "tests" / "golden" / "result-1.json").read_bytes())


@pytest.fixture(scope="module")
def validator():
    schema = result_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_result_keeps_to_the_schema(document, validator):
    assert list(validator.iter_errors(document)) == []


@pytest.mark.parametrize("field", REQUIRED)
def test_a_result_without_its_head_does_not(document, validator, field):
    del document[field]
    assert not validator.is_valid(document)


def test_a_wrong_word_does_not(document, validator):
    document["findings"][0]["outcome"] = "splendid"
    assert [list(error.absolute_path) for error in validator.iter_errors(document)] == [["findings", 0, "outcome"]]


def test_the_published_schema_is_current():
    published = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(result_schema())), "run `nox -s docs`"


def test_descriptions_are_the_same_under_every_python(validator):
    texts = [item["description"] for item in validator.schema["$defs"].values() if "description" in item]
    assert len(texts) > 10
    assert not [text for text in texts if "\n " in text or text != text.strip()]
