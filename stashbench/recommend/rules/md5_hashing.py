"""Hash 128 KiB instead of every byte."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
)
from stashbench.recommend.facts import Facts, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    BACKUP,
    check_passes,
    setting_rollback,
)

META = RuleMeta(
    id="stop-md5-hashing",
    type="md5-hashing",
    category=RecommendationCategory.CONFIGURATION,
    title="Stop hashing whole videos with MD5",
    check_ids=("md5-hashing",),
    references=("https://docs.stashapp.cc/in-app-manual/configuration/",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise oshash, with the migration of names that goes with it."""
    finding = facts.failed("md5-hashing")
    if finding is None:
        return None
    algorithm = words(finding, "naming_algorithm", "MD5")
    return META.advise(
        [finding],
        description="Scans read every byte of every new video to compute an MD5; oshash needs 128 KiB of each.",
        rationale=(
            f"The configuration says calculateMD5 {words(finding, 'calculate_md5')}, naming by {algorithm}. A scan "
            "cannot be faster than the disk reads all of it."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"disk_reads": "almost all reading of a scan"},
            affected="scans of new files",
        ),
        implementation=Implementation(
            steps=(
                BACKUP,
                (
                    "Settings > System > Hashing: naming by oshash; then Settings > Tasks > Rename generated files "
                    "(mutation migrateHashNaming)."
                ),
                "Switch the calculation of MD5 off.",
                "Scan a new folder and compare the time.",
            ),
            estimated_minutes=30.0,
            requirements=("All scenes have an oshash (one full scan first).",),
            risks=(
                (
                    "Generated files are renamed; interrupted half-way they are made anew. Tools that look files up "
                    "by MD5 find no new ones."
                ),
            ),
        ),
        validation=check_passes(finding.id, finding.title, "A scan reads little more than 128 KiB for each new file."),
        rollback=setting_rollback("naming and MD5", f"{algorithm} and {words(finding, 'calculate_md5')}"),
        confidence=0.6,
    )
