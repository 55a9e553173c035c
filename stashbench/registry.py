"""A typed registry: built-ins are found by walking a sub-package, third parties by entry points.

Adding a unit is adding a file: no dispatcher lists them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from stashbench.errors import ConfigurationError

T = TypeVar("T")


class Registry(Generic[T]):
    """Units of one kind by name; a unit is whatever `attribute` of its module holds."""

    def __init__(self, package: str, attribute: str, kind: type[T], *, entry_point_group: str | None = None) -> None:
        self._package = package
        self._attribute = attribute
        self._kind = kind
        self._group = entry_point_group

    def names(self) -> tuple[str, ...]:
        """Return the names of all units, sorted, without importing any of them."""
        paths = import_module(self._package).__path__
        built_in = (module.name for module in pkgutil.iter_modules(paths) if not module.name.startswith("_"))
        return tuple(sorted({*built_in, *(point.name for point in self._entry_points())}))

    def load(self, name: str) -> T:
        """Import one unit.

        Raises:
            ConfigurationError: there is no such unit, or what was found is not of the right kind.
        """
        if name not in self.names():
            message = f"there is no {name!r} in {self._package}; known are {', '.join(self.names())}"
            raise ConfigurationError(message)
        point = next((point for point in self._entry_points() if point.name == name), None)
        unit = getattr(import_module(f"{self._package}.{name}"), self._attribute) if point is None else point.load()
        if not isinstance(unit, self._kind):
            message = f"{self._package}.{name} offers a {type(unit).__name__} where a {self._kind.__name__} is expected"
            raise ConfigurationError(message)
        return unit

    def load_all(self) -> Iterator[tuple[str, T]]:
        """Import every unit, in the order of their names."""
        for name in self.names():
            yield name, self.load(name)

    def _entry_points(self) -> tuple[EntryPoint, ...]:
        return tuple(entry_points(group=self._group)) if self._group else ()
