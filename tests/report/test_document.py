"""The result document itself: a kept one of each format must stay readable and keep to the published schema."""

from __future__ import annotations

import os
from pathlib import Path

from stashbench.report.html import render_html
from stashbench.store.results import decode_result, encode_result

GOLDEN = Path(__file__).parent.parent / "golden" / "result-1.json"


def test_the_kept_document_is_what_the_sample_gives(samples):
    document = encode_result(samples.build_document())
    if os.environ.get("STASHBENCH_UPDATE_GOLDEN"):
        GOLDEN.write_bytes(document)
    assert decode_result(GOLDEN.read_bytes(), GOLDEN) == samples.build_document()


def test_a_report_can_be_made_from_the_kept_document(samples):
    assert render_html(decode_result(GOLDEN.read_bytes(), GOLDEN)) == render_html(samples.build_document())
