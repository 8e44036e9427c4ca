"""Messages → pieces of an answer, in bounded time: the only door to langchain_openai and openai.

    ask → attempt (→ pause → attempt …) → pieces

All of it is a coroutine, for a coroutine can be ended anywhere: in a name look-up, in a handshake, between two bytes of
a server that never stops sending. A bound on single reads would be no bound on the whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from kb.errors import ModelBrokenError, ModelDownError, ModelSlowError
from kb.llm.client.child import Child
from kb.llm.client.failures import NOT_THE_PROTOCOL, passing, seconds_to_wait

# The same question gets the same answer, as far as the server keeps to it.
_TEMPERATURE = 0.0
_SEED = 20240701

# Seconds between attempts: a server that restarts, or a burst of askers, is over in some seconds or in none.
_PAUSES = (0.5, 2.0)

_CONNECT_SECONDS = 10.0

# openai 3 brings its own httpx, with a 2.
_TRANSPORT_LOGGERS = ("openai", "httpx", "httpx2", "httpcore", "httpcore2")

# Chinese is less than two characters a token, English four; a server that goes on after this does not heed max_tokens.
_CHARACTERS_PER_TOKEN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of the conversation that a model is given."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model is asked, and what for besides; `child` is our own process behind it, if it is one."""

    url: str
    name: str
    key: str | None = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    child: Child | None = None

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine, where no proxy may come between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds: to the first piece and between two pieces, and in all."""

    first_seconds: float
    seconds: float

    def within(self, seconds: float) -> Bounds:
        """These, and no longer than `seconds`."""
        return Bounds(first_seconds=min(self.first_seconds, seconds), seconds=min(self.seconds, seconds))


def load() -> None:
    """Import what takes two seconds to import, and keep it from logging headers, in which a server may echo the key."""
    import langchain_openai  # noqa: F401

    for name in _TRANSPORT_LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)


async def ask(
    endpoint: Endpoint,
    messages: Sequence[Message],
    *,
    max_tokens: int,
    bounds: Bounds,
    hear: Callable[[str], None],
) -> None:
    """Give the pieces of the answer to `hear` as they come.

    Raises ModelSlowError and ModelBrokenError, and what the libraries raise: `kb.llm.client.failures` knows it.
    """
    num_characters = 0

    def hear_one(piece: str) -> None:
        nonlocal num_characters
        num_characters += len(piece)
        if num_characters > max_tokens * _CHARACTERS_PER_TOKEN:
            raise ModelBrokenError(f"语言模型没有在 {max_tokens} 个 token 之内停下；请换一个模型或模型服务。")
        patience.reschedule(asyncio.get_running_loop().time() + bounds.first_seconds)
        hear(piece)

    try:
        async with asyncio.timeout(bounds.seconds), asyncio.timeout(bounds.first_seconds) as patience:
            for pause in (*_PAUSES, None):
                try:
                    return await _attempt(endpoint, messages, max_tokens, hear_one)
                except _api_error() as error:
                    ended = endpoint.child is not None and endpoint.child.ended()
                    if pause is None or num_characters or ended or not passing(error):
                        raise
                    pause = max(pause, seconds_to_wait(error))
                    if asyncio.get_running_loop().time() + pause > (patience.when() or 0):
                        raise
                await asyncio.sleep(pause)
    except TimeoutError:
        if not patience.expired():
            raise ModelSlowError(
                f"语言模型在 {bounds.seconds:g} 秒之内没有答完；请换一个更快的模型，或把 WENZHENG_MODEL_SECONDS 改大。"
            ) from None
        what = "停下不答" if num_characters else "没有开始回答"
        raise ModelSlowError(
            f"语言模型 {bounds.first_seconds:g} 秒{what}；请稍后再问、换一个更快的模型，"
            "或把 WENZHENG_MODEL_FIRST_SECONDS 改大。"
        ) from None


async def _attempt(
    endpoint: Endpoint, messages: Sequence[Message], max_tokens: int, hear: Callable[[str], None]
) -> None:
    from langchain_core.messages import AIMessageChunk
    from langchain_openai import ChatOpenAI

    async def key() -> str:  # Asked for so, it is in no repr, and no second client is made that nobody uses.
        return endpoint.key or "none"

    reason = None
    async with _http_client(endpoint) as http_client:  # It is closed whatever happens, and with it the request.
        chat = ChatOpenAI(
            base_url=endpoint.url,
            model=endpoint.name,
            api_key=key,
            http_async_client=http_client,
            http_socket_options=(),
            openai_proxy="",
            max_retries=0,
            stream_chunk_timeout=None,
            stream_usage=False,
            use_responses_api=False,
            temperature=_TEMPERATURE,
            seed=_SEED,
            # By its old name, which all servers know; the class itself sends the new one.
            extra_body={"max_tokens": max_tokens, **endpoint.options},
        )
        stream = chat.astream([(message.role, message.text) for message in messages])
        async with contextlib.aclosing(cast("AsyncGenerator[AIMessageChunk]", stream)) as answer:
            silent = True
            async for chunk in answer:
                reason = chunk.response_metadata.get("finish_reason") or reason
                if piece := str(chunk.text):
                    silent = False
                    hear(piece)
    _check_end(reason, max_tokens, silent=silent)


def _check_end(reason: str | None, max_tokens: int, *, silent: bool) -> None:
    if reason == "content_filter":
        raise ModelBrokenError("语言模型的回答被服务方的内容审查拦下；请换一种问法，或换一个模型。")
    if reason == "length" and silent:
        raise ModelBrokenError(
            f"语言模型用完了 {max_tokens} 个 token，只思考而没有回答；"
            "请用 WENZHENG_MODEL_OPTIONS 关闭思考（见 docs/models.md），或换一个不思考的模型。"
        )
    if reason == "length":
        raise ModelBrokenError(f"语言模型的回答到 {max_tokens} 个 token 被截断；请把问题问得更窄些。")
    if reason is None and silent:
        raise ModelBrokenError(NOT_THE_PROTOCOL)
    if reason is None:
        raise ModelBrokenError("语言模型的回答没有说完就断了；请再问一次，若屡次如此，请查看模型服务的日志。")
    if silent:
        raise ModelBrokenError("语言模型给出了空的回答；请再问一次，或换一个模型。")


def _http_client(endpoint: Endpoint) -> contextlib.AbstractAsyncContextManager[object]:
    """A client for one request: 40 ms, and nothing is shared between two askers."""
    import openai

    timeout = openai.Timeout(None, connect=_CONNECT_SECONDS)
    try:
        return openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not endpoint.loopback)
    except (ImportError, ValueError):  # The proxy's address may hold a password, so it is not said.
        raise ModelDownError(
            "环境变量（ALL_PROXY、HTTPS_PROXY 等）中的代理无法使用；请改为 http:// 开头的代理，"
            "或用 NO_PROXY 绕过它。SOCKS 代理须另装：pip install socksio"
        ) from None


def _api_error() -> type[Exception]:
    import openai

    return openai.APIError
