"""Hostile text, as it may stand in titles, paths and log lines."""

from __future__ import annotations

HOSTILE = "</script><img src=x onerror=alert(1)>"


HOSTILE_SQL = "SELECT '<b>' || \"a\" FROM t WHERE x LIKE '%]]>&amp;%' -- \x1b[31m\u202egnp.exe\x00"
