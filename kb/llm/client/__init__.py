"""A language model behind one interface: messages → pieces of text in bounded time, or an error that says what to do.

    settings → open_model → Model → stream → pieces
                              ├── an endpoint that speaks the OpenAI chat protocol, or another provider's
                              └── a GGUF file, served by a process of our own (kb.llm.client.local)
    a LangChain chat model → model_of → Model

None is needed: without one, `open_model` returns None.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import threading
from collections.abc import Generator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kb.errors import ModelDownError
from kb.llm.client.chat import Bounds, Endpoint, ask, load
from kb.llm.client.child import resident_bytes
from kb.llm.client.failures import failure
from kb.llm.client.local import Local, death
from kb.settings import OPENAI, Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import MessageLikeRepresentation

__all__ = ["Model", "model_of", "open_model"]

# A file on a slow disk that is as large as the memory takes minutes.
_SECONDS_TO_WARM_UP = 600.0
# A generator can be closed only where it yields: while nothing comes it yields an empty piece so often.
_SECONDS_BETWEEN = 0.5

_CLOSED = "语言模型已关闭；请重新启动问政。"


def open_model(settings: Settings) -> Model | None:
    """The model that is set, or None; nothing is loaded or asked yet."""
    bounds = _bounds(settings)
    context = settings.model_context
    if settings.model_file is not None:
        name = settings.model_name or settings.model_file.stem
        return Model(Local(settings.model_file, name=name, context=context), name=name, context=context, bounds=bounds)
    if settings.model_name is None or (settings.model_url is None and settings.model_provider == OPENAI):
        return None
    endpoint = Endpoint(
        url=settings.model_url,
        name=settings.model_name,
        key=settings.model_key,
        options=settings.model_options,
        provider=settings.model_provider,
    )
    return Model(endpoint, name=settings.model_name, context=context, bounds=bounds)


def model_of(chat_model: BaseChatModel, settings: Settings) -> Model:
    """A chat model that somebody made, with their own parameters; context and bounds are those of the settings."""
    name = str(getattr(chat_model, "model_name", "") or getattr(chat_model, "model", "") or type(chat_model).__name__)
    endpoint = Endpoint(url=None, name=name, key=None, chat_model=chat_model)
    return Model(endpoint, name=name, context=settings.model_context, bounds=_bounds(settings))


def _bounds(settings: Settings) -> Bounds:
    return Bounds(first_seconds=settings.model_first_seconds, seconds=settings.model_seconds)


class Model:
    """A language model, for several threads at once: each answer has a request of its own."""

    def __init__(self, place: Endpoint | Local, *, name: str, context: int, bounds: Bounds) -> None:
        """`context`: how many tokens a prompt and its answer may have together."""
        self.name = name
        self.context = context
        self._place = place
        self._bounds = bounds
        self._lock = threading.Lock()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model", daemon=True)
        self._thread.start()

    def warm_up(self) -> None:
        """Load what the first question would wait for: libraries, and the model itself where it is our own.

        Raises ModelError.
        """
        self._load()
        self._endpoint(_SECONDS_TO_WARM_UP)

    @property
    def seconds(self) -> float:
        """How long an answer may take in all."""
        return self._bounds.seconds

    def stream(
        self, messages: Sequence[MessageLikeRepresentation], *, max_tokens: int, seconds: float | None = None
    ) -> Generator[str, None, None]:
        """The answer to `messages`, as LangChain has them, piece by piece as it comes; closing it ends the request.

        `seconds` bounds it more tightly than the settings do, where they are fewer. While nothing comes a piece is empty
        twice a second, so that one who waits can close. What had come when an error is raised is no whole answer.

        Raises ModelDownError, ModelSlowError, ModelBrokenError.
        """
        self._load()
        bounds = self._bounds if seconds is None else self._bounds.within(seconds)
        endpoint = yield from self._awaited(bounds.first_seconds)
        pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        request = self._start(endpoint, messages, max_tokens, bounds, pieces)
        heard = False
        try:
            while (piece := _next(pieces)) is not None:
                heard = heard or bool(piece)
                yield piece
        finally:
            request.cancel()
        if request.cancelled():
            raise ModelDownError(_CLOSED)
        if request.exception() is None:
            return
        # Raised out here, and not where it came from, it brings along nothing that a library said.
        raise death(endpoint.child) or _failure(request, endpoint, heard=heard)

    @property
    def runs(self) -> bool | None:
        """Whether the process that serves a file runs; None where a server of others is asked, which is not known so."""
        return self._place.runs if isinstance(self._place, Local) else None

    @property
    def pid(self) -> int | None:
        """The number of the process that serves a file, where one runs."""
        return self._place.pid if isinstance(self._place, Local) else None

    @property
    def memory_mib(self) -> int | None:
        """Resident memory of the process that serves a file; None where there is none, or the system does not say."""
        resident = None if self.pid is None else resident_bytes(self.pid)
        return None if resident is None else resident // 2**20

    def close(self) -> None:
        """End all requests and the process that serves, if it is ours; may be called twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        if isinstance(self._place, Local):
            self._place.close()
        asyncio.run_coroutine_threadsafe(_end_requests(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _load(self) -> None:
        load(self._place if isinstance(self._place, Endpoint) else None)

    def _endpoint(self, seconds: float) -> Endpoint:
        return self._place.endpoint(seconds) if isinstance(self._place, Local) else self._place

    def _awaited(self, seconds: float) -> Generator[str, None, Endpoint]:
        """Where the model is asked; an empty piece now and then until it is loaded."""
        if not isinstance(self._place, Local):
            return self._place
        return (yield from self._place.loading(seconds, between=_SECONDS_BETWEEN))

    def _start(
        self,
        endpoint: Endpoint,
        messages: Sequence[MessageLikeRepresentation],
        max_tokens: int,
        bounds: Bounds,
        pieces: queue.SimpleQueue[str | None],
    ) -> concurrent.futures.Future[None]:
        with self._lock:  # What is asked after closing began would never be heard.
            if self._closed:
                raise ModelDownError(_CLOSED)
            asking = ask(endpoint, messages, max_tokens=max_tokens, bounds=bounds, hear=pieces.put)
            request = asyncio.run_coroutine_threadsafe(asking, self._loop)
        request.add_done_callback(lambda _: pieces.put(None))
        return request


def _next(pieces: queue.SimpleQueue[str | None]) -> str | None:
    """The next piece, an empty one where none comes for a while, or None where all have come."""
    try:
        return pieces.get(timeout=_SECONDS_BETWEEN)
    except queue.Empty:
        return ""


def _failure(request: concurrent.futures.Future[None], endpoint: Endpoint, *, heard: bool) -> Exception:
    error = request.exception()
    assert error is not None  # noqa: S101
    return failure(error, key=endpoint.key, heard=heard, is_openai=endpoint.is_openai)


async def _end_requests() -> None:
    requests = asyncio.all_tasks() - {asyncio.current_task()}
    for request in requests:
        request.cancel()
    await asyncio.gather(*requests, return_exceptions=True)
