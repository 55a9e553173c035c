"""Every criterion and sort of every entity makes SQL that SQLite accepts on the schema."""

from __future__ import annotations

import apsw
import pytest

from stashbench.embedded.graphql import build_schema
from stashbench.embedded.schema import create_schema
from stashbench.embedded.sql import counts, duplicates, load, lookups
from stashbench.embedded.sql.entity import filtered, list_query
from stashbench.embedded.sql.find_filter import FindFilter
from stashbench.embedded.sql.galleries import GALLERIES
from stashbench.embedded.sql.groups import GROUPS_ENTITY
from stashbench.embedded.sql.images import IMAGES
from stashbench.embedded.sql.markers import MARKERS
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.scenes import SCENES
from stashbench.embedded.sql.stats import STATS
from stashbench.embedded.sql.studios import STUDIOS_ENTITY
from stashbench.embedded.sql.tags import TAGS_ENTITY
from stashbench.embedded.sql.totals import IMAGE_TOTALS, SCENE_TOTALS, totals_statement
from stashbench.errors import RequestError
from stashbench.sqlite.functions import register

ENTITIES = {
    "SceneFilterType": SCENES,
    "ImageFilterType": IMAGES,
    "GalleryFilterType": GALLERIES,
    "PerformerFilterType": PERFORMERS,
    "TagFilterType": TAGS_ENTITY,
    "StudioFilterType": STUDIOS_ENTITY,
    "GroupFilterType": GROUPS_ENTITY,
    "SceneMarkerFilterType": MARKERS,
}
CRITERIA = [(name, criterion) for name, entity in ENTITIES.items() for criterion in entity.criteria]
NUMBERS = [{"value": 3, "value2": 9, "modifier": "BETWEEN"}, {"value": 3, "modifier": "IS_NULL"}]
TEXTS = [
    {"value": "a b", "modifier": modifier}
    for modifier in ("EQUALS", "INCLUDES", "EXCLUDES", "MATCHES_REGEX", "NOT_MATCHES_REGEX", "IS_NULL", "NOT_NULL")
]
LISTS = [
    {"value": ["1", "2"], "excludes": ["3"], "modifier": modifier}
    for modifier in ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "IS_NULL", "NOT_NULL")
]
SAMPLES = {
    "IntCriterionInput": NUMBERS,
    "FloatCriterionInput": NUMBERS,
    "StringCriterionInput": TEXTS,
    "DateCriterionInput": [{"value": "2020-01-01", "value2": None, "modifier": "NOT_BETWEEN"}],
    "TimestampCriterionInput": [{"value": "2020-01-01", "modifier": "GREATER_THAN"}],
    "MultiCriterionInput": LISTS,
    "HierarchicalMultiCriterionInput": [*LISTS, *({**sample, "depth": -1} for sample in LISTS)],
    "Boolean": [True, False],
    "String": ["true", "false", "title", "name", ""],
    "ResolutionCriterionInput": [{"value": "FULL_HD", "modifier": "EQUALS"}],
    "OrientationCriterionInput": [{"value": ["SQUARE", "PORTRAIT"]}],
    "PhashDistanceCriterionInput": [{"value": "ff", "modifier": "EQUALS", "distance": 4}],
    "PHashDuplicationCriterionInput": [{"duplicated": True}],
    "StashIDCriterionInput": [{"endpoint": "e", "stash_id": "s", "modifier": "EQUALS"}, {"modifier": "IS_NULL"}],
    "GenderCriterionInput": [{"value_list": ["MALE", "FEMALE"], "modifier": "EXCLUDES"}],
    "CircumcisionCriterionInput": [{"value": ["CUT"], "modifier": "INCLUDES"}],
}

NAMES_MISSING = {
    **{name: {"title", ""} for name in ("SceneFilterType", "ImageFilterType", "GalleryFilterType")},
    **{name: {"name", ""} for name in ("PerformerFilterType", "TagFilterType", "StudioFilterType", "GroupFilterType")},
}


@pytest.fixture(scope="module")
def connection():
    connection = apsw.Connection(":memory:")
    register(connection)
    create_schema(connection)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def inputs():
    types = build_schema()._schema.type_map
    return {name: types[name].fields for name in ENTITIES}


@pytest.fixture
def explain(connection):
    def run(statement):
        sql, args = statement
        return connection.execute(f"EXPLAIN QUERY PLAN {sql}", args).fetchall()

    return run


@pytest.fixture
def fetch(connection):
    return lambda sql, args=(): connection.execute(sql, args).fetchall()


def test_every_offered_criterion_has_a_handler_and_the_other_way_round(inputs):
    for name, entity in ENTITIES.items():
        assert set(inputs[name]) - {"AND", "OR", "NOT"} == set(entity.criteria), name


@pytest.mark.parametrize(("name", "criterion"), CRITERIA)
def test_criteria_compile_for_pages_and_totals(name, criterion, inputs, explain, fetch):
    entity = ENTITIES[name]
    compiled = 0
    for sample in SAMPLES[inputs[name][criterion].type.name]:
        if criterion == "is_missing" and sample not in NAMES_MISSING[name]:
            with pytest.raises(RequestError, match="knows no"):
                list_query(entity, FindFilter(), {criterion: sample}, fetch)
            continue
        query = list_query(entity, FindFilter(sort="id"), {criterion: sample}, fetch)
        assert explain(query.page_statement())
        assert explain(query.count_statement())
        compiled += 1
    assert compiled


@pytest.mark.parametrize(("name", "sort"), [(name, sort) for name, entity in ENTITIES.items() for sort in entity.sorts])
def test_sorts_compile_in_both_directions(name, sort, explain, fetch):
    for is_descending in (False, True):
        query = list_query(ENTITIES[name], FindFilter(q="x -y", sort=sort, is_descending=is_descending), None, fetch)
        sql, _ = query.page_statement()
        assert ENTITIES[name].tie_break in sql
        assert explain(query.page_statement())


@pytest.mark.parametrize(("entity", "totals"), [(SCENES, SCENE_TOTALS), (IMAGES, IMAGE_TOTALS)])
def test_totals_compile_with_every_filter_they_share_joins_with(entity, totals, explain, fetch):
    samples = {"path": TEXTS[1], "resolution": {"value": "LOW", "modifier": "EQUALS"}, "tags": LISTS[1]}
    query = list_query(entity, FindFilter(q="x", sort="path"), samples, fetch)
    statement, names = totals_statement(query, totals, set(totals))
    assert names == ["count", *totals]
    assert explain(statement)


def test_nested_filters_keep_the_order_of_their_arguments(fetch):
    criteria = {
        "performer_tags": {"value": ["5"], "modifier": "INCLUDES"},
        "stash_id_endpoint": {"endpoint": "joined", "stash_id": "first", "modifier": "EQUALS"},
        "rating100": {"value": 2, "modifier": "EQUALS"},
        "OR": {
            "title": {"value": "third", "modifier": "EQUALS"},
            "NOT": {"code": {"value": "4", "modifier": "EQUALS"}},
        },
    }
    select = filtered(SCENES, criteria, fetch)
    sql, args = select.count_statement()
    assert args == ("joined", "first", 2, "third", "4")
    assert " OR (" in sql
    assert " AND NOT (" in sql


def test_object_loads_lookups_and_counts_compile(explain, fetch):
    loadings = [value for value in vars(load).values() if isinstance(value, load.Loading)]
    assert len(loadings) >= 11
    for loading in loadings:
        assert explain(loading.by_ids([1, 2]))
        assert len(loading.attributes) == len(set(loading.attributes))
    statements = [
        lookups.tag_ids("scenes_tags", "scene_id", 1),
        lookups.tag_relative_ids("child_id", "parent_id", 1),
        lookups.linked_ids("performers_scenes", "scene_id", "performer_id", 1),
        lookups.file_links("galleries", "gallery_id", [1, 2]),
        lookups.listed_values("scene_urls", "url", "scene_id", 1),
        lookups.stash_ids("tag_stash_ids", "tag_id", 1),
        lookups.has_image("groups", "back_image_blob", 1),
        lookups.history_latest("scenes_view_dates", "view_date", [1]),
        lookups.history_dates("scenes_o_dates", "o_date", [1]),
        lookups.captions(1),
        lookups.scene_groups(1),
        lookups.group_relatives("sub_id", "containing_id", 1),
        lookups.marker_tag_ids(1),
        lookups.custom_fields([1]),
        lookups.gallery_cover_id(1),
        duplicates.exact_statement(-1),
        duplicates.hashes_statement(),
        counts.performer_group_count(1),
        counts.filtered_count(PERFORMERS, "studios", 1, -1, fetch),
        *((sql, ()) for sql in STATS.values()),
    ]
    for statement in statements:
        assert explain(statement)


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(0, 1000, []), (1000, 1000, [1000]), (2001, 1000, [1000, 1000, 1])]
)
def test_objects_are_loaded_in_batches(count, size, sizes):
    assert [len(batch) for batch in load.batches(range(count), size)] == sizes
