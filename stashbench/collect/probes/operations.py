"""Which pages the probes ask for: the web interface's own documents, and the same lists without any relation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.operations import load


class ListPage(NamedTuple):
    """A list page: its query, its list, the columns that need no look-up, and the document of the whole page."""

    query: str
    list_name: str
    columns: str
    document: str

    @property
    def operation_name(self) -> str:
        """The name the page's own document has."""
        return self.query[0].upper() + self.query[1:]


LIST_PAGES = (
    ListPage("findScenes", "scenes", "id title", "scenes"),
    ListPage("findImages", "images", "id title", "images"),
    ListPage("findGalleries", "galleries", "id title", "galleries"),
    ListPage("findPerformers", "performers", "id name", "performers"),
    ListPage("findStudios", "studios", "id name", "studios"),
    ListPage("findTags", "tags", "id name", "tags"),
    ListPage("findGroups", "groups", "id name", "groups"),
    ListPage("findSceneMarkers", "scene_markers", "id seconds", "markers"),
)


def offered_pages(capabilities: Capabilities) -> tuple[ListPage, ...]:
    """Return the list pages this server has."""
    return tuple(page for page in LIST_PAGES if capabilities.has_query(page.query))


def bare_request(client: StashClient, page: ListPage, rows: int) -> PreparedRequest:
    """Prepare a list of so many rows that needs no relation at all: its statements should not grow with the rows."""
    document = (
        f"query {page.operation_name}($filter: FindFilterType) "
        f"{{ {page.query}(filter: $filter) {{ {page.list_name} {{ {page.columns} }} }} }}"
    )
    return client.prepare(document, {"filter": {"per_page": rows}})


def page_request(client: StashClient, page: ListPage, rows: int = 40) -> PreparedRequest:
    """Prepare the page as the web interface asks for it."""
    return client.prepare(load(page.document), {"filter": {"per_page": rows}})


def prepare(client: StashClient, document: str, variables: Mapping[str, Any] | None = None) -> PreparedRequest:
    """Prepare one of the stored documents by name."""
    return client.prepare(load(document), variables)
