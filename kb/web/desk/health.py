"""How the program is: what it holds and takes at this moment, and a look at all parts when asked."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from kb.admin.diagnosis import BackgroundDiagnosis, examine
from kb.admin.status import system_status
from kb.web.desk.access import Editor, desk_page
from kb.web.site_parts import SiteParts


def health_pages(parts: SiteParts) -> APIRouter:
    """One page, and the button that starts the look at all parts."""
    router = APIRouter(include_in_schema=False)
    retriever, model = parts.writer.answerer.retriever, parts.writer.model
    diagnosis = BackgroundDiagnosis(lambda: examine(parts.settings, parts.data, living=retriever, model=model))
    started = time.time()

    @router.get("/desk/health")
    def health(request: Request, visitor: Editor) -> Response:
        return desk_page(
            request,
            visitor,
            "desk/health.html",
            here="health",
            status=system_status(parts.data, retriever, model),
            started=started,
            minutes=int(time.time() - started) // 60,
            data=parts.data,
            runs=diagnosis.is_running,
            diagnosis=diagnosis.last,
        )

    @router.post("/desk/health")
    def check(visitor: Editor) -> Response:
        if diagnosis.start():
            parts.audit.note(visitor.name, "health.examine", address=visitor.address)
        return RedirectResponse("/desk/health", 303)  # with a fragment the page would not reload

    return router
