"""Target, machine, score and alerts."""

from __future__ import annotations

from stashbench.model.alert import Alert
from stashbench.model.environment import Environment
from stashbench.model.finding import Severity
from stashbench.model.score import Band, CategoryScore, Score
from stashbench.model.target import Facility, LibrarySize, Reach, Target, TargetKind

from .texts import HOSTILE


def score() -> Score:
    return Score(
        overall=68.0,
        band=Band.FAIR,
        low=61.0,
        high=72.0,
        categories=(
            CategoryScore(
                name="api", score=74.0, band=Band.FAIR, passed_count=5, failed_count=2, issues=("slow-page",)
            ),
            CategoryScore(name="database", score=41.0, band=Band.POOR, passed_count=2, failed_count=2),
            CategoryScore(name="system", score=92.0, band=Band.GOOD, passed_count=4),
            CategoryScore(name="configuration", score=80.0, band=Band.FAIR, passed_count=2, failed_count=1),
            CategoryScore(
                name="storage",
                score=None,
                band=Band.UNKNOWN,
                unknown_count=2,
                reason="the database file is not readable",
            ),
        ),
    )


def target() -> Target:
    return Target(
        kind=TargetKind.EMBEDDED,
        url="http://127.0.0.1:41357",
        server_version="v0.30.1",
        server_build="embedded <b>stand-in</b>",
        schema_version=75,
        app_schema_version=75,
        pid=4711,
        database_path="/tmp/stashbench-x1/library & <notes>.sqlite",
        database_bytes=1_204_224_000,
        library=LibrarySize(
            scene_count=100_000,
            image_count=250_000,
            gallery_count=5_000,
            performer_count=8_000,
            studio_count=900,
            tag_count=2_400,
            group_count=1_100,
            scenes_bytes=61_000_000_000_000,
            images_bytes=None,
        ),
        reaches=(
            Reach(facility=Facility.API, is_available=True, reason="answers in 0.4 ms"),
            Reach(facility=Facility.PROCESS, is_available=True, reason="process 4711 of the same user"),
            Reach(facility=Facility.DATABASE_FILE, is_available=True, reason="readable"),
            Reach(facility=Facility.SQL_LOG, is_available=False, reason="the log subscription was refused: <b>401</b>"),
            Reach(facility=Facility.MEDIA, is_available=False, reason="the embedded library has no media files"),
        ),
    )


def environment() -> Environment:
    return Environment(
        fingerprint="9c1f03ab44d27e10",
        os="Debian GNU/Linux 12",
        kernel="6.1.0-18-amd64",
        architecture="x86_64",
        cpu_model="AMD EPYC 7763 64-Core Processor",
        cpu_count=2,
        memory_bytes=25_769_803_776,
        virtualisation="kvm",
        python_version="3.11.7",
        python_implementation="CPython",
        sqlite_version="3.51.1",
        stashbench_version="0.1.0",
        packages={"pytest": "8.4.2", "pytest-benchmark": "5.1.0", "apsw": "3.51.1.0"},
        hostname_hash="b1946ac9",
        load_1m_before=1.9,
        cpu_steal_percent=0.3,
        disk_model=HOSTILE,
        disk_is_rotational=False,
        filesystem="ext4",
        warnings=("CPU frequency scaling is on; times may wander by some percent.",),
    )


def alerts() -> tuple[Alert, ...]:
    return (
        Alert(
            type="threshold",
            severity=Severity.CRITICAL,
            message=f"Tag filter above 1 s {HOSTILE}",
            timestamp="2026-03-01T10:16:02Z",
            resolved=False,
            finding_id="slow-page",
        ),
    )
