"""The conversation that the browser keeps → a file to download.

The browser sends what it keeps; the file is made of what is read of that (kb/chat/conversation.py), and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kb.chat.conversation import MOST_CHARACTERS, Turn, conversation_of
from kb.chat.export import markdown, word
from kb.web.site_parts import SiteParts

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FORMATS: Final[dict[str, tuple[str, Callable[[list[Turn], datetime], str | bytes]]]] = {
    "md": ("text/markdown; charset=utf-8", markdown),
    "docx": (_WORD, word),
}
_MOST_BYTES: Final = 9 * MOST_CHARACTERS  # of a form: a Chinese character is nine there


def export_pages(parts: SiteParts) -> APIRouter:
    """POST /export with the fields `conversation` and `format`: the conversation as a file to keep."""
    router = APIRouter()

    async def export(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= _MOST_BYTES):
            return PlainTextResponse("对话太长，无法导出；请清空对话后再试。", status_code=413)
        async with request.form(max_files=0, max_fields=4, max_part_size=_MOST_BYTES) as form:
            ending, kept = str(form.get("format")), str(form.get("conversation"))
        if ending not in _FORMATS:
            return PlainTextResponse("只能导出为 md 或 docx。", status_code=400)
        return await run_in_threadpool(file_of, ending, kept)

    def file_of(ending: str, kept: str) -> Response:
        turns = conversation_of(kept, parts.writer.answerer.retriever)
        if not turns:
            return PlainTextResponse("没有可以导出的对话；请先提问，再导出。", status_code=400)
        now = datetime.now().astimezone()
        kind, write = _FORMATS[ending]
        name = quote(f"问政对话_{now:%Y%m%d_%H%M}.{ending}")
        disposition = f"attachment; filename=\"wenzheng.{ending}\"; filename*=UTF-8''{name}"
        return Response(write(turns, now), media_type=kind, headers={"content-disposition": disposition})

    router.add_route("/export", export, methods=["POST"])
    return router
