"""Inputs every filter is made of: how to compare (`modifier`) and with what."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from stashbench.embedded.graphql.performer import CircumisedEnum, GenderEnum


@strawberry.enum
class CriterionModifier(Enum):
    """How a value is compared."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    GREATER_THAN = "GREATER_THAN"
    LESS_THAN = "LESS_THAN"
    IS_NULL = "IS_NULL"
    NOT_NULL = "NOT_NULL"
    INCLUDES_ALL = "INCLUDES_ALL"
    INCLUDES = "INCLUDES"
    EXCLUDES = "EXCLUDES"
    MATCHES_REGEX = "MATCHES_REGEX"
    NOT_MATCHES_REGEX = "NOT_MATCHES_REGEX"
    BETWEEN = "BETWEEN"
    NOT_BETWEEN = "NOT_BETWEEN"


@strawberry.enum
class SortDirectionEnum(Enum):
    """Order of a list."""

    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum
class ResolutionEnum(Enum):
    """Names of resolutions; which heights they mean is in `sql.files`."""

    VERY_LOW = "VERY_LOW"
    LOW = "LOW"
    R360P = "R360P"
    STANDARD = "STANDARD"
    WEB_HD = "WEB_HD"
    STANDARD_HD = "STANDARD_HD"
    FULL_HD = "FULL_HD"
    QUAD_HD = "QUAD_HD"
    VR_HD = "VR_HD"
    FOUR_K = "FOUR_K"
    FIVE_K = "FIVE_K"
    SIX_K = "SIX_K"
    SEVEN_K = "SEVEN_K"
    EIGHT_K = "EIGHT_K"
    HUGE = "HUGE"


@strawberry.enum
class OrientationEnum(Enum):
    """Which side is longer."""

    LANDSCAPE = "LANDSCAPE"
    PORTRAIT = "PORTRAIT"
    SQUARE = "SQUARE"


@strawberry.input
class FindFilterType:
    """Search text, page and order."""

    q: str | None = UNSET
    page: int | None = UNSET
    per_page: int | None = UNSET
    sort: str | None = UNSET
    direction: SortDirectionEnum | None = UNSET


@strawberry.input
class IntCriterionInput:
    """A number, or two for BETWEEN."""

    value: int
    value2: int | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class FloatCriterionInput:
    """A number, or two for BETWEEN."""

    value: float
    value2: float | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class StringCriterionInput:
    """A text, some words or a regular expression."""

    value: str
    modifier: CriterionModifier


@strawberry.input
class DateCriterionInput:
    """A date (YYYY-MM-DD), or two for BETWEEN."""

    value: str
    value2: str | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class TimestampCriterionInput:
    """A moment, or two for BETWEEN."""

    value: str
    value2: str | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class MultiCriterionInput:
    """Objects by id."""

    value: list[strawberry.ID] | None = UNSET
    modifier: CriterionModifier
    excludes: list[strawberry.ID] | None = UNSET


@strawberry.input
class HierarchicalMultiCriterionInput:
    """Objects by id with what lies below them, `depth` levels down (-1 all)."""

    value: list[strawberry.ID] | None = UNSET
    modifier: CriterionModifier
    depth: int | None = UNSET
    excludes: list[strawberry.ID] | None = UNSET


@strawberry.input
class ResolutionCriterionInput:
    """A resolution."""

    value: ResolutionEnum
    modifier: CriterionModifier


@strawberry.input
class OrientationCriterionInput:
    """Any of some orientations."""

    value: list[OrientationEnum]


@strawberry.input
class PhashDistanceCriterionInput:
    """A perceptual hash (hexadecimal) and in how many bits another may differ."""

    value: str
    modifier: CriterionModifier
    distance: int | None = UNSET


@strawberry.input(name="PHashDuplicationCriterionInput")
class PhashDuplicationCriterionInput:
    """Whether there is another file with the same perceptual hash."""

    duplicated: bool | None = UNSET
    distance: int | None = UNSET


@strawberry.input
class StashIDCriterionInput:
    """An id in an external database."""

    endpoint: str | None = UNSET
    stash_id: str | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class GenderCriterionInput:
    """One gender or several."""

    value: GenderEnum | None = UNSET
    value_list: list[GenderEnum] | None = UNSET
    modifier: CriterionModifier


@strawberry.input
class CircumcisionCriterionInput:
    """One value or several."""

    value: list[CircumisedEnum] | None = UNSET
    modifier: CriterionModifier


def plain(value: Any) -> Any:
    """An input as plain values: mappings without absent fields, names of enum members, lists."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "__strawberry_definition__"):
        return {name: plain(item) for name, item in vars(value).items() if item is not UNSET}
    return value
