"""Middleware that sends another response in place of one that has just begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Replacement:
    """Sends the response that `instead` makes of a request and the start of its response; None keeps the response."""

    def __init__(self, app: ASGIApp, instead: Callable[[Scope, Message], Response | None]) -> None:
        self._app = app
        self._instead = instead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        is_replaced = False

        async def send_or_replace(message: Message) -> None:
            nonlocal is_replaced
            if scope["type"] == "http" and message["type"] == "http.response.start":
                response = self._instead(scope, message)
                if response is not None:
                    is_replaced = True
                    await response(scope, receive, send)
            if not is_replaced:
                await send(message)

        await self._app(scope, receive, send_or_replace)
