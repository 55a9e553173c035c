"""Which pages the probes ask for: the web interface's own documents, and the same lists without any relation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stashbench.stash.adapt import Adapter
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.operations import load
from stashbench.stash.siblings import groups_document


class ListPage(NamedTuple):
    """A list page: its query, its list, the columns that need no look-up, and the document of the whole page.

    `text` is that document as one server takes it, `bare_text` the same list without any relation.
    """

    query: str
    list_name: str
    columns: str
    document: str
    text: str = ""
    bare_text: str = ""

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
# What groups were before 0.27.
MOVIES = ListPage("findMovies", "movies", "id name", "movies")


def offered_pages(adapter: Adapter) -> tuple[ListPage, ...]:
    """Return the list pages this server has, with their documents as it takes them."""
    capabilities = adapter.capabilities
    is_old = groups_document(capabilities) == MOVIES.document
    candidates = (MOVIES if is_old and page.query == "findGroups" else page for page in LIST_PAGES)
    fitted = []
    for page in candidates:
        full, bare = adapter.document(load(page.document)), adapter.document(bare_document(page))
        if full.text and bare.text:
            fitted.append(page._replace(text=full.text, bare_text=bare.text))
    return tuple(fitted)


def bare_document(page: ListPage) -> str:
    """Return a list that needs no relation at all."""
    return (
        f"query {page.operation_name}($filter: FindFilterType) "
        f"{{ {page.query}(filter: $filter) {{ {page.list_name} {{ {page.columns} }} }} }}"
    )


def bare_request(client: StashClient, page: ListPage, rows: int) -> PreparedRequest:
    """Prepare the bare list of so many rows: its statements should not grow with the rows."""
    return client.prepare(page.bare_text or bare_document(page), {"filter": {"per_page": rows}})


def page_request(client: StashClient, page: ListPage, rows: int = 40) -> PreparedRequest:
    """Prepare the page as the web interface asks for it."""
    return client.prepare(page.text or load(page.document), {"filter": {"per_page": rows}})


def prepare(
    client: StashClient, document: str, variables: Mapping[str, Any] | None = None, *, adapter: Adapter | None = None
) -> PreparedRequest:
    """Prepare one of the stored documents by name; with an adapter as the server takes it, else as it stands.

    Raises:
        NotOfferedError: the server lacks what the document is about.
    """
    text = load(document)
    return client.prepare(text, variables) if adapter is None else adapter.prepare(client, text, variables)
