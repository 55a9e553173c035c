"""docs/compatibility.md says what is true: every document of the project against the APIs of ten releases."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import graphql
import pytest

from stashbench.stash.operations import names
from stashbench.stash.probe import IDENTITY
from stashbench.stash.sql_trace import MARK

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("compatibility", ROOT / "docs" / "compatibility.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def documents(page):
    return page.all_documents()


@pytest.fixture(scope="module")
def fitted(page, documents, stash_apis):
    return page.fit_all(stash_apis, documents)


def test_documents_in_the_code_are_found(documents):
    assert set(names()) < set(documents)
    assert IDENTITY in documents.values()
    assert MARK in documents.values()


def test_every_document_is_valid_in_every_release_that_offers_it(fitted, stash_apis):
    for release, api in stash_apis.items():
        schema = graphql.build_client_schema({"__schema": api}, assume_valid=True)
        for name, cells in fitted.items():
            if cells[release].missing:
                assert cells[release].missing.startswith("this server does not offer "), name
            else:
                assert graphql.validate(schema, graphql.parse(cells[release].text)) == [], (name, release)


def test_what_is_sent_as_it_stands_is_known_to_every_release(fitted):
    in_code = {name: cells for name, cells in fitted.items() if name not in names()}
    assert len(in_code) >= 3
    for name, cells in in_code.items():
        for release, document in cells.items():
            assert (document.missing, document.left_out) == ("", ()), (name, release)


def test_the_page_tells_the_same(fitted):
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(fitted)
    for row in rows:
        name, *words = [cell.strip().strip("`") for cell in row.strip("|").split("|")]
        expected = ["no" if d.missing else "partly" if d.left_out else "yes" for d in fitted[name].values()]
        assert words == expected, name
    assert "`groups` 0.17.2 to 0.26.2: this server does not offer the query findGroups" in PAGE
    assert "`find_job` 0.17.2 to 0.25.1: `Job` without `error`" in PAGE
