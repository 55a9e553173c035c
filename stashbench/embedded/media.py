"""Images over HTTP: covers and portraits from the database's blobs, thumbnails of images."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stashbench.embedded.sample_media import png_bytes
from stashbench.embedded.state import ServerState

_NOT_FOUND = 404
_NOT_MODIFIED = 304
_THUMBNAIL_SIZE = (64, 48)
_SIGNATURES = (
    (b"\xff\xd8", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"<", "image/svg+xml"),
)
# Path of the route, table, column that names the blob.
_BLOBS = (
    ("/scene/{id:int}/screenshot", "scenes", "cover_blob"),
    ("/performer/{id:int}/image", "performers", "image_blob"),
    ("/studio/{id:int}/image", "studios", "image_blob"),
    ("/tag/{id:int}/image", "tags", "image_blob"),
    ("/group/{id:int}/frontimage", "groups", "front_image_blob"),
    ("/group/{id:int}/backimage", "groups", "back_image_blob"),
)


def media_routes(state: ServerState) -> list[Route]:
    """Return the routes; 404 where there is no such thing or it has no image."""
    return [*(_blob_route(state, *blob) for blob in _BLOBS), _thumbnail_route(state)]


def _blob_route(state: ServerState, path: str, table: str, column: str) -> Route:
    statement = (
        f"SELECT blobs.checksum, blobs.blob FROM {table} INNER JOIN blobs "  # noqa: S608 - names are ours
        f"ON blobs.checksum = {table}.{column} WHERE {table}.id = ?"
    )

    def serve(request: Request) -> Response:
        with state.database.read() as session:
            row = session.fetch_one(statement, (request.path_params["id"],))
        if row is None or row[1] is None:
            return Response(status_code=_NOT_FOUND)
        return _image(request, f'"{row[0]}"', row[1])

    return Route(path, serve)


def _thumbnail_route(state: ServerState) -> Route:
    def serve(request: Request) -> Response:
        identifier = request.path_params["id"]
        with state.database.read() as session:
            row = session.fetch_one("SELECT id FROM images WHERE id = ?", (identifier,))
        if row is None:
            return Response(status_code=_NOT_FOUND)
        colour = (identifier * 37 % 256, identifier * 101 % 256, identifier * 197 % 256)
        return _image(request, f'"thumbnail-{identifier}"', png_bytes(*_THUMBNAIL_SIZE, colour))

    return Route("/image/{id:int}/thumbnail", serve)


def _image(request: Request, tag: str, content: bytes) -> Response:
    """Answer with an image, or with 304 if the client has it."""
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "application/octet-stream")
    return Response(content, media_type=kind, headers=headers)
