"""Object types by name, for types that refer to each other; a module of their own keeps imports free of cycles."""

from __future__ import annotations

from typing import Any

from strawberry.types.lazy_type import LazyType

_PACKAGE = "stashbench.embedded.graphql"

SCENE: Any = LazyType("Scene", f"{_PACKAGE}.scene")
SCENE_MARKER: Any = LazyType("SceneMarker", f"{_PACKAGE}.scene")
SCENE_GROUP: Any = LazyType("SceneGroup", f"{_PACKAGE}.scene")
IMAGE: Any = LazyType("Image", f"{_PACKAGE}.image")
GALLERY: Any = LazyType("Gallery", f"{_PACKAGE}.gallery")
PERFORMER: Any = LazyType("Performer", f"{_PACKAGE}.performer")
STUDIO: Any = LazyType("Studio", f"{_PACKAGE}.studio")
TAG: Any = LazyType("Tag", f"{_PACKAGE}.tag")
GROUP: Any = LazyType("Group", f"{_PACKAGE}.group")
