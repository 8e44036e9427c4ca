"""The desk: the pages of editors and admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter

    from kb.web.site_parts import SiteParts


def desk_pages(parts: SiteParts) -> list[APIRouter]:
    """The pages of the desk, in the order in which addresses are looked up."""
    from kb.web.desk.audit import audit_pages
    from kb.web.desk.document_texts import document_text_pages
    from kb.web.desk.documents import documents_pages
    from kb.web.desk.health import health_pages
    from kb.web.desk.login import login_pages, no_such_page
    from kb.web.desk.people import people_pages
    from kb.web.desk.pins import pins_pages
    from kb.web.desk.quality import quality_pages
    from kb.web.desk.questions import questions_pages
    from kb.web.desk.runs import runs_pages
    from kb.web.desk.settings import settings_pages
    from kb.web.desk.tokens import tokens_pages
    from kb.web.desk.uploads import uploads_pages

    return [
        login_pages(parts),
        uploads_pages(parts),
        documents_pages(parts),
        document_text_pages(parts),
        runs_pages(parts),
        questions_pages(parts),
        pins_pages(parts),
        quality_pages(parts),
        people_pages(parts),
        tokens_pages(parts),
        audit_pages(parts),
        settings_pages(parts),
        health_pages(parts),
        no_such_page(),
    ]
