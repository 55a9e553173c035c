"""Criteria and joins over the files behind scenes, images and galleries."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql.clause import Clause, disjunction
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.search import words_of
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.values import Joiner, checked_pattern, comparison
from stashbench.errors import RequestError

FULL_PATH = "folders.path || '/' || files.basename"

OWNER_COLUMNS = {"scenes": "scene_id", "images": "image_id", "galleries": "gallery_id"}
"""Column of the link table `<owner>_files` that holds the owner."""

_RESOLUTIONS = {
    "VERY_LOW": (144, 239),
    "LOW": (240, 359),
    "R360P": (360, 479),
    "STANDARD": (480, 539),
    "WEB_HD": (540, 719),
    "STANDARD_HD": (720, 1079),
    "FULL_HD": (1080, 1439),
    "QUAD_HD": (1440, 1919),
    "VR_HD": (1920, 2159),
    "FOUR_K": (1920, 2559),
    "FIVE_K": (2560, 2999),
    "SIX_K": (3000, 3583),
    "SEVEN_K": (3584, 3839),
    "EIGHT_K": (3840, 6143),
    "HUGE": (6144, 9999),
}
"""Shorter side in pixels, lowest and highest."""

_ORIENTATIONS = {"LANDSCAPE": ">", "PORTRAIT": "<", "SQUARE": "="}


def join_links(scope: Scope) -> None:
    """Join the link table of the owner's files."""
    join_links_of(scope.select)


def join_links_of(select: Select) -> None:
    """Join the link table of the owner's files; files themselves need none."""
    if select.table in OWNER_COLUMNS:
        link, owner_column = f"{select.table}_files", OWNER_COLUMNS[select.table]
        select.add_join("LEFT", link, f"{link}.{owner_column} = {select.id}")


def join_files(scope: Scope) -> None:
    """Join the files through their links."""
    join_files_of(scope.select)


def join_files_of(select: Select) -> None:
    """Join the files through their links."""
    join_links_of(select)
    if select.table != "files":
        select.add_join("LEFT", "files", f"{select.table}_files.file_id = files.id")


def join_folders(scope: Scope) -> None:
    """Join the folders the files lie in."""
    join_folders_of(scope.select)


def join_folders_of(select: Select) -> None:
    """Join the folders the files lie in."""
    join_files_of(select)
    select.add_join("LEFT", "folders", "files.parent_folder_id = folders.id")


def join_media(kind: str) -> Joiner:
    """Join `video_files` or `image_files`."""

    def join(scope: Scope) -> None:
        join_links(scope)
        link = "files.id" if scope.select.table == "files" else f"{scope.select.table}_files.file_id"
        scope.select.add_join("LEFT", kind, f"{kind}.file_id = {link}")

    return join


def join_fingerprint(kind: str) -> Joiner:
    """Join the fingerprints of one type (oshash, md5, phash) as `fingerprints_<type>`."""

    def join(scope: Scope) -> None:
        join_links(scope)
        alias = f"fingerprints_{kind}"
        on = f"{scope.select.table}_files.file_id = {alias}.file_id AND {alias}.type = '{kind}'"
        scope.select.add_join("LEFT", "files_fingerprints", on, alias=alias)

    return join


def path(scope: Scope, criterion: Criterion) -> None:
    """StringCriterionInput on the full path of any file."""
    join_folders(scope)
    scope.where.append(path_condition(criterion))


def path_condition(criterion: Criterion) -> Clause:
    """Condition on folder and name; both parts must exist, and the whole is compared without an index."""
    value, like = criterion["value"], f"{FULL_PATH} LIKE ?"
    parts = ("folders.path", "files.basename")
    match criterion["modifier"]:
        case "EQUALS":
            clause = Clause(like, (value,))
        case "NOT_EQUALS":
            clause = Clause(f"NOT ({like})", (value,))
        case "INCLUDES" | "EXCLUDES" as modifier:
            words = words_of(value) or [""]
            any_word = " OR ".join(f"({like})" for _ in words)
            text = f"NOT ({any_word})" if modifier == "EXCLUDES" else any_word
            clause = Clause(text, tuple(f"%{word}%" for word in words))
        case "MATCHES_REGEX":
            both = " AND ".join(f"{part} IS NOT NULL" for part in parts)
            clause = Clause(f"{both} AND {FULL_PATH} regexp ?", (checked_pattern(value),))
        case "NOT_MATCHES_REGEX":
            either = " OR ".join(f"{part} IS NULL" for part in parts)
            clause = Clause(f"{either} OR {FULL_PATH} NOT regexp ?", (checked_pattern(value),))
        case "IS_NULL":
            clause = Clause(" OR ".join(f"{part} IS NULL OR TRIM({part}) = ''" for part in parts))
        case "NOT_NULL":
            clause = Clause(" AND ".join(f"{part} IS NOT NULL AND TRIM({part}) != ''" for part in parts))
        case modifier:
            message = f"unsupported string filter modifier {modifier}"
            raise RequestError(message)
    return clause


def resolution_condition(expression: str, criterion: Criterion) -> Clause | None:
    """Condition on the shorter side, or None for modifiers that mean nothing here (Stash ignores them)."""
    low, high = _RESOLUTIONS[criterion["value"]]
    conditions = {
        "EQUALS": f"BETWEEN {low} AND {high}",
        "NOT_EQUALS": f"NOT BETWEEN {low} AND {high}",
        "LESS_THAN": f"< {low}",
        "GREATER_THAN": f"> {high}",
    }
    condition = conditions.get(criterion["modifier"])
    return None if condition is None else Clause(f"{expression} {condition}")


def resolution(kind: str) -> Handler:
    """Handler of a ResolutionCriterionInput; `kind` is video_files or image_files."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        join_media(kind)(scope)
        condition = resolution_condition(f"MIN({kind}.width, {kind}.height)", criterion)
        if condition is not None:
            scope.where.append(condition)

    return handle


def orientation(kind: str) -> Handler:
    """Handler of an OrientationCriterionInput; `kind` is video_files or image_files."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        join_media(kind)(scope)
        sides = [f"({kind}.width {_ORIENTATIONS[value]} {kind}.height)" for value in criterion["value"]]
        if sides:
            scope.where.append(disjunction([Clause(side) for side in sides]))

    return handle


def phash_distance(scope: Scope, criterion: Criterion) -> None:
    """PhashDistanceCriterionInput: hexadecimal hash and the distance it may have; computed per row."""
    join_fingerprint("phash")(scope)
    column = "fingerprints_phash.fingerprint"
    if criterion["modifier"] in {"IS_NULL", "NOT_NULL"}:
        scope.where.append(comparison(column, criterion))
        return
    try:
        value = int(criterion["value"], 16)
    except ValueError as error:
        message = f"{criterion['value']!r} is no perceptual hash; give up to 16 hexadecimal digits"
        raise RequestError(message) from error
    signed = value - (1 << 64) if value >= 1 << 63 else value
    distance = criterion.get("distance") or 0
    if distance > 0 and criterion["modifier"] == "EQUALS":
        scope.require(f"typeof({column}) = 'integer'")
        scope.require(f"phash_distance({column}, ?) < ?", signed, distance)
    else:
        scope.where.append(comparison(column, {"modifier": criterion["modifier"], "value": signed}))


def duplicated(scope: Scope, criterion: Criterion) -> None:
    """PHashDuplicationCriterionInput: whether another file has the same perceptual hash."""
    if criterion.get("duplicated") is None:
        return
    join_links(scope)
    count = "> 1" if criterion["duplicated"] else "= 1"
    hashes = (
        "SELECT fingerprint FROM files_fingerprints WHERE type = 'phash' "
        f"GROUP BY fingerprint HAVING COUNT(fingerprint) {count}"
    )
    matches = (
        f"(SELECT file_id FROM files_fingerprints INNER JOIN ({hashes}) AS dupes "
        "ON files_fingerprints.fingerprint = dupes.fingerprint)"
    )
    scope.select.add_join("INNER", matches, f"{scope.select.table}_files.file_id = scph.file_id", alias="scph")
