"""The settings in force, each with where it came from; they are changed where the program is started."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.admin.settings_shown import settings_in_force
from kb.web.desk.access import Admin, desk_page
from kb.web.site_parts import SiteParts


def settings_pages(parts: SiteParts) -> APIRouter:
    """One table."""
    router = APIRouter(include_in_schema=False)
    rows = settings_in_force(parts.command_line)  # as they were when the program started

    @router.get("/desk/settings")
    def settings(request: Request, visitor: Admin) -> Response:
        return desk_page(request, visitor, "desk/settings.html", here="settings", rows=rows)

    return router
