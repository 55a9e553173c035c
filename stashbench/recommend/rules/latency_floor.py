"""Shorten the way to the server."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="shorten-the-way",
    type="request-floor",
    category=RecommendationCategory.SYSTEM,
    title="Shorten the way between client and server",
    check_ids=("latency-floor",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise a look at what lies between client and server, since the server answers this request from memory."""
    finding = facts.failed("latency-floor")
    if finding is None:
        return None
    floor = finding.value or 0.0
    return META.advise(
        [finding],
        description=(
            f"Every request takes at least {floor:.0f} ms, also one that the server answers from memory. The web "
            "interface sends dozens of them for a page."
        ),
        rationale=(
            f"Median of {words(finding, 'rounds', 'many')} requests for systemStatus: {floor:.1f} ms. On the same "
            "machine this takes less than 2 ms, so the rest is network, proxy, encryption, or a server that is busy."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"latency": f"up to {floor:.0f} ms less for each request"},
            affected="every request",
        ),
        implementation=Implementation(
            steps=(
                (
                    "Repeat the audit on the server's own machine against its own port. If that is fast, it is the "
                    "way; if not, it is the server."
                ),
                (
                    "The way: keep connections open in the proxy (HTTP keep-alive to the upstream), look for a VPN "
                    "or Wi-Fi in between."
                ),
                "The server: see what else it does (CPU, running tasks) and stop that first.",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("Access to the machine or its proxy.",),
            risks=("A proxy set up anew may cut off other users for a moment.",),
        ),
        validation=check_passes(finding.id, finding.title, "The same request takes less than 10 ms."),
        rollback=Rollback(
            possible=True,
            steps=("Restore the former settings of proxy or network.",),
            requirements=("A copy of the former settings.",),
        ),
        confidence=0.6,
    )
