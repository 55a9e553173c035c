"""What a server lacks of a request: by a short name for lists, and as a sentence for whoever reads why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing: `name` is `Type.field`, or `Type.field(argument:)`; `sentence` begins with "this server"."""

    name: str
    sentence: str


def lacking_operations(kind: str) -> Lack:
    """Tell of a server without any mutation, or any subscription."""
    words = {"query": "queries", "mutation": "changes (mutations)", "subscription": "subscriptions"}
    return Lack(kind, f"this server does not offer {words.get(kind, kind)}")


def lacking_field(type_name: str, field: str, root_kind: str = "") -> Lack:
    """Tell of a missing field; `root_kind` is `query`, `mutation` or `subscription` where it is one of those."""
    what = f"the {root_kind} {field}" if root_kind else f"{type_name}.{field}"
    return Lack(f"{type_name}.{field}", f"this server does not offer {what}")


def lacking_argument(field: str, argument: str, root_field: str = "") -> Lack:
    """Tell of a missing argument of a field `Type.field`, or of a query, which is named without its type then."""
    return Lack(f"{field}({argument}:)", f"this server does not offer the argument {argument} of {root_field or field}")


def differing_value(where: str, type_text: str) -> Lack:
    """Tell of a place that takes another kind of value than the request holds."""
    return Lack(where, f"this server takes another kind of value for {where}, namely {type_text}")


def demanded(where: str) -> Lack:
    """Tell of a place that must have a value, and the request gives none."""
    return Lack(where, f"this server demands {where}, which the request does not give")


def lacking_input(type_name: str, field: str) -> Lack:
    """Tell of a missing field of an input; those of filters are what a page is filtered by."""
    name = f"{type_name}.{field}"
    if type_name.endswith("FilterType") and type_name != "FindFilterType":
        return Lack(name, f"this server does not offer filtering by {field} ({name})")
    return Lack(name, f"this server does not offer {name}")


def lacking_value(type_name: str, value: str) -> Lack:
    """Tell of a missing value of an enumeration."""
    return Lack(f"{type_name}.{value}", f"this server does not offer the value {value} of {type_name}")


def nothing_left(kind: str, field: str, lacks: list[str]) -> str:
    """Tell of a request of which nothing is left."""
    listed = f" ({', '.join(lacks)})" if lacks else ""
    return f"this server does not offer anything that is asked of the {kind} {field}{listed}"
