"""Errors → {"error": {"status", "message"}}: a word for the program, and a sentence that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Scope

from kb.errors import (
    BusyError,
    DeskError,
    HiddenDocumentError,
    QuestionError,
    RemovedDocumentError,
    TooOftenError,
    UnknownDocumentError,
    UploadError,
    WenzhengError,
)

_LOG = logging.getLogger(__name__)
_STATUS: Final[dict[type[WenzhengError], tuple[int, str]]] = {
    QuestionError: (400, "error_question"),
    UnknownDocumentError: (404, "not_found"),
    RemovedDocumentError: (404, "not_found"),
    UploadError: (422, "refused"),
    DeskError: (409, "refused"),
    HiddenDocumentError: (410, "gone"),
    TooOftenError: (429, "too_many_requests"),
    BusyError: (503, "busy"),
}
_WORDS: Final = {
    400: ("invalid", "请求读不懂；请对照 /api 上的说明检查。"),
    401: ("unauthorised", "需要令牌；请在请求头写 Authorization: Bearer 令牌，令牌由管理员在后台建立。"),
    403: ("forbidden", "此令牌的角色不能做这件事；请换一个管理员的令牌。"),
    404: ("not_found", "没有这个地址；全部地址见 /api。"),
    405: ("wrong_method", "这个地址不能用这种方法请求；请对照 /api 上的说明。"),
    413: ("too_large", "请求太大；请缩短后再试。"),
    415: ("wrong_type", "请求的内容应为 JSON；请在请求头写 Content-Type: application/json。"),
}
_FAULTS: Final = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "太短，至少 {min_length} 个字",
    "too_long": "太多，最多 {max_length} 个",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "json_invalid": "不是 JSON",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
    "list_type": "应为 JSON 数组",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
}


def error_response(code: int, status: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The body {"error": {"status", "message"}} with an HTTP code."""
    return JSONResponse({"error": {"status": status, "message": message}}, status_code=code, headers=headers)


def http_error(code: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error that HTTP itself has a code for."""
    status, message = _WORDS.get(code, ("error", "没有成功；请稍后再试。"))
    return error_response(code, status, message, headers)


def own_error(error: WenzhengError) -> JSONResponse:
    """One of our own errors, whose message says what to do."""
    code, status = next(
        (_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), (503, "error_" + _prefix_of(error))
    )
    headers = {"retry-after": str(error.seconds)} if isinstance(error, BusyError) else None
    return error_response(code, status, str(error), headers)


def add_error_handlers(api: FastAPI) -> None:
    """Let `api` answer every error with this body."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, WenzhengError)  # noqa: S101
        return own_error(error)

    async def turned_away(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return http_error(error.status_code, error.headers)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        faults = "；".join(map(_fault, error.errors()[:5]))
        return error_response(422, "invalid", f"请求不合要求：{faults}。请对照 /api 上的说明改正。")

    async def failed(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
        return error_response(500, "error", "服务器出错，已记入日志；请稍后再试，或告诉管理员。")

    api.add_exception_handler(WenzhengError, ours)
    api.add_exception_handler(HTTPException, turned_away)
    api.add_exception_handler(RequestValidationError, malformed)
    api.add_exception_handler(Exception, failed)


def too_large(scope: Scope, message: Message) -> Response | None:
    """Our error for a body that is too large: FastAPI's own limit answers before its error handlers."""
    return http_error(413) if message["status"] == 413 else None


def _fault(found: Mapping[str, object]) -> str:
    """What is wrong with a field; its value is not repeated."""
    kind, place, context = str(found["type"]), found["loc"], found.get("ctx")
    assert isinstance(place, tuple)  # noqa: S101
    where = ".".join(str(part) for part in place[1:])[:100] or "内容"
    if kind == "json_invalid":
        where = "内容"
    limits = context if isinstance(context, dict) else {}
    return f"{where}：{_FAULTS.get(kind, '不对').format_map(_Limits(limits))}"


class _Limits(dict[str, object]):
    """Limits by their names; "…" for one that is missing."""

    def __missing__(self, name: str) -> str:
        return "…"


def _prefix_of(error: WenzhengError) -> str:
    """EncoderError is encoder, IndexBrokenError index."""
    for kind in type(error).__mro__:
        name = kind.__name__.removesuffix("Error").removesuffix("Broken")
        if kind.__base__ is WenzhengError:
            return name.lower()
    return "unknown"
