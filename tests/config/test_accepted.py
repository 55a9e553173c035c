from __future__ import annotations

from datetime import date

import pytest

from stashbench.config import load_settings
from stashbench.errors import ConfigurationError
from stashbench.model.acceptance import AcceptedChange

WHOLE = '[[accepted]]\nbenchmark = "tags*"\nreason = "counts of sub-tags"\nuntil = 2027-01-31\n'


def load(tmp_path, text):
    file = tmp_path / "stashbench.toml"
    file.write_text(text)
    return load_settings(file).accepted


def test_entries_are_read_in_order(tmp_path):
    text = WHOLE + 'up_to = 1.5\n[[accepted]]\nbenchmark = "suite"\nreason = "b"\nuntil = "2027-02-01"\n'
    assert load(tmp_path, text) == (
        AcceptedChange(benchmark="tags*", reason="counts of sub-tags", until=date(2027, 1, 31), up_to=1.5),
        AcceptedChange(benchmark="suite", reason="b", until=date(2027, 2, 1)),
    )
    assert load_settings().accepted == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            WHOLE.replace('reason = "counts of sub-tags"\n', ""),
            r"no\. 1 has no `reason`; give why the change of tags\*",
        ),
        (WHOLE.replace("counts of sub-tags", " "), "has no `reason`"),
        (WHOLE.replace("until = 2027-01-31\n", ""), r"\(tags\*\) has no `until`; give the last day"),
        (WHOLE.replace("2027-01-31", '"next year"'), "until = 'next year' is not a day"),
        (WHOLE.replace('benchmark = "tags*"\n', ""), "has no `benchmark`"),
        (WHOLE + "up_to = 1\n", "up_to = 1 makes no sense; give a ratio above 1"),
        (WHOLE + "up_to = nan\n", "up_to = nan is not a number"),
        (WHOLE + "upto = 2\n", "knows no 'upto'; it takes benchmark, reason, until, up_to"),
        ("[accepted]\nbenchmark = 'x'\n", r"`accepted` must be a list: write \[\[accepted\]\]"),
    ],
)
def test_what_is_missing_is_one_clear_sentence(tmp_path, text, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        load(tmp_path, text)
