"""Finds the rules: each module of `recommend/rules/`, and what other installed packages offer as entry points."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple, cast

from stashbench.errors import StashbenchError
from stashbench.recommend import rules
from stashbench.recommend.rule import Rule, RuleMeta

ENTRY_POINT_GROUP = "stashbench.rules"


class FoundRules(NamedTuple):
    """The rules by id, and a note for each of another package that cannot be used."""

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]


@cache
def find_rules() -> FoundRules:
    """Import all rules. One of another package that cannot be used costs a note, one of ours is a mistake of ours.

    Raises:
        StashbenchError: a module of `recommend/rules/` is no rule, or two of them share an id.
    """
    found: dict[str, Rule] = {}
    for entry in pkgutil.iter_modules(rules.__path__):
        rule = _as_rule(importlib.import_module(f"{rules.__name__}.{entry.name}"), f"{rules.__name__}.{entry.name}")
        _add(found, rule, f"{rules.__name__}.{entry.name}")
    notes = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value)):
        try:
            _add(found, _as_rule(point.load(), point.value), point.value)
        # Whatever a foreign package does on import, the advice of the others must not be lost with it.
        except Exception as error:  # noqa: BLE001
            notes.append(_note(point, error))
    return FoundRules(tuple(found[name] for name in sorted(found)), tuple(notes))


def discover_rules() -> tuple[Rule, ...]:
    """Return all rules that can be used, by id; errors as for `find_rules`."""
    return find_rules().rules


def _as_rule(offered: object, origin: str) -> Rule:
    if not isinstance(getattr(offered, "META", None), RuleMeta) or not callable(getattr(offered, "evaluate", None)):
        message = f"{origin} is no rule: it needs META and evaluate(facts)."
        raise StashbenchError(message)
    return cast("Rule", offered)


def _add(found: dict[str, Rule], rule: Rule, origin: str) -> None:
    if rule.META.id in found:
        message = f"Two rules are called {rule.META.id}; rename the one in {origin}."
        raise StashbenchError(message)
    found[rule.META.id] = rule


def _note(point: EntryPoint, error: Exception) -> str:
    package = point.dist.name if point.dist else "another package"
    return (
        f"Advice may be missing: the rule {point.name} of {package} cannot be used "
        f"({type(error).__name__}: {error}); update or remove that package."
    )
