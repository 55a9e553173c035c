"""How the history names a server, so that its runs follow each other over its releases."""

from __future__ import annotations

from stashbench.model.target import Target, TargetKind


def trend_key(target: Target) -> str:
    """Name a server the same way over its releases: its address, or for one that we start its generated library."""
    if target.kind is TargetKind.ATTACHED:
        return attached_key(target.url)
    return generated_key(target.kind, target.library.scene_count, target.library_seed)


def attached_key(url: str) -> str:
    """Name a server that runs by itself: by its address."""
    return f"{TargetKind.ATTACHED}:{url.rstrip('/').lower()}"


def generated_key(kind: TargetKind, scene_count: object, seed: object) -> str:
    """Name a server that we start by the library it was given; None is "not known"."""
    return f"{kind}:{scene_count}:{seed}"
