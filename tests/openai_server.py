"""A real HTTP server that speaks the OpenAI chat protocol, with scripted replies.

with OpenAIServer(lambda messages, stream: say("全区", "17次。")) as server:
    …ask server.url…
    server.requests[0].messages

A reply is a status, a content type and steps: bytes are sent, a number is waited for, CUT breaks the connection. Run as
a program it serves as a child of `kb.llm.client.child` does: `python tests/openai_server.py SCRIPT`.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

CUT = object()
"""A step that breaks the connection off, as a crash does."""

EVENTS = "text/event-stream; charset=utf-8"
JSON = "application/json"

Messages = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered, step by step."""

    steps: Iterable[object]
    status: int = 200
    content_type: str = EVENTS
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Request:
    """What was asked; `left` is set when the asker went away before the reply was sent."""

    messages: Messages
    body: dict[str, Any]
    headers: dict[str, str]
    left: threading.Event = field(default_factory=threading.Event)


Replies = Callable[[Messages, bool], Reply]


class OpenAIServer:
    """Answers on a free port of this machine as `replies` says, until the block ends."""

    def __init__(self, replies: Replies, *, key: str | None = None) -> None:
        """`replies`: (messages, whether a stream is asked for) → the reply, and may be changed; `key`: without it, 401."""
        self.requests: list[Request] = []
        self.connections: list[socket.socket] = []
        self.replies = replies
        self._key = key
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def reply(self, request: Request) -> Reply:
        """The reply to a request, which is recorded."""
        self.requests.append(request)
        if self._key is not None and request.headers.get("authorization") != f"Bearer {self._key}":
            return error(401, "Invalid API Key")
        return self.replies(request.messages, bool(request.body.get("stream")))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def say(
    *pieces: str, first: float = 0, between: float = 0, end: str | None = "stop", stream: bool = True, done: bool = True
) -> Reply:
    """An answer in pieces: seconds before the first, between two, and the reason of its end (None: none is given)."""
    if not stream:
        message = {"role": "assistant", "content": "".join(pieces)}
        choice = {"index": 0, "message": message, "finish_reason": end}
        whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        return Reply(steps=[first, _json(whole)], content_type=JSON)
    steps: list[object] = [event({"role": "assistant", "content": ""}), first]
    for piece in pieces:
        steps += [event({"content": piece}), between]
    steps += [event({}, end)] if end else []
    return Reply(steps=[*steps, b"data: [DONE]\n\n"] if done else steps)


def endless(piece: str = "又", between: float = 0) -> Reply:
    """An answer that never ends."""
    return Reply(steps=itertools.chain.from_iterable(itertools.repeat([event({"content": piece}), between])))


def error(status: int, message: str, **headers: str) -> Reply:
    """An error as OpenAI tells it."""
    body = {"error": {"message": message, "type": "error", "code": None, "param": None}}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(steps=[_json(body)], status=status, content_type=JSON, headers=headers)


def event(delta: Mapping[str, str], end: str | None = None) -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": end}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + _json(chunk) + b"\n\n"


def one_by_one(replies: Sequence[Reply]) -> Replies:
    """The first request gets the first reply, and so on; the last reply is for all that come later."""
    left = iter(replies[:-1])
    return lambda messages, stream: next(left, replies[-1])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: OpenAIServer) -> None:
        super().__init__(address, _Handler)
        self.owner = owner

    def handle_error(self, *_: object) -> None:
        """An asker that goes away is no error to tell of."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(messages=body["messages"], body=body, headers=headers)
        if not self.path.endswith("/chat/completions"):
            reply = error(404, f"no such path: {self.path}")
        else:
            reply = self.server.owner.reply(request)
        self.close_connection = True
        try:
            self._send(reply)
        except OSError:
            request.left.set()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for step in reply.steps:
            if step is CUT:
                # Closed with something unsent and no linger: the other side sees a reset, as after a crash.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                raise ConnectionAbortedError
            if isinstance(step, bytes):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(step), step))
            else:
                self._wait(float(str(step)))
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        """Wait, but not for an asker that has gone."""
        self.connection.settimeout(max(seconds, 0.001))
        try:
            if seconds and self.connection.recv(1) == b"":
                raise ConnectionAbortedError
        except TimeoutError:
            pass
        finally:
            self.connection.settimeout(None)

    def log_message(self, *_: object) -> None:
        """Tests have their own words."""


SCRIPTS: dict[str, Replies] = {
    "echo": lambda messages, stream: say(*messages[-1]["content"], stream=stream),
    "endless": lambda messages, stream: endless(between=0.1),
    "dumb": lambda messages, stream: Reply(steps=[1000.0]),
}


def _serve_as_child(script: str) -> Iterator[str]:
    """Read the order, serve by it, and end with our standard input."""
    if script == "crash":
        sys.exit("the memory is full")
    if script == "slow":
        time.sleep(1.5)
        script = "echo"
    order = json.loads(sys.stdin.readline())
    with OpenAIServer(SCRIPTS[script], key=order["key"]) as server:
        yield f"READY {server.url}"
        sys.stdin.read()
        os._exit(0)


if __name__ == "__main__":
    for line in _serve_as_child(sys.argv[1]):
        print(line, flush=True)
