"""The second look: what seems slower than the stored sessions is measured again before anything is said.

Beside the suspects some other pages, chosen by chance, are measured again too: they tell how far the machine moved.
Where the baseline's server can be started once more, both are asked in turns instead, which decides far better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stashbench.audit import failure_in_words
from stashbench.errors import StashbenchError
from stashbench.harness.passes import wait_for_second_look

if TYPE_CHECKING:
    from stashbench.harness.replay import Origin
    from stashbench.harness.session import AuditSession
    from stashbench.model.target import Target
    from stashbench.store.baselines import FoundSessions

SETTLE_SECONDS = 5.0


def look_again(session: AuditSession, origin: Origin) -> None:
    """Measure suspects again, where there are any; interrupted, what was measured before stays as it is."""
    if session.loss or session.was_interrupted or session.settings.audit.baseline == "none":
        return
    try:
        found, nodeids = _in_doubt(session)
        if nodeids and _replayed(session, found.sessions[-1].target, nodeids, origin) < set(nodeids):
            _wait_and_measure(session, nodeids)
    except KeyboardInterrupt:
        session.was_interrupted = True
        session.record.partial_reasons.append("the run was interrupted before suspect pages were measured again")
    except StashbenchError as error:
        # The first look stands; what was suspect stays so.
        session.record.partial_reasons.append(f"suspect pages were not measured again: {failure_in_words(error)}")


def _in_doubt(session: AuditSession) -> tuple[FoundSessions, list[str]]:
    """Return the stored sessions, and the node ids of suspects and of the pages measured again beside them."""
    from stashbench.audit.stored import find_stored, judge_stored

    settings = session.settings
    found = find_stored(session.record, settings.audit)
    judgement = judge_stored(session.record, found, settings.audit, settings.effects)
    wanted = {*judgement.suspects, *judgement.controls}
    return found, [item.nodeid for item in session.record.measurements if item.id in wanted]


def _replayed(session: AuditSession, then: Target, nodeids: list[str], origin: Origin) -> set[str]:
    """Decide suspects side by side with the baseline's server; return the node ids of those that could be."""
    from stashbench.harness.replay import replay, shift_of, why_not_replay

    if session.settings.audit.replay == "off" or why_not_replay(then, session.target.info):
        return set()
    try:
        document = replay(session, then, nodeids, origin)
    except StashbenchError as error:
        session.warn(f"suspects could not be decided side by side with the baseline's server: {error}")
        return set()
    session.record.replayed = {item.id: item for item in document.benchmarks}
    session.record.replayed_shift = shift_of(document)
    # Side by side a page may be left out, such as one that takes too long for the time there is.
    decided = {item.id for item in document.benchmarks if item.ratio is not None and item.time_verdict is not None}
    return {item.nodeid for item in session.record.measurements if item.id in decided and item.nodeid in nodeids}


def _wait_and_measure(session: AuditSession, nodeids: list[str]) -> None:
    chosen = session.settings.audit.settle_seconds
    is_own = session.is_own_server
    if is_own and chosen:
        wait_for_second_look(session, chosen)
    settle = SETTLE_SECONDS if chosen is None else chosen
    looks = session.passes.remeasure(nodeids, is_restarting=is_own, settle_seconds=settle)
    for nodeid, look in looks.items():
        session.update_measurement(nodeid, looks=(look,))
