"""The front door: how it starts, what it refuses, how it ends."""

from __future__ import annotations

import http.client
import signal
import socket
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.front_door import address_of, front_door

pytestmark = pytest.mark.slow


def test_unknown_setting_is_refused(tmp_path: Path) -> None:
    """A setting that is none ends with 2 and names the one that was meant."""
    with front_door("--data", str(tmp_path), WENZHENG_PROT="1") as process:
        _, errors = process.communicate(timeout=60)
    assert 2 == process.returncode
    assert "WENZHENG_PORT" in errors


def test_port_in_use_is_said(tmp_path: Path) -> None:
    """A port that another program uses ends with 1, and what to do is said."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with front_door("--data", str(tmp_path), "--port", str(port)) as process:
            _, errors = process.communicate(timeout=60)
    assert 1 == process.returncode
    assert f"端口 {port} 已被占用" in errors


def test_empty_index_says_what_to_type(tmp_path: Path) -> None:
    """Where nothing is held the start says how to ingest, and the page is served all the same."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        address = address_of(process)
        assert process.stdout is not None
        assert "python -m ingest" in process.stdout.readline()
        with urllib.request.urlopen(address, timeout=30) as page:
            assert 200 == page.status
        process.terminate()


def test_interrupt_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C ends with 0 and without an error, though a page is open."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        heartbeat = f"{address_of(process)}/gradio_api/heartbeat/open"
        with urllib.request.urlopen(heartbeat, timeout=30):
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    assert 0 == process.returncode
    assert "" == errors


def test_interrupt_while_starting_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C ends with 0 and without an error, though the pages are not there yet."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        address_of(process, stands=False)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert 0 == process.returncode
    assert "" == errors


def test_what_keeps_it_from_starting_is_said(tmp_path: Path) -> None:
    """A file that is broken is met after the first page is served: the process ends with 1 all the same, and says why."""
    (tmp_path / "accounts.sqlite3").write_text("no database" * 100, encoding="utf-8")
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        _, errors = process.communicate(timeout=60)
    assert 1 == process.returncode
    assert errors.startswith("错误：")
    assert "accounts.sqlite3" in errors
    assert "Traceback" not in errors


def test_no_files_are_taken(address: str) -> None:
    """The page takes files from nobody."""
    request = urllib.request.Request(f"{address}/gradio_api/upload", data=b"x", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    with refused.value as response:
        assert 403 == response.code


def test_page_loads_from_its_own_host_only(address: str) -> None:
    """The policy that the page is sent with names no other host."""
    with urllib.request.urlopen(address, timeout=30) as page:
        policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


@pytest.mark.parametrize(
    "fields", [{"format": "html", "conversation": "{}"}, {"format": "md", "conversation": "{}"}, {}]
)
def test_what_cannot_be_exported_is_refused(address: str, fields: dict[str, str]) -> None:
    """A format that is none, and a conversation that is none, make no file."""
    body = urllib.parse.urlencode(fields).encode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}/export", data=body, timeout=30)
    with refused.value as response:
        assert 400 == response.code


@pytest.mark.parametrize("length", ["2000000", "-1", "²"])
def test_what_is_too_long_is_not_read(address: str, length: str) -> None:
    """A form that says to be longer than any conversation, or does not say how long it is, is refused unread."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    with closing(connection):
        connection.putrequest("POST", "/export")
        connection.putheader("Content-Length", length.encode())
        connection.endheaders()
        assert connection.getresponse().status in (400, 413)
