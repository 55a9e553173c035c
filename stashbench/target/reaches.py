"""What of a server is within reach, and in plain words why, or why not and what would help."""

from __future__ import annotations

import os
from pathlib import Path

from stashbench.errors import RequestError, TargetError
from stashbench.model.target import Facility, Reach
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.probe import ServerFacts
from stashbench.stash.reading import reading

HTTP_OK = 200


def api_reach(client: StashClient, facts: ServerFacts) -> Reach:
    """Say how the API was reached."""
    unchecked = "; its certificate was not checked" if unchecked_certificate(client) else ""
    reason = f"Stash {facts.version} answers; we were let in {client.authentication}{unchecked}"
    return Reach(facility=Facility.API, is_available=True, reason=reason)


def unchecked_certificate(client: StashClient) -> tuple[str, ...]:
    """Warn where the connection is encrypted and nobody made sure with whom."""
    if not (client.is_insecure and client.address.is_tls):
        return ()
    warning = (
        f"The certificate of {client.url} was not checked (--stash-insecure): another server may have answered in its "
        "place, and key or password may have been read on the way."
    )
    return (warning,)


def process_reach(pid: int | None, reason: str) -> Reach:
    """Say whether the server's process can be watched."""
    if pid is not None and Path("/proc/self/io").exists() and not os.access(f"/proc/{pid}/io", os.R_OK):
        reason += "; it runs as another user, so bytes read and written need that user or root"
    if pid is None:
        reason += "; a restart of the server is seen only where it hits a request"
    return Reach(facility=Facility.PROCESS, is_available=pid is not None, reason=reason)


def host_reach() -> Reach:
    """Say that this machine's resources are the server's."""
    return Reach(facility=Facility.HOST, is_available=True, reason="the server runs on this machine")


def database_reach(path: Path | None, reason: str) -> Reach:
    """Say whether the database file can be read."""
    return Reach(facility=Facility.DATABASE_FILE, is_available=path is not None, reason=reason)


def sql_log_reach(capabilities: Capabilities) -> Reach:
    """Say whether the log with the SQL statements is offered; whether it carries them shows when it is used."""
    is_offered = capabilities.has_subscription("loggingSubscribe")
    reason = "the server offers its log as a subscription" if is_offered else "this server offers no log subscription"
    return Reach(facility=Facility.SQL_LOG, is_available=is_offered, reason=reason)


def jobs_reach(capabilities: Capabilities) -> Reach:
    """Say whether jobs can be followed."""
    is_offered = capabilities.has_query("jobQueue") and capabilities.has_query("findJob")
    reason = "the server shows its job queue" if is_offered else "this server shows no job queue"
    return Reach(facility=Facility.JOBS, is_available=is_offered, reason=reason)


def media_reach(client: StashClient) -> Reach:
    """Try one cover image."""
    try:
        answer = client.execute(load("scene_ids"), {"filter": {"per_page": 1}})
        with reading(client.url, "the question for a scene"):
            ids = [str(scene["id"]) for scene in answer["findScenes"]["scenes"]]
        if not ids:
            return Reach(facility=Facility.MEDIA, is_available=False, reason="the library holds no scene to fetch")
        status, _ = client.get(f"/scene/{ids[0]}/screenshot")
    except (RequestError, TargetError) as error:
        return Reach(facility=Facility.MEDIA, is_available=False, reason=str(error))
    if status != HTTP_OK:
        reason = f"a scene's cover was answered with HTTP {status}; see whether a proxy lets /scene/ through"
        return Reach(facility=Facility.MEDIA, is_available=False, reason=reason)
    return Reach(facility=Facility.MEDIA, is_available=True, reason="covers are served")


def writes_reach(*, is_allowed: bool, is_private: bool) -> Reach:
    """Say whether the audit may change data."""
    if is_private:
        reason = "the library is a private copy that is removed afterwards"
    elif is_allowed:
        reason = "allowed by --allow-writes"
    else:
        reason = "not allowed; --allow-writes lets checks run that change data (a scene's time of update)"
    return Reach(facility=Facility.WRITES, is_available=is_allowed or is_private, reason=reason)
