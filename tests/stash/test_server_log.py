"""A server's log from all its places: kept lines, the file, its older parts; what cannot be read says why."""

from __future__ import annotations

import gzip
import json
import os
import random

import pytest

from stashbench.stash.client import StashClient
from stashbench.stash.log_files import log_parts, mark_of
from stashbench.stash.server_log import RECENT, read_server_log
from stashbench.stash.slow_statements import KEPT_AT_MOST, SHAPES_AT_MOST, SlowStatements

TIME = "2026-11-23 10:11:20"
SECRET = "My Private Film"


def line(sql="SELECT a FROM b WHERE c = ?", duration="1.5s", when=TIME):
    message = f"SLOW SQL [{duration}]: {sql}, args: [%{SECRET}%]"
    return f'time="{when}" level=debug msg={json.dumps(message)}\n'


def entry(sql="SELECT a FROM b WHERE c = ?", duration="1.5s", when="2026-11-23T10:11:20.123456789+01:00"):
    return {"time": when, "level": "Debug", "message": f"SLOW SQL [{duration}]: {sql}, args: [%{SECRET}%]"}


@pytest.fixture
def read(serve, helpers):
    """Read a log; `kept` are the lines the server itself shows."""

    def act(path=None, kept=(), began_ns=2**62, mark=None, **options):
        server = serve(helpers.http(body={"data": {"logs": list(kept)}}))
        with StashClient(server.url) as client:
            found, sources = read_server_log(client, path, began_ns=began_ns, mark=mark, **options)
        assert SECRET not in repr((found.summary(), sources))
        return found.summary(), {source.name: source for source in sources}

    return act


def test_kept_lines_alone_are_read(read):
    (found,), sources = read(kept=[entry(), entry(duration="250ms"), {**entry(), "message": "Scan finished"}])
    assert (found.count, found.slowest_seconds, found.sources) == (2, 1.5, (RECENT,))
    assert (found.first_seen, found.last_seen) == (TIME, TIME)  # the server's local time, as in its file
    assert (sources[RECENT].line_count, sources[RECENT].slow_count) == (3, 2)


def test_what_the_file_has_too_counts_once(read, tmp_path):
    path = tmp_path / "stash.log"
    path.write_text(line() + line(duration="700ms") + line(duration="700ms"))
    (found,), _ = read(path, kept=[entry(), entry(duration="700ms"), entry(duration="321ms")])
    assert found.count == 4
    assert found.sources == ("stash.log", RECENT)
    assert found.total_seconds == pytest.approx(1.5 + 0.7 + 0.7 + 0.321)


def test_rotated_and_compressed_parts_are_read_too(read, tmp_path):
    path = tmp_path / "stash.log"
    path.write_text(line(when="2026-11-23 12:00:00"))
    with gzip.open(tmp_path / "stash-2026-11-22T18-15-26.853.log.gz", "wt") as part:
        part.write(line(when="2026-11-20 08:00:00"))
    (tmp_path / "stash-2026-11-23T08-00-00.000.log").write_text(line(when="2026-11-22 09:00:00") * 2)
    (tmp_path / "stash.log.1").write_text(line() * 3)
    (tmp_path / "stash.log-20261101.gz").write_bytes(gzip.compress(line().encode() * 4))
    for stranger in ("stash.log.bak", "stashbench.log", "other.log", "stash-notes.log", "stash.log.gz.tmp"):
        (tmp_path / stranger).write_text(line() * 50)
    (found,), sources = read(path)
    assert found.count == 1 + 1 + 2 + 3 + 4
    assert (found.first_seen, found.last_seen) == ("2026-11-20 08:00:00", "2026-11-23 12:00:00")
    assert len(sources) == 6
    assert all(source.is_read and not source.reason for source in sources.values())


def test_a_part_being_compressed_is_read_once_and_whole(tmp_path):
    path = tmp_path / "stash.log"
    for name in ("stash.log", "stash.log.1", "stash.log.1.gz"):
        (tmp_path / name).write_text("x")
    assert [part.name for part in log_parts(path)] == ["stash.log", "stash.log.1"]


def test_the_newest_part_comes_first(tmp_path):
    names = [f"stash-2026-11-{day:02}T10-00-00.000.log" for day in range(1, 20)]
    random.Random(1).shuffle(names)
    for name in names:
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (int(name[14:16]), int(name[14:16])))
    found = [part.name for part in log_parts(tmp_path / "stash.log")]
    assert found == ["stash.log", *sorted(names, reverse=True)]


def test_parts_beyond_the_limit_are_not_silently_left_out(read, tmp_path):
    for number in range(1, 55):
        (tmp_path / f"stash.log.{number}").write_text(line())
    (tmp_path / "stash.log").write_text(line())
    (found,), sources = read(tmp_path / "stash.log")
    assert found.count == 50
    assert sources["5 older parts of the log"].reason == "not read: only the newest 50 parts are"


def test_what_was_logged_during_the_audit_is_told_apart(read, tmp_path):
    path = tmp_path / "stash.log"
    path.write_text(line() * 3)
    mark = mark_of(path)
    with path.open("a") as log:
        log.write(line() * 2)
    (found,), _ = read(path, mark=mark)
    assert (found.count, found.during_audit_count) == (5, 2)

    # Rotated in the midst of the audit: the old file goes on under another name.
    path.rename(tmp_path / "stash.log.1")
    path.write_text(line() * 4)
    assert mark_of(path).inode != mark.inode
    (found,), _ = read(path, mark=mark)
    assert (found.count, found.during_audit_count) == (9, 6)


def test_kept_lines_are_told_apart_by_their_time(read):
    (found,), _ = read(
        kept=[entry(when="2026-11-23T09:00:00Z"), entry(when="2026-11-23T11:00:00Z")],
        began_ns=1_795_428_000 * 10**9,  # 10:00 in UTC
    )
    assert (found.count, found.during_audit_count) == (2, 1)


def unreadable(path):
    path.write_text(line())
    path.chmod(0)


def cut_gzip(path):
    content = gzip.compress((line() * 5000).encode() + os.urandom(50_000))
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "is not a regular file"),
        (os.mkfifo, "is not a regular file"),
        pytest.param(unreadable, "Permission denied", marks=pytest.mark.skipif(os.getuid() == 0, reason="root may")),
    ],
    ids=["missing", "folder", "pipe", "forbidden"],
)
def test_what_cannot_be_read_is_one_sentence_with_the_next_step(read, tmp_path, make, says):
    path = tmp_path / "stash.log"
    make(path)
    found, sources = read(path)
    assert found == ()
    source = sources["stash.log"]
    assert not source.is_read
    assert says in source.reason
    assert source.reason.endswith("correct --stash-log-file, or leave it out.")
    assert str(path) in source.reason


def test_a_cut_off_archive_gives_what_is_in_it(read, tmp_path):
    (tmp_path / "stash.log").write_text(line())
    cut_gzip(tmp_path / "stash.log.1.gz")
    (found,), sources = read(tmp_path / "stash.log")
    source = sources["stash.log.1.gz"]
    assert "cannot be read" in source.reason or "only in part" in source.reason
    assert found.count >= 1


def test_what_is_no_archive_and_no_log_says_so(read, tmp_path):
    (tmp_path / "stash.log").write_bytes(os.urandom(5000).replace(b"\n", b"") + b"\n")
    (tmp_path / "stash.log.1.gz").write_bytes(b"no archive")
    found, sources = read(tmp_path / "stash.log")
    assert found == ()
    assert sources["stash.log"].reason == "no line in it has the form of Stash's log"
    assert not sources["stash.log.1.gz"].is_read


def test_an_empty_log_is_read_and_silent(read, tmp_path):
    (tmp_path / "stash.log").touch()
    found, sources = read(tmp_path / "stash.log")
    assert found == ()
    assert (sources["stash.log"].is_read, sources["stash.log"].line_count) == (True, 0)
    assert sources["stash.log"].reason == ""


def test_reading_ends_with_its_time(read, tmp_path):
    (tmp_path / "stash.log").write_text(line())
    (tmp_path / "stash.log.1").write_text(line())
    found, sources = read(tmp_path / "stash.log", limit_seconds=0.0)
    assert found == ()
    assert all("took all the time" in sources[name].reason for name in ("stash.log", "stash.log.1"))


def test_only_the_end_of_a_very_long_file_is_read(read, tmp_path, monkeypatch):
    monkeypatch.setattr("stashbench.stash.server_log.FILE_LIMIT_BYTES", 1000)
    path = tmp_path / "stash.log"
    path.write_text(line() * 100)
    (found,), sources = read(path)
    assert 0 < found.count <= 1000 // len(line())
    assert "bytes were left out" in sources["stash.log"].reason


def test_a_server_without_logs_says_why(read, serve, helpers):
    server = serve(helpers.http(422, {"errors": [{"message": "no such field"}]}))
    with StashClient(server.url) as client:
        _, (source,) = read_server_log(client, None, began_ns=0, mark=None)
    assert not source.is_read
    assert source.reason


def test_a_file_name_stays_one_line_of_text(read, tmp_path):
    path = tmp_path / "a\x1b[31m\nb.log"
    path.write_text(line())
    (found,), sources = read(path)
    assert not any(sign in repr(list(sources)) + "".join(found.sources) for sign in ("\x1b", "\n", "\\x1b", "\\n"))


def test_thousands_of_shapes_are_bounded_and_counted():
    found = SlowStatements()
    for number in range(SHAPES_AT_MOST + 500):
        for _ in range(2):
            found.add(f"SELECT c{number} FROM t", float(number % 7), TIME, "a", is_during_audit=False)
    kept = found.summary()
    assert len(kept) == KEPT_AT_MOST
    assert found.left_out_count == SHAPES_AT_MOST - KEPT_AT_MOST
    assert found.overflow_count == 1000
    assert [item.total_seconds for item in kept] == sorted((item.total_seconds for item in kept), reverse=True)
