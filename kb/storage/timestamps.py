"""Moments as they are kept: ISO 8601 in UTC, to the second, so that later ones sort behind."""

from __future__ import annotations

import datetime


def timestamp(moment: datetime.datetime | None = None) -> str:
    """`moment`, by default now, as 2024-03-29T08:00:00+00:00."""
    moment = datetime.datetime.now(datetime.UTC) if moment is None else moment
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
