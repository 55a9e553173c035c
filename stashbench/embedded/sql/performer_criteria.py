"""Criteria on the performers of scenes, images and galleries."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql.clause import Clause
from stashbench.embedded.sql.relations import TAGS, included_and_excluded, subtree_values
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.values import comparison
from stashbench.errors import RequestError


def performer_tags(link: str, owner_column: str) -> Handler:
    """Handler of a HierarchicalMultiCriterionInput on the tags of the linked performers."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        modifier, select = criterion["modifier"], scope.select
        if modifier in {"IS_NULL", "NOT_NULL"}:
            select.add_join("LEFT", link, f"{select.id} = {link}.{owner_column}")
            select.add_join("LEFT", "performers_tags", f"{link}.performer_id = performers_tags.performer_id")
            scope.require(f"performers_tags.tag_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        if modifier not in {"INCLUDES", "INCLUDES_ALL", "EXCLUDES"}:
            message = f"invalid modifier {modifier} for performer tags"
            raise RequestError(message)
        values, excludes = included_and_excluded(criterion)
        if values:
            pairs = subtree_values(scope.fetch, TAGS, values, criterion.get("depth"))
            select.tables_before["performer_tags"] = Clause(
                f"performer_tags AS (SELECT ps.{owner_column} AS primaryID, t.column1 AS root_tag_id FROM {link} ps "
                "INNER JOIN performers_tags pt ON pt.performer_id = ps.performer_id "
                f"INNER JOIN ({pairs}) t ON t.column2 = pt.tag_id)"
            )
            select.add_join("LEFT", "performer_tags", f"performer_tags.primaryID = {select.id}")
            scope.require("performer_tags.root_tag_id IS NOT NULL")
            if modifier == "INCLUDES_ALL":
                scope.require_of_group(f"count(distinct performer_tags.root_tag_id) IS {len(values)}")
        if excludes:
            pairs = subtree_values(scope.fetch, TAGS, excludes, criterion.get("depth"))
            scope.require(
                f"{select.id} NOT IN (SELECT {link}.{owner_column} FROM {link} "
                f"INNER JOIN performers_tags ON {link}.performer_id = performers_tags.performer_id "
                f"WHERE performers_tags.tag_id IN (SELECT column2 FROM ({pairs})))"
            )

    return handle


def performer_favorite(link: str, owner_column: str) -> Handler:
    """Handler of a Boolean: a favourite among the performers, or none."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        select = scope.select
        select.add_join("LEFT", link, f"{select.id} = {link}.{owner_column}")
        if criterion:
            select.add_join("LEFT", "performers", f"performers.id = {link}.performer_id")
            scope.require("performers.favorite = 1")
            return
        without = (
            f"(SELECT {link}.{owner_column} AS id FROM {link} JOIN performers ON performers.id = {link}.performer_id "
            f"GROUP BY {link}.{owner_column} HAVING SUM(performers.favorite) = 0)"
        )
        select.add_join("LEFT", without, f"{select.id} = nofaves.id", alias="nofaves")
        scope.require(f"{link}.{owner_column} IS NULL OR nofaves.id IS NOT NULL")

    return handle


def performer_age(link: str, owner_column: str) -> Handler:
    """Handler of an IntCriterionInput on a performer's age in years at the object's date."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        select = scope.select
        dated = f"{select.table}.date"
        select.add_join("INNER", link, f"{select.id} = {link}.{owner_column}")
        select.add_join("INNER", "performers", f"{link}.performer_id = performers.id")
        scope.require(f"{dated} != '' AND performers.birthdate != ''")
        scope.require(f"{dated} IS NOT NULL AND performers.birthdate IS NOT NULL")
        age = f"cast(strftime('%Y.%m%d', {dated}) - strftime('%Y.%m%d', performers.birthdate) as int)"
        scope.where.append(comparison(age, criterion))

    return handle
