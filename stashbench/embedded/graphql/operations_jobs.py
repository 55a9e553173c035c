"""Jobs over the API: the queue, what happens in it, and the mutations that fill and empty it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry
from strawberry.types import Info

from stashbench.embedded.broadcast import stream
from stashbench.embedded.graphql.scalars import Time, Timestamp, time_text
from stashbench.embedded.jobs.clean import CleanRequest, clean_work
from stashbench.embedded.jobs.job import Job as RecordedJob
from stashbench.embedded.jobs.job import JobEventKind, JobStatus
from stashbench.embedded.jobs.manager import Work
from stashbench.embedded.jobs.optimise import optimise_work
from stashbench.embedded.jobs.scan import ScanRequest, scan_work
from stashbench.embedded.state import ServerState

_WAITING_EVENT_COUNT = 300  # Stash holds 100 of each of three kinds for a slow subscriber and drops the rest
_WAITING_SCAN_COUNT = 10

strawberry.enum(JobStatus, name="JobStatus")
strawberry.enum(JobEventKind, name="JobStatusUpdateType")


@strawberry.type
class Job:
    """A job as the API shows it."""

    id: strawberry.ID
    status: JobStatus
    sub_tasks: list[str] | None = strawberry.field(name="subTasks")
    description: str
    progress: float | None
    start_time: Time | None = strawberry.field(name="startTime")
    end_time: Time | None = strawberry.field(name="endTime")
    add_time: Time = strawberry.field(name="addTime")
    error: str | None


@strawberry.type
class JobStatusUpdate:
    """One change of one job."""

    type: JobEventKind
    job: Job


@strawberry.input
class FindJobInput:
    """Which job to find."""

    id: strawberry.ID


@strawberry.input
class ScanMetaDataFilterInput:
    """Which files a scan looks at."""

    min_mod_time: Timestamp | None = strawberry.field(name="minModTime", default=None)


@strawberry.input
class ScanMetadataInput:
    """What to scan. The flags for generating things are accepted; this server generates nothing from files."""

    paths: list[str] | None = None
    rescan: bool | None = None
    scan_generate_covers: bool | None = strawberry.field(name="scanGenerateCovers", default=None)
    scan_generate_previews: bool | None = strawberry.field(name="scanGeneratePreviews", default=None)
    scan_generate_image_previews: bool | None = strawberry.field(name="scanGenerateImagePreviews", default=None)
    scan_generate_sprites: bool | None = strawberry.field(name="scanGenerateSprites", default=None)
    scan_generate_phashes: bool | None = strawberry.field(name="scanGeneratePhashes", default=None)
    scan_generate_thumbnails: bool | None = strawberry.field(name="scanGenerateThumbnails", default=None)
    scan_generate_clip_previews: bool | None = strawberry.field(name="scanGenerateClipPreviews", default=None)
    filter: ScanMetaDataFilterInput | None = None


@strawberry.input
class CleanMetadataInput:
    """What to clean."""

    paths: list[str] | None = None
    dry_run: bool = strawberry.field(name="dryRun")


def _shown(job: RecordedJob) -> Job:
    return Job(
        id=strawberry.ID(str(job.id)),
        status=job.status,
        sub_tasks=list(job.sub_tasks) or None,
        description=job.description,
        progress=job.progress,
        start_time=None if job.started_ns is None else time_text(job.started_ns),
        end_time=None if job.ended_ns is None else time_text(job.ended_ns),
        add_time=time_text(job.added_ns),
        error=job.error,
    )


def _state(info: Info) -> ServerState:
    state: ServerState = info.context["state"]
    return state


def _job_queue(info: Info) -> list[Job] | None:
    return [_shown(job) for job in _state(info).jobs.queue()] or None  # null when it is empty, as in Stash


def _find_job(info: Info, input: FindJobInput) -> Job | None:  # noqa: A002 - the API's name
    job = _state(info).jobs.find(int(input.id))
    return None if job is None else _shown(job)


def _metadata_scan(info: Info, input: ScanMetadataInput) -> strawberry.ID:  # noqa: A002 - the API's name
    request = ScanRequest(
        paths=tuple(input.paths or ()),
        is_rescan=bool(input.rescan),
        minimum_modification_time=input.filter.min_mod_time if input.filter else None,
    )
    return _queue(info, "Scanning...", scan_work(_state(info), request))


def _metadata_clean(info: Info, input: CleanMetadataInput) -> strawberry.ID:  # noqa: A002 - the API's name
    request = CleanRequest(paths=tuple(input.paths or ()), is_dry_run=input.dry_run)
    return _queue(info, "Cleaning...", clean_work(_state(info), request))


def _optimise_database(info: Info) -> strawberry.ID:
    return _queue(info, "Optimising database...", optimise_work(_state(info)))


def _queue(info: Info, description: str, work: Work) -> strawberry.ID:
    return strawberry.ID(str(_state(info).jobs.add(description, work)))


def _stop_job(info: Info, job_id: strawberry.ID) -> bool:
    _state(info).jobs.stop(int(job_id))
    return True  # even if there is no such job, as in Stash


def _stop_all_jobs(info: Info) -> bool:
    _state(info).jobs.stop_all()
    return True


async def _jobs_subscribe(info: Info) -> AsyncGenerator[JobStatusUpdate, None]:
    async for event in stream(_state(info).jobs.subscribe, _WAITING_EVENT_COUNT):
        yield JobStatusUpdate(type=event.kind, job=_shown(event.job))


async def _scan_complete_subscribe(info: Info) -> AsyncGenerator[bool, None]:
    async for _event in stream(_state(info).scan_completed.subscribe, _WAITING_SCAN_COUNT):
        yield True


@strawberry.type
class JobQueries:
    """Queries about jobs."""

    job_queue = strawberry.field(resolver=_job_queue, name="jobQueue")
    find_job = strawberry.field(resolver=_find_job, name="findJob")


@strawberry.type
class JobMutations:
    """Mutations that start and stop jobs."""

    metadata_scan = strawberry.mutation(resolver=_metadata_scan, name="metadataScan")
    metadata_clean = strawberry.mutation(resolver=_metadata_clean, name="metadataClean")
    optimise_database = strawberry.mutation(resolver=_optimise_database, name="optimiseDatabase")
    stop_job = strawberry.mutation(resolver=_stop_job, name="stopJob")
    stop_all_jobs = strawberry.mutation(resolver=_stop_all_jobs, name="stopAllJobs")


@strawberry.type
class JobSubscriptions:
    """Subscriptions to each change of a job (there is no snapshot at the beginning), and to the end of scans."""

    jobs_subscribe = strawberry.subscription(resolver=_jobs_subscribe, name="jobsSubscribe")
    scan_complete_subscribe = strawberry.subscription(resolver=_scan_complete_subscribe, name="scanCompleteSubscribe")
