"""The server: the port it listens on, its address, and uvicorn, which only this module imports."""

from __future__ import annotations

import errno
import logging
import socket
from typing import TYPE_CHECKING

from kb.settings import Settings

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn
    from starlette.types import ASGIApp


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError or OverflowError: `why_not_listening` says what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def address_of(listening: socket.socket) -> str:
    """The address that a browser on this machine opens."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}"


def why_not_listening(error: Exception, host: str, port: int) -> str:
    """What a person does about an error of `listen`."""
    if isinstance(error, OverflowError):
        return f"端口 {port} 无效；请改为 1 至 65535 的整数。"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用；请先停止占用它的程序，或换一个端口：python app.py --port {port % 65535 + 1}"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}；请换一个 1024 以上的端口：python app.py --port 7860"
    return f"无法在 {host} 端口 {port} 提供网页（{error}）；请检查 --host 与 --port。"


def make_server(site: ASGIApp, settings: Settings) -> uvicorn.Server:
    """The server of `site`; what a proxy says of a visitor is believed of the trusted ones only."""
    import uvicorn

    class QuietlyEnding(uvicorn.Server):
        """Each open page keeps a connection, so that one is cut when the server ends is not worth an error message."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            super().handle_exit(sig, frame)

    return QuietlyEnding(
        uvicorn.Config(
            site,
            log_level="warning",
            timeout_graceful_shutdown=1,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
        )
    )
