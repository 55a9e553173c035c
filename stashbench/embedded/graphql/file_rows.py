"""Files as objects: one statement per file, as Stash reads them, merged over the file's fingerprints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from stashbench.embedded.graphql.relations import by_batches
from stashbench.embedded.graphql.rows import Relation, Request, Row, Siblings
from stashbench.embedded.sql import load, lookups

_WORD = (1 << 64) - 1


def read_files(request: Request, ids: Sequence[int], kind: str = "") -> dict[int, Row]:
    """Files by id, each read once per request. Without a `kind` (a type of the API) it follows from the file."""
    wanted = list(dict.fromkeys(ids))
    siblings = Siblings(request, [])
    with request.state.database.read() as session:
        for number in wanted:
            if (number, kind) not in request.files:
                records = session.query(*load.FILES.where("files.id = ?", number))
                if records:
                    row = request.files[number, kind] = _file(request, records, kind)
                    row.siblings = siblings
                    siblings.rows.append(row)
    return {number: request.files[number, kind] for number in wanted if (number, kind) in request.files}


def files_of(owner: str, owner_column: str, kind: str = "") -> Relation:
    """The files of each row, the primary one first."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
        links: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        records = by_batches(rows, lambda batch: request.fetch(*lookups.file_links(owner, owner_column, batch)))
        for owner_id, file_id, is_primary in records:
            links[owner_id].append((0 if is_primary else 1, file_id))
        files = read_files(request, [file_id for found in links.values() for _, file_id in found], kind)
        return {
            owner_id: [files[file_id] for _, file_id in sorted(found, key=lambda link: link[0]) if file_id in files]
            for owner_id, found in links.items()
        }

    return relation


def primary_files(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
    """The primary file of each row that has one."""
    files = read_files(request, [row.primary_file_id for row in rows if row.primary_file_id is not None])
    return {row.id: files[row.primary_file_id] for row in rows if row.primary_file_id in files}


def folders_of(attribute: str) -> Relation:
    """The folder each row names in a column."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
        numbers = {row.id: getattr(row, attribute) for row in rows}
        objects = request.objects(load.FOLDERS, [number for number in numbers.values() if number is not None])
        return {owner: objects[number] for owner, number in numbers.items() if number in objects}

    return relation


def zip_files(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
    """The zip file each file or folder lies in, if it does."""
    ids = [row.zip_file_id for row in rows if row.zip_file_id is not None]
    files = read_files(request, ids, "BasicFile")
    return {row.id: files[row.zip_file_id] for row in rows if row.zip_file_id in files}


def _file(request: Request, records: Sequence[Sequence[Any]], kind: str) -> Row:
    row = request.rows(load.FILES, records[:1])[0]
    names = load.FILES.attributes
    kind_index, value_index = names.index("fingerprint_type"), names.index("fingerprint")
    row.fingerprints = [
        Row(type=record[kind_index], value=_fingerprint_text(record[value_index]))
        for record in records
        if record[kind_index] is not None
    ]
    row.path = f"{row.folder_path.rstrip('/')}/{row.basename}"
    row.kind = kind or ("VideoFile" if row.video_id is not None else "ImageFile" if row.image_id else "BasicFile")
    if row.kind == "VideoFile":
        row.format, row.width, row.height = row.video_format, row.video_width, row.video_height
    elif row.kind == "ImageFile":
        row.format, row.width, row.height = row.image_format, row.image_width, row.image_height
    return row


def _fingerprint_text(value: str | int | bytes) -> str:
    if isinstance(value, int):
        return f"{value & _WORD:x}"
    return value.decode() if isinstance(value, bytes) else value
