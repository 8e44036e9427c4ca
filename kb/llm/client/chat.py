"""Messages → pieces of an answer, in bounded time. Only this module imports LangChain's chat models.

    ask → attempt (→ pause → attempt …) → pieces

Which class answers is the business of `init_chat_model`: a server that speaks the OpenAI protocol by default, or another
provider whose package is installed. A chat model that somebody made is asked as it is.

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
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from kb.errors import ModelBrokenError, ModelDownError, ModelSlowError
from kb.llm.client.child import Child
from kb.llm.client.failures import NOT_THE_PROTOCOL, passing, scrub, seconds_to_wait
from kb.settings import OPENAI

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, MessageLikeRepresentation

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


# Why an answer ended, in the words of the OpenAI protocol, where a provider has others.
_REASONS = {"max_tokens": "length", "MAX_TOKENS": "length", "refusal": "content_filter", "SAFETY": "content_filter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model is asked, and what for besides; `child` is our own process behind it, if it is one."""

    url: str | None  # None: where the provider's package asks by itself
    name: str
    key: str | None = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    provider: str = OPENAI  # as `init_chat_model` names it
    chat_model: BaseChatModel | None = field(default=None, repr=False)  # one that is made already, in place of all this
    child: Child | None = None

    @property
    def is_openai(self) -> bool:
        """Whether it is a server that speaks the OpenAI protocol, whose ways are known here."""
        return self.chat_model is None and self.provider == OPENAI

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine, where no proxy may come between."""
        host = urlsplit(self.url or "").hostname or ""
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


def load(endpoint: Endpoint | None = None) -> None:
    """Import what takes seconds to import, and keep it from logging headers, in which a server may echo the key."""
    if endpoint is None or endpoint.is_openai:
        import langchain.chat_models  # noqa: F401
        import langchain_openai  # noqa: F401

    for name in _TRANSPORT_LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)


async def ask(
    endpoint: Endpoint,
    messages: Sequence[MessageLikeRepresentation],
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
                except Exception as error:
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
    endpoint: Endpoint,
    messages: Sequence[MessageLikeRepresentation],
    max_tokens: int,
    hear: Callable[[str], None],
) -> None:
    reason = None
    async with _chat_model(endpoint, max_tokens) as chat:
        stream = chat.astream(messages)
        async with contextlib.aclosing(cast("AsyncGenerator[AIMessageChunk]", stream)) as answer:
            silent = True
            async for chunk in answer:
                reason = _reason_of(chunk) or reason
                if piece := str(chunk.text):
                    silent = False
                    hear(piece)
    # Only of the OpenAI protocol is it known that every whole answer says why it ended.
    _check_end(reason if endpoint.is_openai else reason or "stop", max_tokens, silent=silent)


@contextlib.asynccontextmanager
async def _chat_model(endpoint: Endpoint, max_tokens: int) -> AsyncGenerator[BaseChatModel]:
    """The chat model of one request; with it ends the connection, whatever happens.

    Raises ModelDownError where the provider's package is not there or does not take the settings.
    """
    if endpoint.chat_model is not None:
        yield endpoint.chat_model
    elif endpoint.is_openai:
        async with _http_client(endpoint) as http_client:
            yield _openai(endpoint, max_tokens, http_client)
    else:
        yield _of_provider(endpoint, max_tokens)


def _openai(endpoint: Endpoint, max_tokens: int, http_client: object) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    async def key() -> str:  # Asked for so, it is in no repr, and no second client is made that nobody uses.
        return endpoint.key or "none"

    return init_chat_model(
        endpoint.name,
        model_provider=OPENAI,
        base_url=endpoint.url,
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


def _of_provider(endpoint: Endpoint, max_tokens: int) -> BaseChatModel:
    """The chat model of another provider, by the parameters that all packages share, and the options that are set."""
    from langchain.chat_models import init_chat_model

    place = {"base_url": endpoint.url, "api_key": endpoint.key}
    parameters: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    parameters |= {"temperature": _TEMPERATURE, "max_tokens": max_tokens, **endpoint.options}
    try:
        chat: BaseChatModel = init_chat_model(endpoint.name, model_provider=endpoint.provider, **parameters)
    except ImportError as error:
        package = (error.name or f"langchain_{endpoint.provider}").partition(".")[0].replace("_", "-")
        raise ModelDownError(
            f"语言模型的提供方 {endpoint.provider} 须先安装：pip install {package}，再重新启动问政。"
        ) from None
    except (ValueError, TypeError) as error:  # An unknown provider, a key that is missing, an option that is none.
        raise ModelDownError(
            f"提供方 {endpoint.provider} 不接受这些设置；请检查 WENZHENG_MODEL_PROVIDER、WENZHENG_MODEL_NAME、"
            f"WENZHENG_MODEL_KEY 与 WENZHENG_MODEL_OPTIONS（{scrub(str(error), endpoint.key)}）。"
        ) from None
    return chat


def _reason_of(chunk: AIMessageChunk) -> str | None:
    """Why the answer ended, where this piece says so, in the words of the OpenAI protocol."""
    metadata = chunk.response_metadata
    reason = next(filter(None, map(metadata.get, ("finish_reason", "stop_reason", "done_reason"))), None)
    return _REASONS.get(reason, reason) if reason else None


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
