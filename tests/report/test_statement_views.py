from __future__ import annotations

import msgspec

from stashbench.model.server_log import LogSource
from stashbench.report.html import render_html
from stashbench.report.view.server_log import view_server_log
from stashbench.report.view.statements import view_statements


def test_pages_are_ordered_by_their_number_of_statements(result):
    view = view_statements(result)
    assert [page.statement_count for page in view.pages] == [81, 44, 0]
    assert view.pages[1].repeated == "38 times, about once for each of 40 rows"
    assert view.pages[1].statements[0].times == "38 times, about once for each of 40 rows"
    assert "the slowest" in view.pages[1].statements[-1].remarks
    assert view.pages[2].summary == "0\N{NO-BREAK SPACE}statements"


def test_doubts_stand_beside_the_count(result):
    page = view_statements(result).pages[0]
    assert page.remarks.startswith("7 statements of other clients or jobs were seen")
    assert "run 2 is shown" in page.remarks
    assert page.writes == "1"


def test_pages_whose_statements_were_not_read_are_named_with_the_reason(result):
    assert view_statements(result).unread == (
        ("it takes 12 s, and requests above 10 s are not run once more", ("Near duplicates (distance 4)",)),
    )


def test_a_time_in_the_log_is_never_called_a_share(result):
    text = render_html(result)
    assert "as logged" in text
    assert "so they are no share of the page" in text


def test_the_slowest_statement_is_shown_also_where_others_are_repeated_more(result):
    item = next(item for item in result.measurements if item.id == "bench-02")
    slowest = item.trace.slowest
    many = tuple(
        msgspec.structs.replace(item.trace.statements[0], fingerprint=f"f{number}", sql_shape=f"SELECT {number}")
        for number in range(30)
    )
    trace = msgspec.structs.replace(item.trace, statements=(*many, slowest))
    (page,) = view_statements(
        msgspec.structs.replace(result, measurements=(msgspec.structs.replace(item, trace=trace),))
    ).pages
    assert len(page.statements) == 5
    assert "the slowest" in page.statements[-1].remarks
    assert page.more == 26


def test_a_log_says_what_was_found_where_and_when(result):
    view = view_server_log(result)
    assert [item.count for item in view.statements] == ["12"]
    assert view.statements[0].during_audit == "3"
    assert "only at Debug or Trace" in view.sources[0][1]
    assert view.sources[1][1].startswith("12\N{NO-BREAK SPACE}slow statements in 400,000\N{NO-BREAK SPACE}lines, 2026")
    assert "Permission denied" in view.sources[2][1]


def test_many_older_parts_are_one_line(result):
    parts = tuple(
        LogSource(
            name=f"stash.log.{number}",
            is_read=True,
            line_count=10,
            slow_count=1,
            begins_at=f"2026-02-{number:02} 00:00:00",
            ends_at=f"2026-02-{number:02} 23:00:00",
        )
        for number in range(1, 20)
    )
    changed = msgspec.structs.replace(result, log_sources=(*result.log_sources, *parts))
    sources = view_server_log(changed).sources
    assert len(sources) == 4
    assert sources[-1] == (
        "19\N{NO-BREAK SPACE}older parts of it",
        "19\N{NO-BREAK SPACE}slow statements in 190\N{NO-BREAK SPACE}lines, 2026-02-01 00:00:00 to 2026-02-19 23:00:00",
    )
