"""Paging, sorting and text search as every list query of Stash takes them."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class FindFilter:
    """`FindFilterType` with its defaults resolved.

    `page` counts from 1, lower values mean 1. `per_page` below 0 means no limit, 0 means no rows.
    """

    q: str = ""
    page: int = 1
    per_page: int = DEFAULT_PAGE_SIZE
    sort: str = ""
    is_descending: bool = False

    @property
    def direction(self) -> str:
        """The keyword behind a sort expression."""
        return "DESC" if self.is_descending else "ASC"

    @property
    def limit(self) -> tuple[int, int] | None:
        """Rows to return and rows to skip, or None without a limit."""
        if self.per_page < 0:
            return None
        return self.per_page, (max(self.page, 1) - 1) * self.per_page
