"""The single picks of a library sample: each asks one or two questions and answers None where there is nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from stashbench.errors import RequestError
from stashbench.stash.adapt import Adapter
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.siblings import groups_document

Item = dict[str, Any]
MIDDLE_COUNT = 40
# Letters that stand together in no language; the last resort changes with nothing but this list.
IMPROBABLE_WORDS = ("qxzjvkwyqx", "vqkzxjwqyz", "zzqxkvjwqq")
_WORD = re.compile(r"[^\W\d_]{4,}")


class Picker:
    """Asks a server for one thing after the other."""

    def __init__(self, client: StashClient, adapter: Adapter) -> None:
        self._client = client
        self._adapter = adapter

    def listed(self, document: str, root: str, field: str, **variables: Any) -> tuple[int, list[Item]]:
        """Return how many there are and the first page; nothing where the server declines or does not offer it."""
        variables.setdefault("filter", {"per_page": 1, "sort": "id"})
        found = self._ask(document, root, variables)
        return (0, []) if found is None else (int(found.get("count", 0)), found.get(field, []))

    def biggest(self, document: str, root: str, field: str, **variables: Any) -> tuple[int, list[Item]]:
        """Return those with the most scenes first."""
        order = {"per_page": 1, "sort": "scenes_count", "direction": "DESC"}
        return self.listed(document, root, field, filter=order, **variables)

    def biggest_id(self, document: str, root: str, field: str) -> str | None:
        """Return the id of the one with the most scenes, if it has any."""
        _, found = self.biggest(document, root, field)
        return str(found[0]["id"]) if found and found[0]["scene_count"] else None

    def first_id(self, document: str, root: str, field: str) -> str | None:
        """Return the id of the first one."""
        _, found = self.listed(document, root, field)
        return str(found[0]["id"]) if found else None

    def group_id(self) -> str | None:
        """Return the first group's id; before v0.27 groups were movies."""
        if groups_document(self._adapter.capabilities) == "movies":
            return self.first_id("sample_movies", "findMovies", "movies")
        return self.first_id("sample_groups", "findGroups", "groups")

    def scenes(self, page: int = 1, per_page: int = 1, sort: str = "id", **criteria: Any) -> tuple[int, list[Item]]:
        """Return how many scenes match and one page of them."""
        return self.listed(
            "sample_scenes",
            "findScenes",
            "scenes",
            filter={"page": page, "per_page": per_page, "sort": sort, "direction": "ASC"},
            scene_filter=criteria,
        )

    def middle_scenes(self) -> tuple[int, list[Item]]:
        """Return the number of scenes and a page from the middle."""
        count, first = self.scenes(per_page=MIDDLE_COUNT)
        page = 1 + count // MIDDLE_COUNT // 2
        return count, first if page == 1 else self.scenes(page, MIDDLE_COUNT)[1]

    def rich_scene(self) -> str | None:
        """Return the id of the scene with the most tags."""
        order = {"per_page": 1, "sort": "tag_count", "direction": "DESC"}
        _, found = self.listed("sample_scenes", "findScenes", "scenes", filter=order)
        return str(found[0]["id"]) if found else None

    def middling_tag(self, tag_count: int) -> str | None:
        """Return a tag from a quarter down the list by scenes: popular tags are few, so the middle would be bare."""
        order = {"page": 1 + tag_count // 4, "per_page": 1, "sort": "scenes_count", "direction": "DESC"}
        _, found = self.listed("sample_tags", "findTags", "tags", filter=order)
        return str(found[0]["id"]) if found and found[0]["scene_count"] else None

    def parent_tag(self) -> str | None:
        """Return the biggest tag that has tags below it."""
        criteria = {"child_count": {"value": 0, "modifier": "GREATER_THAN"}}
        _, found = self.biggest("sample_tags", "findTags", "tags", tag_filter=criteria)
        return str(found[0]["id"]) if found else None

    def title_word(self, scenes: Sequence[Item]) -> str | None:
        """Return the commonest word of these scenes' titles (else file names) that a search finds."""
        for texts in ([scene.get("title") or "" for scene in scenes], [_file_name(scene) for scene in scenes]):
            words: Counter[str] = Counter(word.lower() for text in texts for word in set(_WORD.findall(text)))
            for word, _ in sorted(words.items(), key=lambda entry: (-entry[1], entry[0]))[:3]:
                if self._match_count({"filter": {"q": word}}):
                    return word
        return None

    def missing_word(self) -> str | None:
        """Return a word that a search does not find."""
        return next((word for word in IMPROBABLE_WORDS if self._match_count({"filter": {"q": word}}) == 0), None)

    def path_part(self, scene: Item) -> str | None:
        """Return the name of the folder a scene's file lies in."""
        return _path(scene).parent.name or None

    def middle_dates(self) -> tuple[str | None, str | None]:
        """Return the dates between which the middle fifth of the dated scenes lies."""
        criteria: dict[str, Any] = {"date": {"value": "", "modifier": "NOT_NULL"}}
        if self._adapter.request(load("sample_scenes"), {"scene_filter": criteria}).missing:
            criteria = {}  # before 0.20; scenes without a date come first then
        count, found = self.scenes(sort="date", **criteria)
        if not found:
            return None, None
        dates = []
        for tenths in (4, 6):
            _, found = self.scenes(1 + min(count * tenths // 10, count - 1), sort="date", **criteria)
            dates.append(found[0]["date"] if found else None)
        return dates[0], dates[1]

    def _match_count(self, variables: dict[str, Any]) -> int | None:
        found = self._ask("scene_count", "findScenes", variables)
        return None if found is None else int(found["count"])

    def _ask(self, document: str, root: str, variables: dict[str, Any]) -> Item | None:
        request = self._adapter.request(load(document), variables)
        if request.missing:
            return None
        try:
            found: Item = self._client.execute(request.text, request.variables)[root]
        except RequestError:
            return None
        return found


def _path(scene: Item) -> PurePosixPath | PureWindowsPath:
    files = scene.get("files") or [{"path": ""}]
    text = files[0]["path"]
    return PureWindowsPath(text) if "\\" in text and "/" not in text else PurePosixPath(text)


def _file_name(scene: Item) -> str:
    return _path(scene).stem
