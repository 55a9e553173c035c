"""Tables of facts: the target, the machine, what the audit cost, what could not be measured, settings in force."""

from __future__ import annotations

from statistics import median

from stashbench.model.finding import Outcome
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.report.quantities import byte_size, count, duration, percent, significant
from stashbench.report.view.findings import limits_in_words
from stashbench.report.view.statements import unread_pages
from stashbench.report.view.words import TARGETS, date_in_words

Rows = tuple[tuple[str, str], ...]


def target_facts(result: AuditResult) -> Rows:
    """Return what is known of the server."""
    target, library = result.target, result.target.library
    schema = "" if target.schema_version is None else str(target.schema_version)
    if target.app_schema_version is not None and target.app_schema_version != target.schema_version:
        schema += f" (the server expects {target.app_schema_version})"
    rows = (
        ("Kind", TARGETS[target.kind]),
        ("Address", target.url),
        ("Stash version", target.server_version or ""),
        ("Build", target.server_build or ""),
        ("Database schema", schema),
        ("Database", target.database_path or ""),
        ("Database size", "" if target.database_bytes is None else byte_size(target.database_bytes)),
        ("Process", "" if target.pid is None else str(target.pid)),
        *((f"{noun.capitalize()}", _count(number)) for noun, number in library_counts(result)),
        ("Size of scenes", "" if library.scenes_bytes is None else byte_size(library.scenes_bytes)),
        ("Size of images", "" if library.images_bytes is None else byte_size(library.images_bytes)),
    )
    return tuple(row for row in rows if row[1])


def library_counts(result: AuditResult) -> tuple[tuple[str, int | None], ...]:
    """Return the nouns of the library with their counts; None where the server did not say."""
    library = result.target.library
    return (
        ("scenes", library.scene_count),
        ("images", library.image_count),
        ("galleries", library.gallery_count),
        ("performers", library.performer_count),
        ("studios", library.studio_count),
        ("tags", library.tag_count),
        ("groups", library.group_count),
    )


def machine_facts(result: AuditResult) -> Rows:
    """Return what is known of the auditing machine."""
    machine = result.environment
    disk = machine.disk_model or ""
    if machine.disk_is_rotational is not None:
        disk = f"{disk} ({'rotating' if machine.disk_is_rotational else 'solid state'})".strip()
    rows = (
        ("Fingerprint", machine.fingerprint),
        ("System", f"{machine.os}, kernel {machine.kernel}, {machine.architecture}"),
        ("Processor", f"{machine.cpu_model}, {count(machine.cpu_count)} cores"),
        ("CPU quota", "" if machine.cpu_quota_cores is None else f"{significant(machine.cpu_quota_cores)} cores"),
        ("Memory", "" if machine.memory_bytes is None else byte_size(machine.memory_bytes)),
        ("Virtualisation", machine.virtualisation or ""),
        ("Disk", disk),
        ("File system", machine.filesystem or ""),
        ("Load before", "" if machine.load_1m_before is None else significant(machine.load_1m_before)),
        ("CPU steal", "" if machine.cpu_steal_percent is None else percent(machine.cpu_steal_percent)),
        ("Python", f"{machine.python_implementation} {machine.python_version}".strip()),
        ("SQLite", machine.sqlite_version),
        ("stashbench", result.stashbench_version),
    )
    return tuple(row for row in rows if row[1])


def run_facts(result: AuditResult) -> Rows:
    """Return when and how the audit ran."""
    rows = (
        ("Run", result.run_id),
        ("Began", date_in_words(result.started_at)),
        ("Ended", date_in_words(result.finished_at)),
        ("Took", duration(result.duration_seconds)),
        ("Command", result.command),
        ("Document version", str(result.schema_version)),
    )
    return tuple(row for row in rows if row[1])


def overhead_facts(result: AuditResult) -> Rows:
    """Return what the audit itself cost; empty where the sampler did not run."""
    rows: list[tuple[str, str]] = []
    cost = result.sampler_cost
    if cost is not None:
        rows.append(("CPU time of the sampler", duration(cost.cpu_seconds)))
        if cost.cpu_seconds is not None and cost.duration_seconds > 0:
            rows.append(("Share of one core", percent(cost.cpu_seconds / cost.duration_seconds * 100)))
        rows.append(("Peak memory of the sampler", byte_size(cost.peak_rss_bytes)))
        rows.append(("Samples taken", count(cost.tick_count)))
        rows.append(("Samples missed", count(cost.missed_tick_count)))
        rows.append(("Lateness, 99th percentile", duration(cost.lateness_p99_seconds)))
    floors = [item.client_floor_seconds for item in result.measurements if item.client_floor_seconds is not None]
    if floors:
        rows.append(("Client's own time a request (median)", duration(median(floors))))
    return tuple(rows)


def not_offered(result: AuditResult) -> Rows:
    """Return what this server's API does not offer of what was asked: types with their fields, and whole benchmarks."""
    fields: dict[str, dict[str, None]] = {}
    users: dict[str, dict[str, None]] = {}
    for item in result.measurements:
        for name in item.left_out if item.outcome is MeasurementOutcome.OK else ():
            kind, _, field = name.partition(".")
            fields.setdefault(kind, {})[field or kind] = None
            users.setdefault(kind, {})[item.title] = None
    rows = [(kind, f"{', '.join(names)} (left out of {_named(list(users[kind]))})") for kind, names in fields.items()]
    rows += [
        (f"Benchmark: {item.title}", item.reason)
        for item in result.measurements
        if item.outcome is MeasurementOutcome.NOT_OFFERED
    ]
    return tuple(rows)


def _named(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]} and {count(len(titles) - 1)} more"


def not_measured(result: AuditResult) -> Rows:
    """Return everything that is missing from this report, with the reason."""
    rows = [
        (f"Facility: {reach.facility.value.replace('-', ' ')}", reach.reason)
        for reach in result.target.reaches
        if not reach.is_available
    ]
    rows += [(f"Check: {item.title}", item.message) for item in result.findings if item.outcome is Outcome.NOT_MEASURED]
    rows += [
        (f"Benchmark: {item.title}", item.reason)
        for item in result.measurements
        if item.outcome is not MeasurementOutcome.OK
    ]
    rows += [
        ("SQL statements of a page" if len(titles) == 1 else f"SQL statements of {len(titles)} pages", reason)
        for reason, titles in unread_pages(result.measurements)
    ]
    rows += [(f"Log: {source.name}", source.reason) for source in result.log_sources if not source.is_read]
    reasons = dict.fromkeys(reason for use in result.resources for reason in use.not_measured)
    rows += [("Resources", reason) for reason in reasons]
    if not result.timeline.times_seconds:
        rows.append(("Resources over time", "no samples were taken in this run"))
    return tuple((what, why or "no reason was recorded") for what, why in rows)


def limits_in_force(result: AuditResult) -> tuple[tuple[str, str, str], ...]:
    """Return check id, limits and where they come from, by id."""
    rows = {
        item.id: (item.id, limits_in_words(item.threshold) or "none", item.threshold.source)
        for item in result.findings
        if item.threshold is not None
    }
    return tuple(rows[key] for key in sorted(rows))


def _count(number: int | None) -> str:
    return "" if number is None else count(number)
