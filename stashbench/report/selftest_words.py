"""A machine's self-test in plain words, for terminal and reports alike."""

from __future__ import annotations

from stashbench.model.selftest import SelfTest, Share
from stashbench.report.quantities import count, duration

_FINE = 0.1
NONE_YET = "This machine has not been tested yet; `stashbench selftest` does it in about three minutes."


def selftest_in_words(selftest: SelfTest) -> tuple[str, ...]:
    """Return one sentence a finding, the most important first."""
    pairs, pages = selftest.pairs, selftest.pages
    told = []
    if pages.total:
        told.append(
            f"{_counted(pairs.total, 'comparison')} of a server with itself: of {_counted(pages.total, 'judged page')} "
            f"{_alarmed(pages)} looked changed {_interval(pages)}."
        )
        told.append(
            f"{_alarmed(pairs).capitalize()} of {_counted(pairs.total, 'comparison')} had any such false alarm "
            f"{_interval(pairs)}; at most one in ten is aimed at."
        )
    else:
        told.append("No page could be judged, so nothing is known of false alarms.")
    if selftest.coverage.share is not None:
        held = _percent(selftest.coverage.share)
        told.append(f"The 95 % interval held the truth on {held} of pages {_interval(selftest.coverage)}.")
    if selftest.detection_limit is not None:
        told.append(
            f"In {duration(selftest.pair_budget_seconds)} of measuring, a typical page that becomes "
            f"{_percent(selftest.detection_limit - 1)} slower is found four times in five."
        )
    told.append(_sessions(selftest))
    if selftest.unfit_pair_count:
        told.append(
            f"{_counted(selftest.unfit_pair_count, 'comparison')} more could not be judged: "
            f"{'; '.join(selftest.machine.unfit_reasons)}."
        )
    if selftest.partial_reason:
        told.append(f"Only a part of {_counted(selftest.wanted_pair_count, 'comparison')}: {selftest.partial_reason}.")
    if selftest.stale:
        told.append(f"This no longer holds: {selftest.stale}. Run `stashbench selftest` again.")
    return tuple(told)


def selftest_in_short(selftest: SelfTest) -> str:
    """Return one sentence for a report."""
    limit = selftest.detection_limit
    seen = f", and could show {_percent(limit - 1)} on a typical page" if limit is not None else ""
    alarmed = _alarmed(selftest.pages)
    stale = f" This no longer holds: {selftest.stale}." if selftest.stale else ""
    partial = " It was broken off early." if selftest.partial_reason else ""
    return (
        f"Self-test of this machine on {selftest.taken_at[:10]}: {_counted(selftest.pairs.total, 'comparison')} of a "
        f"server with itself gave {alarmed} false {'alarm' if selftest.pages.count == 1 else 'alarms'} on "
        f"{_counted(selftest.pages.total, 'judged page')}{seen}.{partial}{stale}"
    )


def _sessions(selftest: SelfTest) -> str:
    if selftest.session_sigma is None or selftest.suite_session_sigma is None:
        return f"How sessions differ is not known: {selftest.session_reason or 'nothing was measured'}."
    return (
        f"From one session to the next, minutes apart, a page's time varies by {_percent(selftest.session_sigma)} "
        f"(standard deviation), and that of all pages together by {_percent(selftest.suite_session_sigma)}; "
        "over days it is more."
    )


def _alarmed(share: Share) -> str:
    return count(share.count) if share.count else "none"


def _interval(share: Share) -> str:
    if share.low is None or share.high is None:
        return ""
    return f"(95 % interval: {_percent(share.low)} to {_percent(share.high)})"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %") if 0 < share < _FINE else f"{share:.0%}".replace("%", " %")


def _counted(number: int, noun: str) -> str:
    return f"{count(number)} {noun}{'s' * (number != 1)}"
