from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from stashbench.model.schema import result_schema

ROOT = Path(__file__).parent.parent.parent
REQUIRED = (
    *("schema_version", "run_id", "target", "environment", "score", "measurements", "findings"),
    *("recommendations", "comparisons", "alerts", "partial"),
)


@pytest.fixture(scope="module")
def samples():
    path = ROOT / "tests" / "report" / "sample_result.py"
    spec = importlib.util.spec_from_file_location("sample_result", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def validator():
    schema = result_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("builder", ["build_partial", "build_healthy", "build_empty", "build_sample"])
def test_results_keep_to_the_schema(samples, validator, builder):
    document = json.loads(msgspec.json.encode(getattr(samples, builder)()))
    # Times and values are arrays of thousands of numbers, which this validator takes seconds for: a stretch will do.
    timeline = document["timeline"]
    timeline["times_seconds"] = timeline["times_seconds"][:50]
    for series in timeline["series"]:
        series["values"] = series["values"][:50]
    assert list(validator.iter_errors(document)) == []


@pytest.mark.parametrize("field", REQUIRED)
def test_a_result_without_its_head_does_not(samples, validator, field):
    document = json.loads(msgspec.json.encode(samples.build_empty()))
    del document[field]
    assert not validator.is_valid(document)


def test_a_wrong_word_does_not(samples, validator):
    document = json.loads(msgspec.json.encode(samples.build_partial()))
    document["findings"][0]["outcome"] = "splendid"
    assert not validator.is_valid(document)


def test_the_published_schema_is_current():
    published = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(result_schema())), "run `nox -s docs`"
