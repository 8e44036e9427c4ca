"""What goes wrong between us and a language model → our errors. Only this module knows the errors of openai and httpx.

Other providers' errors are known by what they share: a status code, or words.

Servers echo keys and speak at length, so of their words a line is kept, and in it no key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.errors import ModelBrokenError, ModelDownError, ModelError

# So much of a server's own words is shown.
_MOST_CHARACTERS = 200

NOT_THE_PROTOCOL = (
    "语言模型服务返回的不是 OpenAI 格式的流式回答（也可能是网关或登录页面）；"
    "请检查 WENZHENG_MODEL_URL 是否完整，一般以 /v1 结尾。"
)
_ADVICE = {
    400: "请检查 WENZHENG_MODEL_NAME，并看 WENZHENG_MODEL_CONTEXT 是否超过模型所能",
    401: "请检查 WENZHENG_MODEL_KEY",
    402: "请检查账户余额",
    403: "请检查 WENZHENG_MODEL_KEY 是否有权使用此模型",
    404: "请检查 WENZHENG_MODEL_URL（一般以 /v1 结尾）与 WENZHENG_MODEL_NAME",
    407: "请检查环境变量中代理的用户名与密码",
    413: "请把 WENZHENG_MODEL_CONTEXT 改小",
    429: "服务繁忙或额度用尽，请稍后再问，或检查账户额度",
}


def failure(error: BaseException, *, key: str | None, heard: bool, is_openai: bool = True) -> ModelError:
    """The error to raise for `error`; `heard`: whether a piece of the answer had come before it.

    `is_openai`: whether a server was asked that should speak the OpenAI protocol. The error is a new one that is chained to nothing: what the libraries raise may hold the key.
    """
    import openai

    if isinstance(error, ModelError):
        return type(error)(scrub(str(error), key))
    if _status_of(error) is not None:
        return ModelDownError(_refusal(error, key))
    if isinstance(error, openai.APITimeoutError):
        return ModelDownError("连接语言模型服务超时；请确认服务已启动，并检查 WENZHENG_MODEL_URL 与网络、代理。")
    if isinstance(error, openai.APIConnectionError):
        if heard:
            return ModelBrokenError("语言模型的回答中途断开；请再问一次，若屡次如此，请查看模型服务的日志。")
        return ModelDownError(
            f"连不上语言模型服务（{scrub(_innermost(error), key)}）；"
            "请确认服务已启动，并检查 WENZHENG_MODEL_URL 与网络、代理。"
        )
    if isinstance(error, openai.APIError):  # Told within the stream.
        return ModelDownError(
            f"语言模型服务报告错误（{scrub(error.message, key)}）；请稍后再问，或查看模型服务的日志。"
        )
    if heard:
        return ModelBrokenError("语言模型的回答中途出错，无法读懂；请再问一次，若屡次如此，请查看模型服务的日志。")
    if not is_openai:
        return ModelDownError(
            f"语言模型出错（{scrub(_innermost(error), key)}）；请检查 WENZHENG_MODEL_PROVIDER 等设置与网络、代理。"
        )
    # JSON that cannot be read, fields that are missing, a page instead of events, a reply that ends too early.
    return ModelBrokenError(NOT_THE_PROTOCOL)


def passing(error: BaseException) -> bool:
    """Whether it is worth asking once more: nobody there yet, too many at once, or an error of the server."""
    import openai

    status = _status_of(error)
    if status is not None:
        return status == 429 or status >= 500
    return isinstance(error, openai.APIConnectionError) and not isinstance(error, openai.APITimeoutError)


def seconds_to_wait(error: BaseException) -> float:
    """How long the server asks to be left alone; 0 where it does not say."""
    response = getattr(error, "response", None)
    asked = response.headers.get("retry-after", "") if response is not None else ""
    return float(asked) if re.fullmatch(r"\d{1,6}(\.\d+)?", asked) else 0.0


def scrub(text: str, key: str | None) -> str:
    """One line of `text`, not too long, without the key."""
    if key:
        text = text.replace(key, "***")
    text = " ".join(text.split())
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _status_of(error: BaseException) -> int | None:
    """The HTTP status that a server refused with, where the error has one."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _refusal(error: BaseException, key: str | None) -> str:
    status = _status_of(error) or 0
    advice = _ADVICE.get(status, "请查看模型服务的日志" if status >= 500 else "请检查 WENZHENG_MODEL_URL 等设置")
    words = scrub(_words(getattr(error, "body", None)), key)
    return f"语言模型服务拒绝了请求（{status}{f'：{words}' if words else ''}）；{advice}。"


def _words(body: object) -> str:
    """The message in a body of an error; pages of HTML say nothing to a reader."""
    if isinstance(body, dict):
        found = body.get("message") or body.get("error") or body.get("detail") or ""
        return _words(found) if isinstance(found, dict) else str(found)
    return "" if body is None or "<" in str(body) else str(body)


def _innermost(error: BaseException) -> str:
    """The words of the error that began it, as the system has them."""
    return [type(error).__name__, *(str(cause) for cause in _causes(error) if str(cause))][-1]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
