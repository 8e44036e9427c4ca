"""An MCP server with four tools, for assistants. Only this module imports the SDK (extra `mcp`).

    python -m kb mcp     over standard input and output, for an assistant on this machine
    WENZHENG_MCP=1       over streamable HTTP at /mcp of the site

What the tools return is what the HTTP API returns (docs/api.md). Importing this without the extra raises SettingsError.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

import kb
from kb.chat.json_fields import answer_fields
from kb.errors import SettingsError, WenzhengError
from kb.types import Within
from kb.web.inquiry import MOST_HISTORY, MOST_HITS, Answers, Inquiry
from kb.web.limits import client_address

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.server.transport_security import TransportSecuritySettings
    from mcp_types import ToolAnnotations
    from pydantic import Field
    from starlette.responses import JSONResponse
    from starlette.routing import Route
except ImportError as missing:
    raise SettingsError(f'MCP 服务须先安装：pip install "wenzheng[mcp]"（{missing}）。') from missing

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS: Final = "/mcp"
_MOST_BODY: Final = 256 * 1024  # bytes of one request
_MOST_TEXT: Final = 20_000  # characters at once: more crowds out what an assistant has to keep in mind
_INSTRUCTIONS: Final = (
    "问政：已公开的政府文件。ask 给出附原文出处的回答，或说明库中没有；请照引回答中的数字与出处，不要改写数字，"
    "拒答时不要用别处的知识代答。search 检索段落，documents 列出库中文件，document_text 读全文。"
)

Question = Annotated[str, Field(description="问题，用完整的一句话", max_length=5000)]
History = Annotated[list[str], Field(description="此前的提问，由早到近", max_length=MOST_HISTORY)]
Issuers = Annotated[list[str], Field(description="只查这些发文单位", max_length=50)]
Years = Annotated[list[int], Field(description="只查这些年份", max_length=50)]
Kinds = Annotated[list[str], Field(description="只查这些类型的文件", max_length=50)]
Words = Annotated[str, Field(description="题名、文号或单位中的词，用空格分开", max_length=200)]
Limit = Annotated[int, Field(description="最多几条", ge=1, le=MOST_HITS)]
Skip = Annotated[int, Field(description="略过前几份", ge=0, le=10_000_000)]
DocumentId = Annotated[int, Field(description="文件编号，即 document_id 或 id", ge=1, le=2**63 - 1)]
Start = Annotated[int, Field(description=f"从第几个字起（从 0 数）；一次最多 {_MOST_TEXT} 字", ge=0, le=10**8)]


def build_server(inquiry: Inquiry, answers: Answers) -> MCPServer[Any]:
    """The server with its tools."""
    server: MCPServer[Any] = MCPServer(
        name="wenzheng", title="问政", version=kb.__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    @server.tool(description="提问，得到附原文出处的回答；库中没有的，说明没有。", annotations=reads)
    def ask(
        context: Context,
        question: Question,
        history: History = [],  # noqa: B006
        issuers: Issuers = [],  # noqa: B006
        years: Years = [],  # noqa: B006
        kinds: Kinds = [],  # noqa: B006
    ) -> dict[str, Any]:
        with _tool_errors():
            within = _within(issuers, years, kinds)
            growing = inquiry.ask(
                answers, question, history, within, address=client_address(context.request_context.request)
            )
            *_, whole = filter(None, growing)
        if whole.status.is_error:
            raise ToolError(whole.text)
        return answer_fields(None, whole)

    @server.tool(description="检索段落，不作回答。", annotations=reads)
    def search(
        context: Context,
        question: Question,
        issuers: Issuers = [],  # noqa: B006
        years: Years = [],  # noqa: B006
        kinds: Kinds = [],  # noqa: B006
        limit: Limit = 10,
    ) -> dict[str, Any]:
        with _tool_errors():
            within = _within(issuers, years, kinds)
            return inquiry.search(
                question, (), within, limit=limit, address=client_address(context.request_context.request)
            )

    @server.tool(description="列出库中文件，新的在前；另列出可选的发文单位、年份与类型。", annotations=reads)
    def documents(
        words: Words = "",
        issuers: Issuers = [],  # noqa: B006
        years: Years = [],  # noqa: B006
        kinds: Kinds = [],  # noqa: B006
        skip: Skip = 0,
        limit: Limit = 20,
    ) -> dict[str, Any]:
        with _tool_errors():
            return inquiry.documents(words, _within(issuers, years, kinds), skip=skip, limit=limit)

    @server.tool(description="读一份文件的原文；引文的起止位置按此文本计。", annotations=reads)
    def document_text(document_id: DocumentId, start: Start = 0) -> dict[str, Any]:
        with _tool_errors():
            return inquiry.text(document_id, start=start, end=start + _MOST_TEXT)

    return server


def serve_on(
    site: FastAPI, server: MCPServer[Any]
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    """Serve at /mcp of `site`; what is returned is to run as long as the site does.

    Nothing is kept between requests, so that a restart disturbs no assistant.
    """
    inner = server.streamable_http_app(
        streamable_http_path=ADDRESS,
        stateless_http=True,
        json_response=True,
        max_request_body_size=_MOST_BODY,
        # The SDK's own check wants a list of the names that this host has; ours needs none.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    site.router.routes.append(Route(ADDRESS, OwnOrigin(inner), include_in_schema=False))

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    return running


class OwnOrigin:
    """Lets no page of another site ask through a reader's browser: an Origin header must name our own host."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        if origin is not None and urlsplit(origin).netloc != headers.get(b"host"):
            refusal = {"error": {"status": "forbidden", "message": "别处的网页不能由此提问。"}}
            await JSONResponse(refusal, status_code=403)(scope, receive, send)
            return
        await self._inner(scope, receive, send)


@contextlib.contextmanager
def _tool_errors() -> Iterator[None]:
    """Our errors as tool errors, with the sentence that says what to do."""
    try:
        yield
    except WenzhengError as error:
        raise ToolError(str(error)) from error


def _within(issuers: list[str], years: list[int], kinds: list[str]) -> Within:
    return Within(issuers=tuple(issuers), years=tuple(years), kinds=tuple(kinds))
